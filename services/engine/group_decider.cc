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

v1::Refusal Refuse(size_t index, const PreparedEvent& event,
                   std::vector<v1::Problem> problems) {
  DAYBOOK_CHECK(!problems.empty());
  v1::Refusal refusal;
  refusal.set_index(static_cast<uint32_t>(index));
  refusal.set_event_id(
      Shortened(event.event().event_id(), shown_event_id_bytes));
  for (v1::Problem& problem : problems) {
    if (static_cast<size_t>(refusal.problems_size()) ==
        AppendOutcome::problems_max) {
      break;
    }
    *refusal.add_problems() = std::move(problem);
  }
  return refusal;
}

// Leaves what is enough to act upon: that it is permanent, if it is.
void Shorten(v1::Refusal& refusal) {
  auto& problems = *refusal.mutable_problems();
  const auto permanent =
      std::find_if(problems.begin(), problems.end(),
                   [](const v1::Problem& p) { return !p.retryable(); });
  if (permanent != problems.end()) problems[0] = v1::Problem(*permanent);
  problems.DeleteSubrange(1, problems.size() - 1);
  problems[0].clear_value();
  problems[0].clear_message();
  problems[0].clear_remedy();
}

google::protobuf::Timestamp TimestampOf(int64_t time_us) {
  return google::protobuf::util::TimeUtil::MicrosecondsToTimestamp(time_us);
}

}  // namespace

GroupDecider::GroupDecider(Ledger ledger, LogSize begin,
                           int64_t recorded_time_us)
    : ledger_(std::move(ledger)),
      group_(std::make_shared<PendingGroup>()),
      seen_(ledger_.log, ledger_.identities, ledger_.before.get(), *group_),
      sources_(ledger_.log, ledger_.before.get(), *group_) {
  group_->begin = begin;
  group_->recorded_time_us = recorded_time_us;
  ledger_.facts.BeginGroup();
}

absl::Status GroupDecider::Fetch(const std::vector<PreparedBatch*>& batches) {
  std::vector<uint64_t> hashes;
  absl::flat_hash_set<uint64_t> named;
  Unknown unknown;
  for (PreparedBatch* batch : batches) {
    group_->arenas.push_back(batch->command.inputs.arena());
    for (PreparedEvent& event : batch->events) {
      if (!event.problems.empty()) continue;
      hashes.push_back(event.identity);
      if (event.needed.target) named.insert(event.target);
      if (event.needed.replaced) named.insert(event.replaced);
      event.slots.clear();
      FindSlots(event, unknown);
    }
  }
  hashes.insert(hashes.end(), named.begin(), named.end());
  RETURN_IF_ERROR(seen_.Fetch(hashes));
  std::vector<std::string> keys;
  for (const v1::Entry& entry : seen_.recorded()) {
    keys.push_back(ReversedKey(Position(entry.position())));
    const uint64_t hash =
        ledger_.identities.hash().Of(entry.source(), entry.event().event_id());
    if (!named.contains(hash)) continue;
    for (std::string& key : TargetKeys(entry)) keys.push_back(std::move(key));
  }
  for (const std::string& key : keys) SlotOf(key, unknown);
  RETURN_IF_ERROR(FetchFacts(std::move(unknown)));
  return sources_.Fetch(batches);
}

FactTable::Slot* GroupDecider::SlotOf(absl::string_view key, Unknown& unknown) {
  FactTable::Slot& slot = ledger_.facts.At(key);
  if (!slot.is_known()) unknown.push_back(&slot);
  return &slot;
}

void GroupDecider::FindSlots(PreparedEvent& event, Unknown& unknown) {
  event.needed.VisitKeys([&](const std::string& key) {
    event.slots.push_back(SlotOf(key, unknown));
  });
  // Those of buckets follow the subject's.
  const auto buckets = event.slots.begin() + 1;
  const size_t moved = event.needed.bucket_keys.size();
  const bool vouched =
      moved > 0 &&
      std::all_of(buckets, buckets + moved, [](const FactTable::Slot* slot) {
        return slot->is_known() && slot->fact() != nullptr;
      });
  if (vouched) return;
  event.needed.VisitVouchedKeys([&](const std::string& key) {
    event.slots.push_back(SlotOf(key, unknown));
  });
}

