#include "services/engine/rebuild.h"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/admission/admission.h"
#include "core/base/status_macros.h"
#include "core/report/report_view.h"
#include "daybook/v1/entry.pb.h"
#include "services/engine/entry_codec.h"
#include "services/engine/lineage_writer.h"

namespace daybook::services {
namespace {

using storage::SideWrite;
using storage::Space;

// Key in Space::kFact: the projection version, written when all else is.
constexpr char version_key[] = "projection_version";

// All facts but the first key there is, "answered_time", which no entry tells.
constexpr char first_fact[] = "b";
constexpr char behind_facts[] = "\x7f";

// Behind all keys that are UTF-8.
constexpr char behind_keys[] = "\xff";

constexpr size_t chunk_entries = 1'024;

std::string Version() { return absl::StrCat(projection_version); }

// Decides a run of entries over what was rebuilt before them.
class Run {
 public:
  Run(storage::EventLog& log, LineageWriter& lineage)
      : log_(log), lineage_(lineage) {}

  bool full() const { return entries_.size() == chunk_entries; }

  void Add(v1::Entry entry) { entries_.push_back(std::move(entry)); }

  // Writes what the entries added make, and begins anew.
  absl::Status Write() {
    for (const v1::Entry& entry : entries_) {
      if (!entry.has_genesis()) RETURN_IF_ERROR(Decide(entry));
    }
    std::vector<SideWrite> writes;
    for (const auto& [key, value] : facts_) {
      writes.push_back({Space::kFact, key, value});
    }
    for (const auto& [key, position] : identities_) {
      writes.push_back({Space::kIdentity, key, PositionBytes(position)});
    }
    RETURN_IF_ERROR(lineage_.Write(postings_, writes));
    RETURN_IF_ERROR(log_.WriteSide(writes));
    entries_.clear();
    facts_.clear();
    identities_.clear();
    postings_.clear();
    return absl::OkStatus();
  }

 private:
  absl::Status Decide(const v1::Entry& entry) {
    Needed needed = Needs(entry.event(), entry.source());
    Facts facts;
    ASSIGN_OR_RETURN(facts.target, FindNamed(needed.target));
    ASSIGN_OR_RETURN(facts.replaced, FindNamed(needed.replaced));
    for (const auto& named : {facts.target, facts.replaced}) {
      if (!named.has_value()) continue;
      for (std::string& key : TargetKeys(*named)) {
        needed.fact_keys.push_back(std::move(key));
      }
    }
    RETURN_IF_ERROR(Fetch(needed.fact_keys, facts));
    ASSIGN_OR_RETURN(Decision decision, ::daybook::Decide(entry, facts));
    if (!decision.problems.empty()) {
      return absl::DataLossError(absl::StrCat(
          "the entry at position ", entry.position(),
          " can not have been recorded: ", decision.problems[0].field(), ": ",
          decision.problems[0].message(),
          "; restore the log from a backup or a mirror"));
    }
    for (FactUpdate& update : decision.updates) {
      facts_[std::move(update.key)] = std::move(update.value);
    }
    identities_.emplace(IdentityKey(entry.source(), entry.event().event_id()),
                        Position(entry.position()));
    postings_.push_back({entry.event().subject(), *std::move(decision.posting),
                         std::move(decision.buckets)});
    return absl::OkStatus();
  }

  absl::StatusOr<std::optional<v1::Entry>> FindNamed(
      const std::optional<v1::EventIdentity>& named) const {
    if (!named.has_value()) return std::optional<v1::Entry>();
    ASSIGN_OR_RETURN(
        const std::optional<Position> found,
        FindIdentity(IdentityKey(named->source(), named->event_id())));
    if (!found.has_value()) return std::optional<v1::Entry>();
    const Position position = *found;
    ASSIGN_OR_RETURN(const std::string bytes, log_.Read(position));
    ASSIGN_OR_RETURN(v1::Entry entry, ParseEntry(position, bytes));
    return std::optional<v1::Entry>(std::move(entry));
  }

  absl::StatusOr<std::optional<Position>> FindIdentity(
      const std::string& key) const {
    const auto pending = identities_.find(key);
    if (pending != identities_.end()) {
      return std::optional<Position>(pending->second);
    }
    ASSIGN_OR_RETURN(const auto stored, log_.ReadSide(Space::kIdentity, {key}));
    if (!stored[0]) return std::optional<Position>();
    ASSIGN_OR_RETURN(const Position position, ParsePosition(*stored[0]));
    return std::optional<Position>(position);
  }

  absl::Status Fetch(const std::vector<std::string>& keys, Facts& facts) const {
    std::vector<std::string> stored;
    for (const std::string& key : keys) {
      const auto pending = facts_.find(key);
      if (pending != facts_.end()) {
        facts.values.emplace(key, pending->second);
      } else {
        stored.push_back(key);
      }
    }
    ASSIGN_OR_RETURN(auto values, log_.ReadSide(Space::kFact, stored));
    for (size_t i = 0; i < stored.size(); ++i) {
      if (values[i]) facts.values.emplace(stored[i], *std::move(values[i]));
    }
    return absl::OkStatus();
  }

  storage::EventLog& log_;
  LineageWriter& lineage_;
  std::vector<v1::Entry> entries_;
  std::map<std::string, std::string> facts_;
  std::map<std::string, Position> identities_;
  std::vector<PlacedPosting> postings_;
};

}  // namespace

absl::StatusOr<bool> IsCurrent(const storage::EventLog& log) {
  ASSIGN_OR_RETURN(const auto values,
                   log.ReadSide(Space::kFact, {version_key}));
  return values[0] == Version();
}

absl::Status Rebuild(storage::EventLog& log) {
  // Nothing is deleted before every entry was read.
  RETURN_IF_ERROR(log.Scan(Position(0), NextPosition(log.size()),
                           [](Position position, absl::string_view bytes) {
                             return ParseEntry(position, bytes).status();
                           }));
  // The version goes with the facts, so that from here on nothing is current.
  RETURN_IF_ERROR(log.ClearSide(Space::kFact, first_fact, behind_facts));
  RETURN_IF_ERROR(log.ClearSide(Space::kLineage, "", behind_keys));
  RETURN_IF_ERROR(log.ClearSide(Space::kIdentity, "", behind_keys));
  LineageWriter lineage(log);
  Run run(log, lineage);
  RETURN_IF_ERROR(
      log.Scan(Position(0), NextPosition(log.size()),
               [&](Position position, absl::string_view bytes) -> absl::Status {
                 ASSIGN_OR_RETURN(v1::Entry entry, ParseEntry(position, bytes));
                 run.Add(std::move(entry));
                 return run.full() ? run.Write() : absl::OkStatus();
               }));
  RETURN_IF_ERROR(run.Write());
  return log.WriteSide({{Space::kFact, version_key, Version()}});
}

}  // namespace daybook::services
