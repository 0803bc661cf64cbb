#include "services/engine/ledger_writer.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "core/base/check.h"
#include "core/base/status_macros.h"
#include "services/engine/entry_codec.h"
#include "services/engine/source_rows.h"

namespace daybook::services {
namespace {

using storage::SideWrite;
using storage::Space;

// How often one who waits for room asks whether it is still wanted.
constexpr absl::Duration asked_every = absl::Milliseconds(100);

// What callers get whose events were in the write that failed.
absl::Status UnknownWhetherRecorded(const absl::Status& failure) {
  return absl::UnavailableError(absl::StrCat(
      "the disk refused the write, so it is unknown whether the events were "
      "recorded; mend the disk or make room on it, restart daybookd, then "
      "retry "
      "with the same event ids (",
      failure.message(), ")"));
}

// What callers get who come after it.
absl::Status RecordingStopped(const absl::Status& failure) {
  return absl::UnavailableError(absl::StrCat(
      "nothing was recorded: the ledger stopped recording when the disk "
      "refused a write; mend the disk or make room on it, restart daybookd, "
      "then retry (",
      failure.message(), ")"));
}

// What callers get whose events were decided over those.
absl::Status NotAfter(const absl::Status& failure) {
  if (absl::IsResourceExhausted(failure)) return failure;
  return absl::UnavailableError(absl::StrCat(
      "nothing was recorded: what was about to be recorded before it could not "
      "be; retry (",
      failure.message(), ")"));
}

std::vector<SideWrite> SideWrites(const PendingGroup& group) {
  std::vector<SideWrite> writes = group.refusals;
  writes.reserve(writes.size() + group.facts.size() +
                 group.personal_records.size() + group.sources.size() + 1);
  for (const auto& [key, value] : group.facts) {
    writes.push_back({Space::kFact, key, value});
  }
  for (const auto& [position, record] : group.personal_records) {
    // What is erased at once never gets to the disk.
    if (group.Erases(position)) continue;
    writes.push_back(
        {Space::kPersonal, PositionBytes(Position(position)), record});
  }
  for (const uint64_t position : group.erased) {
    writes.push_back({Space::kPersonal, PositionBytes(Position(position)),
                      std::nullopt});
  }
  for (const auto& [source, progress] : group.sources) {
    writes.push_back(
        {Space::kSource, SourceKey(source), progress.SerializeAsString()});
  }
  if (group.source_count.has_value()) {
    writes.push_back({Space::kSource, SourceCountKey(),
                      PositionBytes(Position(*group.source_count))});
  }
  return writes;
}

}  // namespace

LedgerWriter::LedgerWriter(Ledger ledger, LedgerWriterOptions options)
    : ledger_(std::move(ledger)), options_(options) {
  for (std::thread& thread : threads_) {
    thread = std::thread([this] { LeadWhereNobodyWaits(); });
  }
}

LedgerWriter::~LedgerWriter() {
  {
    absl::MutexLock lock(&mutex_);
    closing_ = true;
    work_.SignalAll();
  }
  for (std::thread& thread : threads_) thread.join();
}

absl::StatusOr<PreparedBatch> LedgerWriter::Prepare(
    AppendCommand command) const {
  if (options_.read_only) {
    return absl::FailedPreconditionError(
        absl::StrCat("nothing was recorded: the server of ", ledger_.name,
                     " runs with --read_only"));
  }
  return services::Prepare(std::move(command), ledger_.name,
                           ledger_.identities.hash());
}

absl::StatusOr<AppendOutcome> LedgerWriter::Append(AppendCommand command) {
  ASSIGN_OR_RETURN(PreparedBatch batch, Prepare(std::move(command)));
  const size_t bytes = batch.bytes;
  AppendTicket ticket(std::move(batch));
  {
    absl::MutexLock lock(&mutex_);
    RETURN_IF_ERROR(CheckRoom(bytes));
    queue_.Push(ticket);
  }
  ASSIGN_OR_RETURN(AppendOutcome outcome, Await(ticket));
  RETURN_IF_ERROR(outcome.undecided);
  return outcome;
}

absl::Status LedgerWriter::CheckRoom(size_t bytes) const {
  if (!write_failure_.ok()) return RecordingStopped(write_failure_);
  if (queue_.commands() == 0 ||
      (queue_.commands() < options_.queued_commands_max &&
       queue_.bytes() + bytes <= options_.queued_bytes_max)) {
    return absl::OkStatus();
  }
  return absl::ResourceExhaustedError(absl::StrCat(
      "nothing was recorded: ", queue_.commands(), " calls with ",
      queue_.bytes(), " bytes wait to be recorded in ", ledger_.name,
      " already; wait a moment and retry, with fewer calls at a time"));
}

bool LedgerWriter::HasStreamRoom() const {
  return queue_.commands() + reserved_commands_ <
             options_.streamed_commands_max &&
         queue_.bytes() + reserved_bytes_ < options_.streamed_bytes_max;
}

void LedgerWriter::AddReserved(size_t bytes) {
  ++reserved_commands_;
  reserved_bytes_ += bytes;
}

void LedgerWriter::DropReserved(size_t bytes) {
  --reserved_commands_;
  reserved_bytes_ -= bytes;
}

bool LedgerWriter::Reserve(size_t bytes) {
  absl::MutexLock lock(&mutex_);
  if (!HasStreamRoom()) return false;
  AddReserved(bytes);
  return true;
}

bool LedgerWriter::AwaitRoom(size_t bytes, absl::FunctionRef<bool()> wanted) {
  absl::MutexLock lock(&mutex_);
  while (!HasStreamRoom()) {
    room_.WaitWithTimeout(&mutex_, asked_every);
    // It may need locks of its own.
    mutex_.Unlock();
    const bool goes_on = wanted();
    mutex_.Lock();
    if (!goes_on) return false;
  }
  AddReserved(bytes);
  return true;
}

void LedgerWriter::GiveBack(size_t reserved_bytes) {
  absl::MutexLock lock(&mutex_);
  DropReserved(reserved_bytes);
  room_.SignalAll();
}

void LedgerWriter::Enqueue(AppendTicket& ticket, size_t reserved_bytes) {
  absl::MutexLock lock(&mutex_);
  DropReserved(reserved_bytes);
  queue_.Push(ticket);
  if (CanLead()) WakeLeader();
}

absl::StatusOr<AppendOutcome> LedgerWriter::Await(AppendTicket& ticket) {
  absl::MutexLock lock(&mutex_);
  while (!ticket.answered) {
    if (ticket.queued && CanLead()) {
      Lead();
      continue;
    }
    ticket.awaited = true;
    ticket.wake.Wait(&mutex_);
    ticket.awaited = false;
  }
  return std::move(ticket.answer);
}

bool LedgerWriter::Withdraw(AppendTicket& ticket) {
  absl::MutexLock lock(&mutex_);
  const bool withdrawn = queue_.Withdraw(ticket);
  if (withdrawn) room_.SignalAll();
  return withdrawn;
}

bool LedgerWriter::CanLead() const {
  return !queue_.empty() && !deciding_ && holding_ == 0;
}

void LedgerWriter::WakeLeader() {
  if (!CanLead()) return;
  AppendTicket& next = queue_.front();
  if (next.awaited) {
    next.wake.Signal();
  } else {
    work_.Signal();
  }
}

void LedgerWriter::LeadWhereNobodyWaits() {
  absl::MutexLock lock(&mutex_);
  while (!closing_) {
    if (CanLead()) {
      Lead();
    } else {
      work_.Wait(&mutex_);
    }
  }
}

void LedgerWriter::Lead() {
  deciding_ = true;
  const Group group =
      queue_.TakeGroup(options_.group_events_max, options_.group_bytes_max);
  const std::shared_ptr<PendingGroup> before = pending_;
  mutex_.Unlock();
  const std::shared_ptr<PendingGroup> pending = Decide(group, before);
  mutex_.Lock();

  while (committing_) stage_free_.Wait(&mutex_);
  deciding_ = false;
  if (!write_failure_.ok()) {
    Fail(group, *pending, RecordingStopped(write_failure_));
  } else if (before != nullptr && !before->failure.ok()) {
    Fail(group, *pending, NotAfter(before->failure));
  } else {
    committing_ = true;
    pending_ = pending;
    WakeLeader();
    mutex_.Unlock();
    absl::Status written = Commit(group, *pending);
    mutex_.Lock();
    // Only a write that the disk refused leaves unknown what is stored.
    if (absl::IsUnavailable(written)) write_failure_ = std::move(written);
    committing_ = false;
    pending_ = nullptr;
  }
  stage_free_.SignalAll();
  Dismiss(group);
  WakeLeader();
}

void LedgerWriter::Dismiss(const Group& group) {
  for (AppendTicket* ticket : group) {
    queue_.Release(*ticket);
    ticket->answered = true;
    // Its owner may let it go as soon as the mutex is free.
    if (ticket->awaited) ticket->wake.Signal();
  }
  room_.SignalAll();
}

absl::Status LedgerWriter::Hold(absl::FunctionRef<absl::Status()> work) {
  absl::MutexLock lock(&mutex_);
  ++holding_;
  while (deciding_ || committing_) stage_free_.Wait(&mutex_);
  --holding_;
  deciding_ = true;
  committing_ = true;
  absl::Status done = write_failure_;
  if (done.ok()) {
    mutex_.Unlock();
    done = work();
    mutex_.Lock();
    if (absl::IsUnavailable(done)) write_failure_ = done;
  }
  deciding_ = false;
  committing_ = false;
  stage_free_.SignalAll();
  WakeLeader();
  return done;
}

std::shared_ptr<PendingGroup> LedgerWriter::Decide(
    const Group& group, std::shared_ptr<const PendingGroup> before) {
  // A group that is being written may be in the log already.
  const LogSize begin = before == nullptr ? ledger_.log.size() : before->end();
  if (facts_stale_.exchange(false)) facts_.Clear();
  GroupDecider decider(
      {ledger_.log, ledger_.identities, std::move(before), facts_}, begin,
      ledger_.tip.BeginGroup());
  std::vector<PreparedBatch*> batches;
  batches.reserve(group.size());
  for (AppendTicket* ticket : group) batches.push_back(&ticket->batch);
  const absl::Status fetched = decider.Fetch(batches);
  for (AppendTicket* ticket : group) {
    // What is damaged fails the batches that need it, and no others.
    const absl::Status known = fetched.ok() || group.size() == 1
                                   ? fetched
                                   : decider.Fetch({&ticket->batch});
    if (known.ok()) {
      ticket->answer = decider.Decide(ticket->batch);
    } else {
      ticket->answer = known;
    }
    // An answer may wait long to be taken.
    ticket->batch.events = {};
    ticket->batch.command.inputs.Drop();
  }
  return decider.Finish();
}

absl::Status LedgerWriter::Commit(const Group& group, PendingGroup& pending) {
  const absl::Status written =
      pending.empty() ? absl::OkStatus() : Write(pending);
  if (!written.ok()) {
    Fail(group, pending,
         absl::IsUnavailable(written) ? UnknownWhetherRecorded(written)
                                      : written);
    return written;
  }
  ledger_.tip.EndGroup(pending.recorded_time_us);
  for (AppendTicket* ticket : group) {
    if (ticket->answer.ok()) ticket->answer->size = ledger_.tip.size();
  }
  // The group stands; but over identities that are not known nothing may be
  // decided.
  return pending.noted.ok() ? pending.noted
                            : absl::UnavailableError(pending.noted.message());
}

void LedgerWriter::Fail(const Group& group, PendingGroup& pending,
                        absl::Status failure) {
  ledger_.tip.EndGroup(pending.recorded_time_us);
  for (AppendTicket* ticket : group) {
    if (ticket->answer.ok()) ticket->answer = failure;
  }
  pending.failure = std::move(failure);
  facts_stale_ = true;
}

absl::Status LedgerWriter::Write(PendingGroup& pending) {
  RETURN_IF_ERROR(ledger_.log.CheckDiskRoom());
  std::vector<SideWrite> writes = SideWrites(pending);
  if (pending.entries.empty()) return ledger_.log.WriteSide(writes);
  RETURN_IF_ERROR(ledger_.lineage.Add(pending.postings, writes));
  ledger_.tree.Add(pending.leaves, writes);
  const absl::Status written =
      ledger_.log.Append(pending.begin, pending.stored, writes).status();
  if (!written.ok()) {
    ledger_.lineage.TakeBack();
    ledger_.tree.TakeBack();
    return written;
  }
  ledger_.lineage.Written();
  ledger_.tree.Written();
  if (!pending.erased.empty()) ledger_.eraser.Purge(pending.erased);
  ledger_.reports.Apply(pending.postings, pending.end());
  pending.noted =
      ledger_.identities.Add(NextPosition(pending.begin), pending.hashes);
  ledger_.tip.Grow(pending.recorded_time_us);
  return absl::OkStatus();
}

}  // namespace daybook::services
