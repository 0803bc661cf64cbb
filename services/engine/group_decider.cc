#include "services/engine/group_decider.h"

#include <cstddef>
#include <set>
#include <utility>

#include "core/admission/admission.h"
#include "core/admission/equality.h"
#include "core/base/check.h"
#include "core/base/status_macros.h"
#include "core/base/utf8.h"
#include "services/engine/entry_codec.h"

namespace daybook::services {
namespace {

constexpr size_t shown_event_id_bytes = 64;

v1::Refusal Refuse(size_t index, const PreparedEvent& event,
                   std::vector<v1::Problem> problems) {
  DAYBOOK_CHECK(!problems.empty());
  v1::Refusal refusal;
  refusal.set_index(static_cast<uint32_t>(index));
  refusal.set_event_id(
      Shortened(event.input->event().event_id(), shown_event_id_bytes));
  for (v1::Problem& problem : problems) {
    if (static_cast<size_t>(refusal.problems_size()) ==
        AppendOutcome::problems_max) {
      break;
    }
    *refusal.add_problems() = std::move(problem);
  }
  return refusal;
}

std::string KeyOf(const v1::EventIdentity& identity) {
  return IdentityKey(identity.source(), identity.event_id());
}

}  // namespace

GroupDecider::GroupDecider(const storage::EventLog& log,
                           GroupCoordinates coordinates)
    : log_(log), coordinates_(coordinates) {}

absl::Status GroupDecider::Fetch(const std::vector<PreparedBatch*>& batches) {
  std::set<std::string> identities;
  std::set<std::string> targets;
  std::set<std::string> facts;
  for (const PreparedBatch* batch : batches) {
    for (const PreparedEvent& event : batch->events) {
      if (!event.problems.empty()) continue;
      identities.insert(event.identity_key);
      facts.insert(event.needed.fact_keys.begin(),
                   event.needed.fact_keys.end());
      for (const auto& named : {event.needed.target, event.needed.replaced}) {
        if (named) targets.insert(KeyOf(*named));
      }
    }
  }
  identities.insert(targets.begin(), targets.end());
  const std::vector<std::string> identity_keys(identities.begin(),
                                               identities.end());
  ASSIGN_OR_RETURN(const auto positions,
                   log_.ReadSide(storage::Space::kIdentity, identity_keys));
  for (size_t i = 0; i < identity_keys.size(); ++i) {
    if (!positions[i]) continue;
    ASSIGN_OR_RETURN(const Position position, ParsePosition(*positions[i]));
    recorded_identities_.emplace(identity_keys[i], position);
    if (!targets.contains(identity_keys[i])) continue;
    ASSIGN_OR_RETURN(const std::string bytes, log_.Read(position));
    ASSIGN_OR_RETURN(v1::Entry target, ParseEntry(position, bytes));
    for (std::string& key : TargetKeys(target)) facts.insert(std::move(key));
    recorded_targets_.emplace(position, std::move(target));
  }
  const std::vector<std::string> fact_keys(facts.begin(), facts.end());
  ASSIGN_OR_RETURN(auto values,
                   log_.ReadSide(storage::Space::kFact, fact_keys));
  for (size_t i = 0; i < fact_keys.size(); ++i) {
    recorded_facts_.emplace(fact_keys[i], std::move(values[i]));
  }
  return absl::OkStatus();
}

absl::StatusOr<AppendOutcome> GroupDecider::Decide(PreparedBatch& batch) {
  batch_ = Overlay();
  AppendOutcome outcome;
  const size_t refusals_max = batch.validate_only ? AppendCommand::events_max
                                                  : AppendOutcome::refusals_max;
  for (size_t i = 0; i < batch.events.size(); ++i) {
    ASSIGN_OR_RETURN(Verdict verdict, DecideEvent(batch.events[i], batch));
    if (verdict.problems.empty()) {
      outcome.results.push_back(std::move(verdict.result));
      continue;
    }
    ++outcome.refused_total;
    if (outcome.refusals.size() < refusals_max) {
      outcome.refusals.push_back(
          Refuse(i, batch.events[i], std::move(verdict.problems)));
    }
  }
  if (outcome.refused_total > 0 || batch.validate_only) {
    outcome.results.clear();
  } else {
    MergeBatch();
  }
  batch_ = Overlay();
  return outcome;
}

absl::StatusOr<GroupDecider::Verdict> GroupDecider::DecideEvent(
    PreparedEvent& event, const PreparedBatch& batch) {
  Verdict verdict;
  if (!event.problems.empty()) {
    verdict.problems = event.problems;
    return verdict;
  }
  const std::optional<Position> seen = FindIdentity(event.identity_key);
  if (seen) return CompareWithRecorded(event, *seen);

  const v1::Event& offered = event.input->event();
  if (batch.expected_size) {
    std::optional<v1::Problem> stale = CheckPrecondition(
        offered, *batch.expected_size, FactsBeforeBatch(event.needed));
    if (stale) {
      verdict.problems.push_back(*std::move(stale));
      return verdict;
    }
  }
  ASSIGN_OR_RETURN(const Facts facts, GatherFacts(event.needed));
  event.entry.set_position(NextFree().value());
  event.entry.set_recorded_time_us(coordinates_.recorded_time_us);
  ASSIGN_OR_RETURN(Decision decision, ::daybook::Decide(event.entry, facts));
  if (!decision.problems.empty()) {
    verdict.problems = std::move(decision.problems);
    return verdict;
  }
  verdict.result.set_outcome(v1::AppendResult::OUTCOME_CREATED);
  verdict.result.set_position(NextFree().value());
  Accept(event, std::move(decision));
  return verdict;
}

absl::StatusOr<GroupDecider::Verdict> GroupDecider::CompareWithRecorded(
    const PreparedEvent& event, Position position) const {
  ASSIGN_OR_RETURN(const v1::Entry recorded, EntryAt(position));
  std::string salt;
  if (!recorded.personal_data_commitment().empty()) {
    ASSIGN_OR_RETURN(salt, SaltAt(position));
  }
  Verdict verdict;
  if (SameFact(recorded, salt, *event.input)) {
    verdict.result.set_outcome(v1::AppendResult::OUTCOME_REPLAYED);
    verdict.result.set_position(position.value());
  } else {
    verdict.problems.push_back(OtherContent(recorded, *event.input));
  }
  return verdict;
}

Facts GroupDecider::FactsBeforeBatch(const Needed& needed) const {
  Facts facts;
  for (const std::string& key : needed.fact_keys) {
    const auto pending = group_.facts.find(key);
    if (pending != group_.facts.end()) {
      facts.values.emplace(key, pending->second);
      continue;
    }
    const auto recorded = recorded_facts_.find(key);
    DAYBOOK_CHECK(recorded != recorded_facts_.end());
    if (recorded->second) facts.values.emplace(key, *recorded->second);
  }
  return facts;
}

absl::StatusOr<Facts> GroupDecider::GatherFacts(const Needed& needed) {
  Needed all = needed;
  std::optional<v1::Entry> target;
  std::optional<v1::Entry> replaced;
  const auto find = [&](const std::optional<v1::EventIdentity>& named,
                        std::optional<v1::Entry>& entry) -> absl::Status {
    if (!named) return absl::OkStatus();
    const auto position = FindIdentity(KeyOf(*named));
    if (!position) return absl::OkStatus();
    ASSIGN_OR_RETURN(entry, EntryAt(*position));
    for (std::string& key : TargetKeys(*entry)) {
      // Fetch read all about a recorded one. What one that is pending changed
      // is pending too, and its own facts were fetched with it.
      recorded_facts_.try_emplace(key);
      all.fact_keys.push_back(std::move(key));
    }
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(find(needed.target, target));
  RETURN_IF_ERROR(find(needed.replaced, replaced));
  Facts facts = FactsBeforeBatch(all);
  for (const std::string& key : all.fact_keys) {
    const auto pending = batch_.facts.find(key);
    if (pending != batch_.facts.end()) facts.values[key] = pending->second;
  }
  facts.target = std::move(target);
  facts.replaced = std::move(replaced);
  return facts;
}

void GroupDecider::Accept(PreparedEvent& event, Decision decision) {
  const Position position = NextFree();
  DAYBOOK_CHECK(decision.posting.has_value());
  batch_.postings.push_back({event.entry.event().subject(),
                             *std::move(decision.posting),
                             std::move(decision.buckets)});
  batch_.entries.push_back(std::move(event.entry));
  batch_.identities.emplace(event.identity_key, position);
  for (FactUpdate& update : decision.updates) {
    batch_.facts[std::move(update.key)] = std::move(update.value);
  }
  if (!event.personal_record.empty()) {
    batch_.personal_records.emplace(position.value(),
                                    std::move(event.personal_record));
  }
}

void GroupDecider::MergeBatch() {
  for (v1::Entry& entry : batch_.entries) {
    group_.entries.push_back(std::move(entry));
  }
  for (PlacedPosting& posting : batch_.postings) {
    group_.postings.push_back(std::move(posting));
  }
  group_.identities.insert(batch_.identities.begin(), batch_.identities.end());
  for (auto& [key, value] : batch_.facts) group_.facts[key] = std::move(value);
  group_.personal_records.merge(batch_.personal_records);
}

Position GroupDecider::NextFree() const {
  return Position(coordinates_.committed.value() + group_.entries.size() +
                  batch_.entries.size());
}

std::optional<Position> GroupDecider::FindIdentity(
    const std::string& key) const {
  for (const auto* known :
       {&batch_.identities, &group_.identities, &recorded_identities_}) {
    const auto found = known->find(key);
    if (found != known->end()) return found->second;
  }
  return std::nullopt;
}

const v1::Entry* GroupDecider::PendingEntry(Position position) const {
  if (position.value() < coordinates_.committed.value()) return nullptr;
  const size_t index = position.value() - coordinates_.committed.value();
  if (index < group_.entries.size()) return &group_.entries[index];
  DAYBOOK_CHECK(index - group_.entries.size() < batch_.entries.size());
  return &batch_.entries[index - group_.entries.size()];
}

absl::StatusOr<v1::Entry> GroupDecider::EntryAt(Position position) const {
  const v1::Entry* pending = PendingEntry(position);
  if (pending != nullptr) return *pending;
  const auto target = recorded_targets_.find(position);
  if (target != recorded_targets_.end()) return target->second;
  ASSIGN_OR_RETURN(const std::string bytes, log_.Read(position));
  return ParseEntry(position, bytes);
}

absl::StatusOr<std::string> GroupDecider::SaltAt(Position position) const {
  if (PendingEntry(position) != nullptr) {
    for (const Overlay* overlay : {&group_, &batch_}) {
      const auto found = overlay->personal_records.find(position.value());
      if (found == overlay->personal_records.end()) continue;
      ASSIGN_OR_RETURN(PersonalRecord record,
                       ParsePersonalRecord(found->second));
      return std::move(record.salt);
    }
    return std::string();
  }
  ASSIGN_OR_RETURN(const auto values, log_.ReadSide(storage::Space::kPersonal,
                                                    {PositionBytes(position)}));
  if (!values[0]) return std::string();
  ASSIGN_OR_RETURN(PersonalRecord record, ParsePersonalRecord(*values[0]));
  return std::move(record.salt);
}

std::vector<std::string> GroupDecider::EntriesAsStored() const {
  std::vector<std::string> stored;
  stored.reserve(group_.entries.size());
  for (const v1::Entry& entry : group_.entries) {
    stored.push_back(EntryBytes(entry));
  }
  return stored;
}

std::vector<storage::SideWrite> GroupDecider::SideWrites() const {
  std::vector<storage::SideWrite> writes;
  writes.reserve(group_.identities.size() + group_.facts.size() +
                 group_.personal_records.size());
  for (const auto& [key, position] : group_.identities) {
    writes.push_back({storage::Space::kIdentity, key, PositionBytes(position)});
  }
  for (const auto& [key, value] : group_.facts) {
    writes.push_back({storage::Space::kFact, key, value});
  }
  for (const auto& [position, record] : group_.personal_records) {
    writes.push_back(
        {storage::Space::kPersonal, PositionBytes(Position(position)), record});
  }
  return writes;
}

}  // namespace daybook::services
