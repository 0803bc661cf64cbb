#include "services/engine/entry_replay.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "services/engine/entry_codec.h"

namespace daybook::services {

using storage::SideWrite;
using storage::Space;

namespace {

// A chunk is stored whole.
constexpr PendingLineageLimits nothing_waits = {.rows_max = 0, .bytes_max = 0};

}  // namespace

EntryReplay::EntryReplay(storage::EventLog& log, const Identities& identities,
                         ReplayTarget target, size_t chunk_entries)
    : log_(log),
      identities_(identities),
      facts_space_(target == ReplayTarget::kServing ? Space::kFact
                                                    : Space::kNextFact),
      chunk_entries_(chunk_entries),
      lineage_(log,
               target == ReplayTarget::kServing ? Space::kLineage
                                                : Space::kNextLineage,
               nothing_waits) {}

absl::Status EntryReplay::To(LogSize limit,
                             absl::FunctionRef<absl::Status()> between) {
  if (limit <= size_) return absl::OkStatus();
  const absl::Status scanned = log_.Scan(
      NextPosition(size_), NextPosition(limit),
      [&](Position position, absl::string_view bytes) -> absl::Status {
        ASSIGN_OR_RETURN(v1::Entry entry, ParseEntry(position, bytes));
        entries_.push_back(std::move(entry));
        if (entries_.size() < chunk_entries_) return absl::OkStatus();
        RETURN_IF_ERROR(WriteChunk());
        return between();
      });
  if (!scanned.ok() || entries_.empty()) return scanned;
  RETURN_IF_ERROR(WriteChunk());
  return between();
}

absl::Status EntryReplay::WriteChunk() {
  for (const v1::Entry& entry : entries_) {
    if (!entry.has_genesis()) RETURN_IF_ERROR(Apply(entry));
  }
  std::vector<SideWrite> writes;
  for (const auto& [key, fact] : facts_) {
    writes.push_back({facts_space_, key, FactBytes(fact)});
  }
  RETURN_IF_ERROR(lineage_.Add(postings_, writes));
  RETURN_IF_ERROR(log_.WriteSide(writes));
  lineage_.Written();
  size_ = LogSize(size_.value() + entries_.size());
  entries_.clear();
  facts_.clear();
  postings_.clear();
  return absl::OkStatus();
}

absl::Status EntryReplay::Apply(const v1::Entry& entry) {
  const Position position(entry.position());
  Needed needed = Needs(entry.event(), entry.source());
  ASSIGN_OR_RETURN(const std::optional<v1::Entry> target,
                   FindNamed(needed.target, position));
  ASSIGN_OR_RETURN(const std::optional<v1::Entry> replaced,
                   FindNamed(needed.replaced, position));
  std::vector<std::string> keys;
  const auto note = [&](const std::string& key) { keys.push_back(key); };
  needed.VisitKeys(note);
  needed.VisitVouchedKeys(note);
  for (const auto& named : {target, replaced}) {
    if (!named.has_value()) continue;
    for (std::string& key : TargetKeys(*named)) keys.push_back(std::move(key));
  }
  ASSIGN_OR_RETURN(const auto found, Fetch(keys));
  Facts facts;
  for (const auto& [key, fact] : found) facts.Put(key, &fact);
  facts.target = target.has_value() ? &*target : nullptr;
  facts.replaced = replaced.has_value() ? &*replaced : nullptr;
  ASSIGN_OR_RETURN(Decision decision, Derive(entry, needed, facts));
  facts_[std::move(needed.subject_key)] = std::move(decision.subject);
  for (FactUpdate& update : decision.updates) {
    facts_[std::move(update.key)] = std::move(update.value);
  }
  postings_.push_back({entry.event().subject(), *std::move(decision.posting),
                       std::move(decision.buckets)});
  return absl::OkStatus();
}

absl::StatusOr<std::optional<v1::Entry>> EntryReplay::FindNamed(
    const std::optional<v1::EventIdentity>& named, Position limit) const {
  if (!named.has_value()) return std::optional<v1::Entry>();
  ASSIGN_OR_RETURN(std::optional<v1::Entry> found,
                   identities_.Find(named->source(), named->event_id()));
  // Identities are there of entries that are still to come.
  if (found.has_value() && Position(found->position()) >= limit) found.reset();
  return found;
}

absl::StatusOr<std::map<std::string, Fact>> EntryReplay::Fetch(
    const std::vector<std::string>& keys) const {
  std::map<std::string, Fact> facts;
  std::vector<std::string> stored;
  for (const std::string& key : keys) {
    const auto pending = facts_.find(key);
    if (pending != facts_.end()) {
      facts.emplace(key, pending->second);
    } else {
      stored.push_back(key);
    }
  }
  ASSIGN_OR_RETURN(auto values, log_.ReadSide(facts_space_, stored));
  for (size_t i = 0; i < stored.size(); ++i) {
    if (!values[i]) continue;
    ASSIGN_OR_RETURN(Fact fact, ParseFact(stored[i], *values[i]));
    facts.emplace(stored[i], std::move(fact));
  }
  return facts;
}

}  // namespace daybook::services