absl::Status GroupDecider::FetchFacts(Unknown unknown) {
  if (unknown.empty()) return absl::OkStatus();
  std::sort(unknown.begin(), unknown.end(),
            [](const FactTable::Slot* a, const FactTable::Slot* b) {
              return a->key() < b->key();
            });
  unknown.erase(std::unique(unknown.begin(), unknown.end()), unknown.end());
  std::vector<std::string> keys;
  for (const FactTable::Slot* slot : unknown) keys.emplace_back(slot->key());
  ASSIGN_OR_RETURN(auto values,
                   ledger_.log.ReadSide(storage::Space::kFact, keys));
  for (size_t i = 0; i < keys.size(); ++i) {
    // What the group before changes is not in the log for sure yet.
    if (ledger_.before != nullptr) {
      const auto& pending = ledger_.before->facts;
      const auto fact = std::lower_bound(
          pending.begin(), pending.end(), keys[i],
          [](const auto& f, const std::string& key) { return f.first < key; });
      if (fact != pending.end() && fact->first == keys[i]) {
        values[i] = fact->second;
      }
    }
    std::optional<Fact> learnt;
    if (values[i].has_value()) {
      ASSIGN_OR_RETURN(learnt, ParseFact(keys[i], *values[i]));
    }
    ledger_.facts.Learn(*unknown[i], std::move(learnt));
  }
  return absl::OkStatus();
}

std::shared_ptr<PendingGroup> GroupDecider::Finish() {
  group_->facts = ledger_.facts.Changed();
  return group_;
}

void GroupDecider::BeginBatch() {
  ledger_.facts.BeginBatch();
  entries_before_ = group_->entries.size();
  personal_before_ = group_->personal_records.size();
  erased_before_ = group_->erased.size();
}

void GroupDecider::UndoBatch() {
  ledger_.facts.UndoBatch();
  group_->entries.resize(entries_before_);
  group_->stored.resize(entries_before_);
  group_->postings.resize(entries_before_);
  group_->hashes.resize(entries_before_);
  group_->leaves.resize(entries_before_);
  group_->personal_records.resize(personal_before_);
  group_->erased.resize(erased_before_);
}

absl::StatusOr<AppendOutcome> GroupDecider::Decide(PreparedBatch& batch) {
  BeginBatch();
  absl::StatusOr<AppendOutcome> outcome = DecideBatch(batch);
  if (!outcome.ok()) UndoBatch();
  return outcome;
}

absl::StatusOr<AppendOutcome> GroupDecider::DecideBatch(PreparedBatch& batch) {
  AppendOutcome outcome;
  const AppendCommand& command = batch.command;
  if (!command.validate_only) {
    outcome.undecided = sources_.BeginBatch(command.source);
    if (absl::IsResourceExhausted(outcome.undecided)) return outcome;
    RETURN_IF_ERROR(outcome.undecided);
    outcome.cursor = sources_.progress().cursor();
    outcome.undecided = WhyUndecided(batch, sources_.progress());
    if (!outcome.undecided.ok()) {
      sources_.Refuse(
          RefusedBatchOf(batch, outcome.undecided, group_->recorded_time_us));
      RETURN_IF_ERROR(sources_.EndBatch(false));
      return outcome;
    }
  }
  RETURN_IF_ERROR(DecideEvents(batch, outcome));
  if (command.validate_only || (command.atomic && outcome.refused_total > 0)) {
    outcome.results.clear();
    UndoBatch();
  }
  if (command.validate_only) return outcome;
  RETURN_IF_ERROR(NoteSource(batch, outcome));
  return outcome;
}

