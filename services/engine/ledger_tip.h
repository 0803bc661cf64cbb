// LedgerTip: the end of a ledger as readers see it, and the times that were
// answered from it.
//
// A time after the last entry is answered with the size of now. So that this
// stays true, every later entry gets a later time, also after a restart or a
// step of the clock: the latest time that was answered is kept in
// Space::kFact, durable before the answer is given.
//
// Thread safety: all methods may be called from any thread, BeginGroup,
// and EndGroup with Grow, each from one at a time.

#ifndef DAYBOOK_SERVICES_ENGINE_LEDGER_TIP_H_
#define DAYBOOK_SERVICES_ENGINE_LEDGER_TIP_H_

#include <atomic>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "core/base/clock.h"
#include "core/base/strong_int.h"
#include "storage/event_log.h"

namespace daybook::services {

class LedgerTip {
 public:
  // Both must outlive it.
  LedgerTip(storage::EventLog& log, const Clock& clock)
      : log_(log), clock_(clock) {}
  LedgerTip(const LedgerTip&) = delete;
  LedgerTip& operator=(const LedgerTip&) = delete;

  // Begins at the end of the log, whose last entry has this time.
  //
  // Errors: DATA_LOSS when stored bytes are damaged.
  absl::Status Load(int64_t recorded_time_us);

  // Number of entries that readers see. Never decreases.
  LogSize size() const;

  // False when it has not this size by then.
  bool WaitForSize(LogSize size, absl::Time deadline) const;

  // Waits until it has this size, or `given_up` is set and Wake called.
  void WaitForSize(LogSize size, const std::atomic<bool>& given_up) const;
  void Wake() const;

  // The recorded time of the group of entries that begins: later than every
  // entry, every group before and every time that was answered.
  int64_t BeginGroup();
  // The log grew by the group.
  void Grow(int64_t recorded_time_us);
  // The first of those that began and did not end.
  void EndGroup(int64_t recorded_time_us);

  // The size at a time after the last entry; absent for an earlier time.
  //
  // Errors: OUT_OF_RANGE when it lies in the future; UNAVAILABLE when the disk
  // refused to keep note of the time.
  absl::StatusOr<std::optional<LogSize>> AnswerTime(int64_t time);

  // Calls `switch_generation` with what the next generation must hold so that
  // times stay answered. None is kept meanwhile.
  //
  // Errors: those of the call.
  absl::Status CarryOver(
      absl::FunctionRef<absl::Status(std::vector<storage::SideWrite>)>
          switch_generation);

 private:
  // Returns when it is durable that the time was answered.
  absl::Status Keep(int64_t time) ABSL_LOCKS_EXCLUDED(kept_mutex_);

  storage::EventLog& log_;
  const Clock& clock_;

  mutable absl::Mutex mutex_;
  // Of the last entry, and how many there are; both as readers see them.
  int64_t recorded_time_us_ ABSL_GUARDED_BY(mutex_) = 0;
  LogSize size_ ABSL_GUARDED_BY(mutex_){0};
  // Of the groups that are being decided and committed, ascending.
  std::deque<int64_t> group_times_us_ ABSL_GUARDED_BY(mutex_);
  // The latest time that was answered, or is about to be.
  int64_t answered_time_us_ ABSL_GUARDED_BY(mutex_) = 0;

  absl::Mutex kept_mutex_ ABSL_ACQUIRED_AFTER(mutex_);
  // What of it is durable.
  int64_t kept_time_us_ ABSL_GUARDED_BY(kept_mutex_) = 0;
};

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_ENGINE_LEDGER_TIP_H_
