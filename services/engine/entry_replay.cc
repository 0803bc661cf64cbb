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

EntryReplay::EntryReplay(storage::EventLog& log, ReplayTarget target,
                         size_t chunk_entries)
    : log_(log),
      target_(target),
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
  for (const auto& [key, value] : facts_) {
    writes.push_back({facts_space_, key, value});
  }
  for (const auto& [key, position] : identities_) {
    writes.push_back({Space::kIdentity, key, PositionBytes(position)});
  }
  RETURN_IF_ERROR(lineage_.Add(postings_, writes));
  RETURN_IF_ERROR(log_.WriteSide(writes));
  lineage_.Written();
  size_ = LogSize(size_.value() + entries_.size());
  entries_.clear();
  facts_.clear();
  identities_.clear();
  postings_.clear();
  return absl::OkStatus();
}

absl::Status EntryReplay::Apply(const v1::Entry& entry) {
  const Position position(entry.position());
  Needed needed = Needs(entry.event(), entry.source());
  Facts facts;
  ASSIGN_OR_RETURN(facts.target, FindNamed(needed.target, position));
  ASSIGN_OR_RETURN(facts.replaced, FindNamed(needed.replaced, position));
  for (const auto& named : {facts.target, facts.replaced}) {
    if (!named.has_value()) continue;
    for (std::string& key : TargetKeys(*named)) {
      needed.fact_keys.push_back(std::move(key));
    }
  }
  RETURN_IF_ERROR(Fetch(needed.fact_keys, facts));
  ASSIGN_OR_RETURN(Decision decision, Derive(entry, facts));
  for (FactUpdate& update : decision.updates) {
    facts_[std::move(update.key)] = std::move(update.value);
  }
  if (target_ == ReplayTarget::kServing) {
    identities_.emplace(IdentityKey(entry.source(), entry.event().event_id()),
                        position);
  }
  postings_.push_back({entry.event().subject(), *std::move(decision.posting),
                       std::move(decision.buckets)});
  return absl::OkStatus();
}

absl::StatusOr<std::optional<v1::Entry>> EntryReplay::FindNamed(
    const std::optional<v1::EventIdentity>& named, Position limit) const {
  if (!named.has_value()) return std::optional<v1::Entry>();
  ASSIGN_OR_RETURN(
      const std::optional<Position> found,
      FindIdentity(IdentityKey(named->source(), named->event_id())));
  // Identities may be there of entries that are still to come.
  if (!found.has_value() || *found >= limit) return std::optional<v1::Entry>();
  ASSIGN_OR_RETURN(const std::string bytes, log_.Read(*found));
  ASSIGN_OR_RETURN(v1::Entry entry, ParseEntry(*found, bytes));
  return std::optional<v1::Entry>(std::move(entry));
}

absl::StatusOr<std::optional<Position>> EntryReplay::FindIdentity(
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

absl::Status EntryReplay::Fetch(const std::vector<std::string>& keys,
                                Facts& facts) const {
  std::vector<std::string> stored;
  for (const std::string& key : keys) {
    const auto pending = facts_.find(key);
    if (pending != facts_.end()) {
      facts.values.emplace(key, pending->second);
    } else {
      stored.push_back(key);
    }
  }
  ASSIGN_OR_RETURN(auto values, log_.ReadSide(facts_space_, stored));
  for (size_t i = 0; i < stored.size(); ++i) {
    if (values[i]) facts.values.emplace(stored[i], *std::move(values[i]));
  }
  return absl::OkStatus();
}

}  // namespace daybook::services