absl::Status GroupDecider::DecideEvents(PreparedBatch& batch,
                                        AppendOutcome& outcome) {
  const AppendCommand& command = batch.command;
  const bool list_all = command.validate_only || command.list_all_refusals;
  const size_t refusals_max =
      list_all ? AppendCommand::events_max : AppendOutcome::refusals_max;
  outcome.results.resize(batch.events.size());
  size_t refusal_bytes = 0;
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
      KeepRefusal(batch, refusal, batch.events[i].event().subject());
    }
    if (outcome.refusals.size() == refusals_max) continue;
    refusal_bytes += refusal.ByteSizeLong();
    if (refusal_bytes > AppendOutcome::refusal_bytes_max) Shorten(refusal);
    outcome.refusals.push_back(std::move(refusal));
  }
  return absl::OkStatus();
}

void GroupDecider::KeepRefusal(const PreparedBatch& batch,
                               const v1::Refusal& refusal,
                               absl::string_view subject) {
  v1::KeptRefusal kept;
  *kept.mutable_time() = TimestampOf(group_->recorded_time_us);
  kept.set_principal(batch.command.principal);
  kept.set_subject(Shortened(subject, shown_subject_bytes));
  *kept.mutable_refusal() = refusal;
  sources_.Refuse(std::move(kept));
}

absl::Status GroupDecider::NoteSource(const PreparedBatch& batch,
                                      AppendOutcome& outcome) {
  v1::SourceProgress& progress = sources_.progress();
  const v1::AppendResult* last = nullptr;
  for (const v1::AppendResult& result : outcome.results) {
    if (result.outcome() == v1::AppendResult::OUTCOME_CREATED) {
      progress.set_created(progress.created() + 1);
      last = &result;
    } else if (result.outcome() == v1::AppendResult::OUTCOME_REPLAYED) {
      progress.set_replayed(progress.replayed() + 1);
    }
  }
  if (last != nullptr) {
    const v1::Event& event =
        group_->EntryAt(Position(last->position()))->event();
    v1::SourceProgress::LastEvent& noted = *progress.mutable_last_event();
    noted.Clear();
    noted.set_event_id(event.event_id());
    noted.set_position(last->position());
    *noted.mutable_recorded_time() = TimestampOf(group_->recorded_time_us);
    if (event.has_source_recorded_time()) {
      *noted.mutable_source_recorded_time() = event.source_recorded_time();
    }
  }
  *progress.mutable_last_write_time() = TimestampOf(group_->recorded_time_us);
  const AppendCommand& command = batch.command;
  const bool whole = !command.atomic || outcome.refused_total == 0;
  outcome.cursor_kept =
      command.cursor.has_value() && whole &&
      (!outcome.any_retryable || command.advance_past_retryable);
  if (outcome.cursor_kept) progress.set_cursor(*command.cursor);
  outcome.cursor = progress.cursor();
  return sources_.EndBatch(last != nullptr || outcome.cursor_kept);
}

