#include "services/engine/group_decider.h"

#include <algorithm>
#include <cstddef>

#include "absl/strings/str_cat.h"
#include "core/admission/admission.h"
#include "core/admission/equality.h"
#include "core/admission/fact_keys.h"
#include "core/base/check.h"
#include "core/base/status_macros.h"
#include "core/base/utf8.h"
#include "google/protobuf/util/time_util.h"
#include "services/engine/entry_codec.h"
#include "services/engine/refused_batch.h"
#include "services/engine/source_rows.h"

namespace daybook::services {
namespace {

constexpr size_t shown_event_id_bytes = 64;

// Subjects in kept refusals.
constexpr size_t shown_subject_bytes = 128;

const v1::Event& EventOf(const PreparedEvent& event) {
  return event.entry.has_event() ? event.entry.event() : event.input.event();
}

v1::Refusal Refuse(size_t index, const PreparedEvent& event,
                   std::vector<v1::Problem> problems) {
  DAYBOOK_CHECK(!problems.empty());
  v1::Refusal refusal;
  refusal.set_index(static_cast<uint32_t>(index));
  refusal.set_event_id(
      Shortened(EventOf(event).event_id(), shown_event_id_bytes));
  for (v1::Problem& problem : problems) {
    if (static_cast<size_t>(refusal.problems_size()) ==
        AppendOutcome::problems_max) {
      break;
    }
    *refusal.add_problems() = std::move(problem);
  }
  return refusal;
}

// Whether the same event may be accepted later.
bool IsRetryable(const v1::Refusal& refusal) {
  return std::all_of(
      refusal.problems().begin(), refusal.problems().end(),
      [](const v1::Problem& problem) { return problem.retryable(); });
}

google::protobuf::Timestamp TimestampOf(int64_t time_us) {
  return google::protobuf::util::TimeUtil::MicrosecondsToTimestamp(time_us);
}

std::string KeyOf(const v1::EventIdentity& identity) {
  return IdentityKey(identity.source(), identity.event_id());
}

}  // namespace

GroupDecider::GroupDecider(const storage::EventLog& log,
                           std::shared_ptr<const PendingGroup> before,
                           LogSize begin, int64_t recorded_time_us,
                           RecentFacts& facts)
    : log_(log), before_(std::move(before)), facts_(facts) {
  group_.begin = begin;
  group_.recorded_time_us = recorded_time_us;
}

absl::Status GroupDecider::Fetch(const std::vector<PreparedBatch*>& batches) {
  facts_.Trim();
  std::vector<std::string> identities;
  std::set<std::string> targets;
  std::vector<std::string> facts;
  for (const PreparedBatch* batch : batches) {
    for (const PreparedEvent& event : batch->events) {
      if (!event.problems.empty()) continue;
      identities.push_back(event.identity_key);
      for (const std::string& key : event.needed.fact_keys) {
        if (facts_.Find(key) == nullptr) facts.push_back(key);
      }
      for (const auto& named : {event.needed.target, event.needed.replaced}) {
        if (named) targets.insert(KeyOf(*named));
      }
    }
  }
  identities.insert(identities.end(), targets.begin(), targets.end());
  RETURN_IF_ERROR(FetchIdentities(std::move(identities), targets));
  facts.insert(facts.end(), target_keys_.begin(), target_keys_.end());
  RETURN_IF_ERROR(FetchFacts(std::move(facts)));
  return FetchSources(batches);
}

absl::Status GroupDecider::FetchFacts(std::vector<std::string> keys) {
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  keys.erase(std::remove_if(keys.begin(), keys.end(),
                            [this](const std::string& key) {
                              return facts_.Find(key) != nullptr;
                            }),
             keys.end());
  if (keys.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(auto values, log_.ReadSide(storage::Space::kFact, keys));
  for (size_t i = 0; i < keys.size(); ++i) {
    // What the group before changes is not in the log for sure yet.
    if (before_ != nullptr) {
      const auto pending = before_->facts.find(keys[i]);
      if (pending != before_->facts.end()) values[i] = pending->second;
    }
    facts_.Put(keys[i], std::move(values[i]));
  }
  return absl::OkStatus();
}

absl::Status GroupDecider::FetchIdentities(
    std::vector<std::string> keys, const std::set<std::string>& targets) {
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  ASSIGN_OR_RETURN(const auto positions,
                   log_.ReadSide(storage::Space::kIdentity, keys));
  for (size_t i = 0; i < keys.size(); ++i) {
    if (!positions[i]) continue;
    ASSIGN_OR_RETURN(const Position position, ParsePosition(*positions[i]));
    recorded_identities_.emplace(keys[i], position);
    target_keys_.push_back(ReversedKey(position));
    if (!targets.contains(keys[i])) continue;
    ASSIGN_OR_RETURN(v1::Entry target, EntryAt(position));
    for (std::string& key : TargetKeys(target)) {
      target_keys_.push_back(std::move(key));
    }
    recorded_targets_.emplace(position, std::move(target));
  }
  return absl::OkStatus();
}

PendingGroup GroupDecider::Finish() {
  for (const auto& [key, value] : group_.facts) facts_.Put(key, value);
  return std::move(group_);
}

absl::Status GroupDecider::FetchSources(
    const std::vector<PreparedBatch*>& batches) {
  std::set<std::string> sources;
  for (const PreparedBatch* batch : batches) {
    if (!batch->command.validate_only) sources.insert(batch->command.source);
  }
  std::vector<std::string> keys = {SourceCountKey()};
  for (const std::string& source : sources) keys.push_back(SourceKey(source));
  ASSIGN_OR_RETURN(auto rows, log_.ReadSide(storage::Space::kSource, keys));
  if (rows[0].has_value()) {
    ASSIGN_OR_RETURN(const Position count, ParsePosition(*rows[0]));
    recorded_source_count_ = count.value();
  }
  size_t row = 1;
  for (const std::string& source : sources) {
    recorded_sources_.emplace(source, std::move(rows[row++]));
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::SourceProgress> GroupDecider::ProgressOf(
    const std::string& source) {
  for (const PendingGroup* group :
       {const_cast<const PendingGroup*>(&group_), before_.get()}) {
    if (group == nullptr) continue;
    const auto pending = group->sources.find(source);
    if (pending != group->sources.end()) return pending->second;
  }
  const std::optional<std::string>& row = recorded_sources_.at(source);
  if (row.has_value()) return ParseProgress(source, row);
  const uint64_t count = group_.source_count.value_or(
      before_ != nullptr && before_->source_count.has_value()
          ? *before_->source_count
          : recorded_source_count_);
  if (count >= sources_max) {
    return absl::ResourceExhaustedError(
        absl::StrCat("source: the ledger has ", sources_max,
                     " sources, as many as it may; write as one of them"));
  }
  group_.source_count = count + 1;
  return ParseProgress(source, row);
}

absl::StatusOr<AppendOutcome> GroupDecider::Decide(PreparedBatch& batch) {
  const size_t refusals_before = group_.refusals.size();
  absl::StatusOr<AppendOutcome> outcome = DecideBatch(batch);
  if (!outcome.ok()) {
    group_.refusals.erase(
        group_.refusals.begin() + static_cast<ptrdiff_t>(refusals_before),
        group_.refusals.end());
  }
  return outcome;
}

absl::StatusOr<AppendOutcome> GroupDecider::DecideBatch(PreparedBatch& batch) {
  batch_ = Overlay();
  AppendOutcome outcome;
  const AppendCommand& command = batch.command;
  if (!command.validate_only) {
    absl::StatusOr<v1::SourceProgress> progress = ProgressOf(command.source);
    if (absl::IsResourceExhausted(progress.status())) {
      outcome.undecided = progress.status();
      return outcome;
    }
    RETURN_IF_ERROR(progress.status());
    progress_ = *std::move(progress);
    outcome.cursor = progress_.cursor();
    outcome.undecided = WhyUndecided(batch, progress_);
    if (!outcome.undecided.ok()) {
      group_.refusals.push_back(KeepRefusedBatch(
          batch, outcome.undecided, group_.recorded_time_us, progress_));
      group_.sources[command.source] = progress_;
      return outcome;
    }
  }
  const bool list_all = command.validate_only || command.list_all_refusals;
  const size_t refusals_max =
      list_all ? AppendCommand::events_max : AppendOutcome::refusals_max;
  outcome.results.resize(batch.events.size());
  for (size_t i = 0; i < batch.events.size(); ++i) {
    ASSIGN_OR_RETURN(Verdict verdict, DecideEvent(batch.events[i], command));
    if (verdict.problems.empty()) {
      outcome.results[i] = std::move(verdict.result);
      continue;
    }
    ++outcome.refused_total;
    v1::Refusal refusal =
        Refuse(i, batch.events[i], std::move(verdict.problems));
    outcome.any_retryable |= IsRetryable(refusal);
    if (!command.validate_only) {
      KeepRefusal(batch, refusal, EventOf(batch.events[i]).subject());
    }
    if (outcome.refusals.size() < refusals_max) {
      outcome.refusals.push_back(std::move(refusal));
    }
  }
  if (command.validate_only || (command.atomic && outcome.refused_total > 0)) {
    outcome.results.clear();
  } else {
    MergeBatch();
  }
  if (!command.validate_only) NoteSource(batch, outcome);
  batch_ = Overlay();
  return outcome;
}

void GroupDecider::KeepRefusal(const PreparedBatch& batch,
                               const v1::Refusal& refusal,
                               absl::string_view subject) {
  v1::KeptRefusal kept;
  kept.set_number(RefusedTotal(progress_));
  *kept.mutable_time() = TimestampOf(group_.recorded_time_us);
  kept.set_principal(batch.command.principal);
  kept.set_subject(Shortened(subject, shown_subject_bytes));
  *kept.mutable_refusal() = refusal;
  group_.refusals.push_back(RefusalWrite(batch.command.source, kept));
  if (IsRetryable(refusal)) {
    progress_.set_refused_retryable(progress_.refused_retryable() + 1);
  } else {
    progress_.set_refused_permanent(progress_.refused_permanent() + 1);
  }
}

void GroupDecider::NoteSource(const PreparedBatch& batch,
                              AppendOutcome& outcome) {
  const v1::AppendResult* last = nullptr;
  for (const v1::AppendResult& result : outcome.results) {
    if (result.outcome() == v1::AppendResult::OUTCOME_CREATED) {
      progress_.set_created(progress_.created() + 1);
      last = &result;
    } else if (result.outcome() == v1::AppendResult::OUTCOME_REPLAYED) {
      progress_.set_replayed(progress_.replayed() + 1);
    }
  }
  if (last != nullptr) {
    const v1::Event& event = PendingEntry(Position(last->position()))->event();
    v1::SourceProgress::LastEvent& noted = *progress_.mutable_last_event();
    noted.Clear();
    noted.set_event_id(event.event_id());
    noted.set_position(last->position());
    *noted.mutable_recorded_time() = TimestampOf(group_.recorded_time_us);
    if (event.has_source_recorded_time()) {
      *noted.mutable_source_recorded_time() = event.source_recorded_time();
    }
  }
  *progress_.mutable_last_write_time() = TimestampOf(group_.recorded_time_us);
  const AppendCommand& command = batch.command;
  const bool whole = !command.atomic || outcome.refused_total == 0;
  outcome.cursor_kept =
      command.cursor.has_value() && whole &&
      (!outcome.any_retryable || command.advance_past_retryable);
  if (outcome.cursor_kept) progress_.set_cursor(*command.cursor);
  outcome.cursor = progress_.cursor();
  group_.sources[command.source] = progress_;
}

absl::StatusOr<GroupDecider::Verdict> GroupDecider::DecideEvent(
    PreparedEvent& event, const AppendCommand& command) {
  Verdict verdict;
  if (!event.problems.empty()) {
    verdict.problems = event.problems;
    return verdict;
  }
  const std::optional<Position> seen = FindIdentity(event.identity_key);
  if (seen) return CompareWithRecorded(event, *seen);

  if (command.expected_size) {
    std::optional<v1::Problem> stale =
        CheckPrecondition(event.input.event(), *command.expected_size,
                          FactsBeforeBatch(event.needed));
    if (stale) {
      verdict.problems.push_back(*std::move(stale));
      return verdict;
    }
  }
  ASSIGN_OR_RETURN(const Facts facts, GatherFacts(event.needed));
  event.entry.set_position(NextFree().value());
  event.entry.set_recorded_time_us(group_.recorded_time_us);
  event.entry.set_allocated_event(event.input.release_event());
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
  if (SameFact(recorded, salt, event.input)) {
    verdict.result.set_outcome(v1::AppendResult::OUTCOME_REPLAYED);
    verdict.result.set_position(position.value());
    verdict.result.set_reversed(IsReversed(position));
  } else {
    verdict.problems.push_back(OtherContent(recorded, event.input));
  }
  return verdict;
}

bool GroupDecider::IsReversed(Position position) const {
  const std::string key = ReversedKey(position);
  if (batch_.facts.contains(key) || group_.facts.contains(key)) return true;
  const std::optional<std::string>* const known = facts_.Find(key);
  return known != nullptr && known->has_value();
}

Facts GroupDecider::FactsBeforeBatch(const Needed& needed) const {
  Facts facts;
  for (const std::string& key : needed.fact_keys) {
    const auto pending = group_.facts.find(key);
    if (pending != group_.facts.end()) {
      facts.values.emplace(key, pending->second);
      continue;
    }
    const std::optional<std::string>* const known = facts_.Find(key);
    DAYBOOK_CHECK(known != nullptr);
    if (known->has_value()) facts.values.emplace(key, **known);
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
    std::vector<std::string> keys = TargetKeys(*entry);
    // Fetch did so for one that was recorded before this group.
    RETURN_IF_ERROR(FetchFacts(keys));
    for (std::string& key : keys) all.fact_keys.push_back(std::move(key));
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
  return Position(group_.end().value() + batch_.entries.size());
}

std::optional<Position> GroupDecider::FindIdentity(
    const std::string& key) const {
  const absl::flat_hash_map<std::string, Position>* const all[] = {
      &batch_.identities, &group_.identities,
      before_ == nullptr ? nullptr : &before_->identities,
      &recorded_identities_};
  for (const auto* known : all) {
    if (known == nullptr) continue;
    const auto found = known->find(key);
    if (found != known->end()) return found->second;
  }
  return std::nullopt;
}

const v1::Entry* GroupDecider::PendingEntry(Position position) const {
  if (position < NextPosition(group_.begin)) {
    return before_ == nullptr ? nullptr : before_->EntryAt(position);
  }
  if (position < NextPosition(group_.end())) return group_.EntryAt(position);
  const size_t index = position.value() - group_.end().value();
  DAYBOOK_CHECK(index < batch_.entries.size());
  return &batch_.entries[index];
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
  std::optional<std::string> bytes;
  if (PendingEntry(position) != nullptr) {
    const std::map<uint64_t, std::string>* const all[] = {
        before_ == nullptr ? nullptr : &before_->personal_records,
        &group_.personal_records, &batch_.personal_records};
    for (const auto* records : all) {
      if (records == nullptr) continue;
      const auto found = records->find(position.value());
      if (found != records->end()) bytes = found->second;
    }
  } else {
    ASSIGN_OR_RETURN(auto values, log_.ReadSide(storage::Space::kPersonal,
                                                {PositionBytes(position)}));
    bytes = std::move(values[0]);
  }
  if (!bytes) return std::string();
  ASSIGN_OR_RETURN(PersonalRecord record, ParsePersonalRecord(*bytes));
  return std::move(record.salt);
}

}  // namespace daybook::services
