#include "services/engine/ledger_engine.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "core/base/check.h"
#include "core/base/status_macros.h"

namespace daybook::services {
namespace {

// What callers get whose events were in the write that failed.
absl::Status UnknownWhetherRecorded(const absl::Status& failure) {
  return absl::UnavailableError(absl::StrCat(
      "the disk refused the write, so it is unknown whether the events were "
      "recorded; restart daybookd, then retry with the same event ids (",
      failure.message(), ")"));
}

// What callers get who come after it.
absl::Status RecordingStopped(const absl::Status& failure) {
  return absl::UnavailableError(absl::StrCat(
      "nothing was recorded: the ledger stopped recording when the disk "
      "refused a write; restart daybookd, then retry (",
      failure.message(), ")"));
}

absl::Status StopScan() { return absl::CancelledError(); }

}  // namespace

LedgerEngine::LedgerEngine(storage::EventLog& log, absl::string_view ledger,
                           const Clock& clock, LedgerEngineLimits limits)
    : log_(log), ledger_(ledger), clock_(clock), limits_(limits) {}

absl::StatusOr<std::unique_ptr<LedgerEngine>> LedgerEngine::Open(
    storage::EventLog& log, absl::string_view ledger, const Clock& clock,
    LedgerEngineLimits limits) {
  std::unique_ptr<LedgerEngine> engine(
      new LedgerEngine(log, ledger, clock, limits));
  RETURN_IF_ERROR(engine->Rebuild());
  return engine;
}

absl::Status LedgerEngine::Rebuild() {
  absl::MutexLock lock(&state_mutex_);
  RETURN_IF_ERROR(log_.Scan(
      Position(0), NextPosition(log_.size()),
      [this](Position position, absl::string_view bytes) -> absl::Status {
        state_mutex_.AssertHeld();
        ASSIGN_OR_RETURN(const v1::Entry entry, ParseEntry(position, bytes));
        const bool first = position == Position(0);
        if (entry.has_genesis() != first ||
            (first && entry.genesis().ledger() != ledger_)) {
          return absl::DataLossError(
              absl::StrCat("the log of ", ledger_, " holds at position ",
                           position.value(), " an entry of another ledger"));
        }
        return state_.Apply(entry);
      }));
  if (state_.size() == LogSize(0)) {
    return absl::DataLossError(
        absl::StrCat("the log of ", ledger_, " has no genesis entry"));
  }
  return absl::OkStatus();
}

absl::StatusOr<AppendOutcome> LedgerEngine::Append(
    const AppendCommand& command) {
  ASSIGN_OR_RETURN(PreparedBatch batch, Prepare(command, ledger_));
  Waiter self(std::move(batch));

  absl::MutexLock lock(&queue_mutex_);
  RETURN_IF_ERROR(CheckRoom(self));
  queue_.push_back(&self);
  queued_bytes_ += self.batch.bytes;
  while (!self.answered && queue_.front() != &self) {
    self.wake.Wait(&queue_mutex_);
  }
  if (self.answered) return std::move(self.answer);

  const std::vector<Waiter*> group = FormGroup();
  if (write_failure_.ok()) {
    queue_mutex_.Unlock();
    absl::Status written = CommitGroup(group);
    queue_mutex_.Lock();
    // Only a write that the disk refused leaves unknown what is stored.
    if (absl::IsUnavailable(written)) write_failure_ = std::move(written);
  } else {
    for (Waiter* waiter : group) {
      waiter->answer = RecordingStopped(write_failure_);
    }
  }
  DismissGroup(group);
  return std::move(self.answer);
}

absl::Status LedgerEngine::CheckRoom(const Waiter& waiter) const {
  if (!write_failure_.ok()) return RecordingStopped(write_failure_);
  if (queue_.empty()) return absl::OkStatus();
  if (queue_.size() >= limits_.queued_commands_max ||
      queued_bytes_ + waiter.batch.bytes > limits_.queued_bytes_max) {
    return absl::ResourceExhaustedError(absl::StrCat(
        "nothing was recorded: ", queue_.size(), " calls with ", queued_bytes_,
        " bytes wait to be recorded in ", ledger_,
        " already; wait a moment and retry, with fewer calls at a time"));
  }
  return absl::OkStatus();
}

std::vector<LedgerEngine::Waiter*> LedgerEngine::FormGroup() const {
  std::vector<Waiter*> group;
  size_t events = 0;
  size_t bytes = 0;
  for (Waiter* waiter : queue_) {
    events += waiter->batch.events.size();
    bytes += waiter->batch.bytes;
    const bool fits =
        events <= limits_.group_events_max && bytes <= limits_.group_bytes_max;
    if (!group.empty() && !fits) break;
    group.push_back(waiter);
  }
  return group;
}

void LedgerEngine::DismissGroup(const std::vector<Waiter*>& group) {
  for (Waiter* waiter : group) {
    DAYBOOK_CHECK(queue_.front() == waiter);
    queue_.pop_front();
    queued_bytes_ -= waiter->batch.bytes;
    waiter->answered = true;
    // The leader is not waiting; the signal does nothing then.
    waiter->wake.Signal();
  }
  if (!queue_.empty()) queue_.front()->wake.Signal();
}

absl::Status LedgerEngine::CommitGroup(const std::vector<Waiter*>& group) {
  const LogSize committed = log_.size();
  GroupDecider decider(log_, {committed, NextRecordedTime()});
  DecideGroup(group, decider);

  absl::Status written;
  if (!decider.entries().empty()) {
    written =
        log_.Append(committed, decider.EntriesAsStored(), decider.SideWrites())
            .status();
    if (written.ok()) ApplyToState(decider.entries());
  }
  for (Waiter* waiter : group) {
    if (!waiter->answer.ok()) continue;
    if (written.ok()) {
      waiter->answer->size = log_.size();
    } else {
      waiter->answer = absl::IsUnavailable(written)
                           ? UnknownWhetherRecorded(written)
                           : written;
    }
  }
  return written;
}

void LedgerEngine::DecideGroup(const std::vector<Waiter*>& group,
                               GroupDecider& decider) {
  std::vector<PreparedBatch*> batches;
  batches.reserve(group.size());
  for (Waiter* waiter : group) batches.push_back(&waiter->batch);
  const absl::Status fetched = decider.Fetch(batches);
  for (Waiter* waiter : group) {
    if (fetched.ok()) {
      waiter->answer = decider.Decide(waiter->batch);
    } else {
      waiter->answer = fetched;
    }
  }
}

void LedgerEngine::ApplyToState(const std::vector<v1::Entry>& entries) {
  absl::MutexLock lock(&state_mutex_);
  for (const v1::Entry& entry : entries) {
    DAYBOOK_CHECK(state_.Apply(entry).ok());
  }
}

int64_t LedgerEngine::NextRecordedTime() const {
  const int64_t now = absl::ToUnixMicros(clock_.Now());
  absl::ReaderMutexLock lock(&state_mutex_);
  return std::max(now, state_.last_recorded_time_us() + 1);
}

void LedgerEngine::WithState(
    absl::FunctionRef<void(const LedgerState&)> read) const {
  absl::ReaderMutexLock lock(&state_mutex_);
  read(state_);
}

absl::StatusOr<std::string> LedgerEngine::ReadEntry(Position position) const {
  return log_.Read(position);
}

absl::StatusOr<std::vector<std::string>> LedgerEngine::ReadChunk(
    Position first, Position limit) const {
  std::vector<std::string> chunk;
  size_t bytes = 0;
  const absl::Status scanned = log_.Scan(
      first, limit, [&](Position, absl::string_view entry) -> absl::Status {
        chunk.emplace_back(entry);
        bytes += entry.size();
        const bool full =
            bytes >= chunk_bytes_max || chunk.size() >= chunk_entries_max;
        return full ? StopScan() : absl::OkStatus();
      });
  if (!scanned.ok() && scanned != StopScan()) return scanned;
  return chunk;
}

absl::StatusOr<std::optional<Position>> LedgerEngine::FindEvent(
    absl::string_view source, absl::string_view event_id) const {
  ASSIGN_OR_RETURN(const auto values,
                   log_.ReadSide(storage::Space::kIdentity,
                                 {IdentityKey(source, event_id)}));
  if (!values[0]) return std::optional<Position>();
  ASSIGN_OR_RETURN(const Position position, ParsePosition(*values[0]));
  return std::optional<Position>(position);
}

absl::StatusOr<std::optional<PersonalRecord>> LedgerEngine::ReadPersonalData(
    Position position) const {
  ASSIGN_OR_RETURN(const auto values, log_.ReadSide(storage::Space::kPersonal,
                                                    {PositionBytes(position)}));
  if (!values[0]) return std::optional<PersonalRecord>();
  ASSIGN_OR_RETURN(PersonalRecord record, ParsePersonalRecord(*values[0]));
  return std::optional<PersonalRecord>(std::move(record));
}

}  // namespace daybook::services
