// LedgerWriter: the one place where events are ordered, decided and recorded.
//
// Appends are committed in groups, which go through two stages: one decides and
// encodes, the other writes, syncs and grows the reports in memory. Each stage
// is one thread's at a time, so a group is decided while the one before it is
// being synced, over what that is about to record. The threads are those of the
// callers: whoever waits takes what waits with it through both stages, and
// wakes the others. A lone caller does all of this in its own thread, so it
// pays for no hand-over; when nobody waits for what is queued, the writer's own
// threads do it, one for each stage.
//
// After a write that the disk refused nobody knows what was kept, so nothing
// more is recorded until the server is restarted and has read back what is
// there.
//
// Thread safety: all methods may be called from any thread.

#ifndef DAYBOOK_SERVICES_ENGINE_LEDGER_WRITER_H_
#define DAYBOOK_SERVICES_ENGINE_LEDGER_WRITER_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "core/base/strong_int.h"
#include "services/engine/append_command.h"
#include "services/engine/append_queue.h"
#include "services/engine/fact_table.h"
#include "services/engine/group_decider.h"
#include "services/engine/identities.h"
#include "services/engine/ledger_tip.h"
#include "services/engine/ledger_tree.h"
#include "services/engine/lineage.h"
#include "services/engine/pending_group.h"
#include "services/engine/personal_data_eraser.h"
#include "services/engine/prepared_batch.h"
#include "services/engine/report_cache.h"
#include "storage/event_log.h"

namespace daybook::services {

// How much a writer takes on at a time.
struct LedgerWriterOptions {
  // Nothing is recorded: every command is refused (FAILED_PRECONDITION).
  bool read_only = false;

  // Commands waiting or being committed, and their bytes together. One command
  // is always let in.
  size_t queued_commands_max = 1'024;
  size_t queued_bytes_max = size_t{32} << 20;

  // The same for what streams enqueue, so that a call always finds room: no
  // stream adds to as much, but the last may be a whole batch over it.
  size_t streamed_commands_max = 512;
  size_t streamed_bytes_max = size_t{4} << 20;

  // Events and bytes of one commit group. One command is always taken whole. A
  // group is what a single append waits behind while others send a year.
  size_t group_events_max = 1'024;
  size_t group_bytes_max = size_t{2} << 20;
};

class LedgerWriter {
 public:
  // What it writes to and tells of it; all must outlive the writer. Nobody else
  // may append to the log.
  struct Ledger {
    // "ledgers/430203".
    std::string name;
    storage::EventLog& log;
    Identities& identities;
    LedgerTip& tip;
    Lineage& lineage;
    LedgerTree& tree;
    ReportCache& reports;
    PersonalDataEraser& eraser;
  };

  LedgerWriter(Ledger ledger, LedgerWriterOptions options);
  // No call and no ticket may be under way.
  ~LedgerWriter();
  LedgerWriter(const LedgerWriter&) = delete;
  LedgerWriter& operator=(const LedgerWriter&) = delete;

  // See LedgerEngine::Append.
  absl::StatusOr<AppendOutcome> Append(AppendCommand command)
      ABSL_LOCKS_EXCLUDED(mutex_);

  // Makes a command ready, without the writer. Errors: as Prepare.
  absl::StatusOr<PreparedBatch> Prepare(AppendCommand command) const;

  // The same in steps, for whoever sends one command after the other without
  // waiting for the answer. First, room for a command of so many bytes is
  // reserved, where there is some left; however large the command, so that none
  // waits for ever behind smaller ones.
  bool Reserve(size_t bytes) ABSL_LOCKS_EXCLUDED(mutex_);

  // Waits until that can be done; false when it could not before `wanted`,
  // which is asked now and then, answered false.
  bool AwaitRoom(size_t bytes, absl::FunctionRef<bool()> wanted)
      ABSL_LOCKS_EXCLUDED(mutex_);

  // Gives back what was reserved, or puts the command in its place.
  void GiveBack(size_t reserved_bytes) ABSL_LOCKS_EXCLUDED(mutex_);
  void Enqueue(AppendTicket& ticket, size_t reserved_bytes)
      ABSL_LOCKS_EXCLUDED(mutex_);

  // What became of an enqueued command. Errors: as Append.
  absl::StatusOr<AppendOutcome> Await(AppendTicket& ticket)
      ABSL_LOCKS_EXCLUDED(mutex_);

  // Takes an enqueued command back; false when it is too late for that, and it
  // must be awaited.
  bool Withdraw(AppendTicket& ticket) ABSL_LOCKS_EXCLUDED(mutex_);

  // Calls `work` while no group is in any stage, before all who wait. When it
  // answers UNAVAILABLE, nothing more is recorded.
  //
  // Errors: those of `work`, and UNAVAILABLE when the disk refused a write.
  absl::Status Hold(absl::FunctionRef<absl::Status()> work)
      ABSL_LOCKS_EXCLUDED(mutex_);

  // The generation was switched; only in a hold.
  void Forget() {
    ledger_.lineage.Forget();
    facts_.Clear();
  }

 private:
  using Group = std::vector<AppendTicket*>;

  bool HasStreamRoom() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void AddReserved(size_t bytes) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void DropReserved(size_t bytes) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status CheckRoom(size_t bytes) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Whether a thread may take a group through the stages now.
  bool CanLead() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Takes a group through both.
  void Lead() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Wakes a thread that may lead, where there is something to do.
  void WakeLeader() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Dismiss(const Group& group) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // What the writer's own threads do.
  void LeadWhereNobodyWaits() ABSL_LOCKS_EXCLUDED(mutex_);

  // The stages. Both fill in answers.
  std::shared_ptr<PendingGroup> Decide(
      const Group& group, std::shared_ptr<const PendingGroup> before);
  // The status is that of the write: when it is UNAVAILABLE, nothing more may
  // be recorded.
  absl::Status Commit(const Group& group, PendingGroup& pending);
  // Answers a group that can not be recorded.
  void Fail(const Group& group, PendingGroup& pending, absl::Status failure);
  absl::Status Write(PendingGroup& pending);

  const Ledger ledger_;
  const LedgerWriterOptions options_;

  mutable absl::Mutex mutex_;
  AppendQueue queue_ ABSL_GUARDED_BY(mutex_);
  // What streams reserved and did not enqueue yet.
  size_t reserved_commands_ ABSL_GUARDED_BY(mutex_) = 0;
  size_t reserved_bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  // Whether a stage is a thread's, or held.
  bool deciding_ ABSL_GUARDED_BY(mutex_) = false;
  bool committing_ ABSL_GUARDED_BY(mutex_) = false;
  // The group that is being committed.
  std::shared_ptr<PendingGroup> pending_ ABSL_GUARDED_BY(mutex_);
  // How many wait to hold both stages.
  int holding_ ABSL_GUARDED_BY(mutex_) = 0;
  // Signalled when a stage gets free, and when there is room.
  absl::CondVar stage_free_;
  absl::CondVar room_;
  // Not OK once the disk refused a write.
  absl::Status write_failure_ ABSL_GUARDED_BY(mutex_);

  // Of the stage that decides. Not what is recorded once a group failed.
  FactTable facts_;
  std::atomic<bool> facts_stale_ = false;

  absl::CondVar work_;
  bool closing_ ABSL_GUARDED_BY(mutex_) = false;
  // The last, as they use the rest.
  std::array<std::thread, 2> threads_;
};

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_ENGINE_LEDGER_WRITER_H_