absl::StatusOr<GroupDecider::Verdict> GroupDecider::DecideEvent(
    PreparedEvent& event, const AppendCommand& command) {
  Verdict verdict;
  if (!event.problems.empty()) {
    verdict.problems = event.problems;
    return verdict;
  }
  const v1::Entry* const seen =
      seen_.Find(event.identity, command.source, event.event().event_id());
  if (seen != nullptr) return CompareWithRecorded(event, *seen);

  if (command.expected_size) {
    // The first fact is that about the subject.
    std::optional<v1::Problem> stale =
        CheckPrecondition(event.event(), *command.expected_size,
                          ledger_.facts.BeforeBatch(*event.slots[0]));
    if (stale) {
      verdict.problems.push_back(*std::move(stale));
      return verdict;
    }
  }
  Facts facts;
  for (const FactTable::Slot* slot : event.slots) {
    facts.Put(slot->key(), slot->fact());
  }
  if (const auto& named = event.needed.target) {
    facts.target = seen_.Find(event.target, named->source(), named->event_id());
    if (facts.target != nullptr) {
      RETURN_IF_ERROR(AddTarget(*facts.target, facts));
    }
  }
  if (const auto& named = event.needed.replaced) {
    facts.replaced =
        seen_.Find(event.replaced, named->source(), named->event_id());
    if (facts.replaced != nullptr) {
      RETURN_IF_ERROR(AddTarget(*facts.replaced, facts));
    }
  }
  v1::Entry& entry = *event.entry;
  entry.set_position(group_->end().value());
  entry.set_recorded_time_us(group_->recorded_time_us);
  // Both live in the batch's arena.
  entry.unsafe_arena_set_allocated_event(
      event.input->unsafe_arena_release_event());
  ASSIGN_OR_RETURN(Decision decision,
                   ::daybook::Decide(entry, event.needed, facts));
  if (!decision.problems.empty()) {
    verdict.problems = std::move(decision.problems);
    return verdict;
  }
  verdict.result.set_outcome(v1::AppendResult::OUTCOME_CREATED);
  verdict.result.set_position(entry.position());
  Accept(event, std::move(decision));
  return verdict;
}

absl::StatusOr<GroupDecider::Verdict> GroupDecider::CompareWithRecorded(
    const PreparedEvent& event, const v1::Entry& recorded) {
  ASSIGN_OR_RETURN(const std::string salt, seen_.SaltOf(recorded));
  Verdict verdict;
  if (SameFact(recorded, salt, *event.input)) {
    const Position position(recorded.position());
    verdict.result.set_outcome(v1::AppendResult::OUTCOME_REPLAYED);
    verdict.result.set_position(recorded.position());
    Unknown unknown;
    const FactTable::Slot* const reversed =
        SlotOf(ReversedKey(position), unknown);
    RETURN_IF_ERROR(FetchFacts(std::move(unknown)));
    verdict.result.set_reversed(reversed->fact() != nullptr);
  } else {
    verdict.problems.push_back(OtherContent(recorded, *event.input));
  }
  return verdict;
}

absl::Status GroupDecider::AddTarget(const v1::Entry& target, Facts& facts) {
  // Fetch did so for one that was recorded before this group.
  Unknown unknown;
  std::vector<const FactTable::Slot*> slots;
  for (const std::string& key : TargetKeys(target)) {
    slots.push_back(SlotOf(key, unknown));
  }
  RETURN_IF_ERROR(FetchFacts(std::move(unknown)));
  for (const FactTable::Slot* slot : slots) {
    facts.Put(slot->key(), slot->fact());
  }
  return absl::OkStatus();
}

void GroupDecider::Accept(PreparedEvent& event, Decision decision) {
  DAYBOOK_CHECK(decision.posting.has_value());
  const Position position(event.entry->position());
  PlacedPosting& placed = group_->postings.emplace_back();
  placed.subject = event.entry->event().subject();
  placed.posting = *std::move(decision.posting);
  placed.buckets = std::move(decision.buckets);
  group_->entries.push_back(event.entry);
  group_->stored.push_back(EntryBytes(*event.entry, event.event_bytes));
  group_->leaves.push_back(merkle::LeafHash(group_->stored.back()));
  group_->hashes.push_back(event.identity);
  group_->identities.Add(event.identity, position);
  // The first fact is that about the subject.
  ledger_.facts.Change(*event.slots[0], std::move(decision.subject));
  for (FactUpdate& update : decision.updates) {
    ledger_.facts.Change(ledger_.facts.At(update.key), std::move(update.value));
  }
  if (decision.erased.has_value()) {
    group_->erased.push_back(decision.erased->value());
  }
  if (!event.personal_record.empty()) {
    group_->personal_records.emplace_back(position.value(),
                                          std::move(event.personal_record));
  }
}

}  // namespace daybook::services
