// PersonalDataEraser: what an erasure deleted leaves the disk, and does not
// come back.
//
// The row of personal data is deleted in the write that records the erasure.
// What storage keeps of a deleted row for a while, in tables and in its
// write-ahead log, is rewritten in the background a moment later; a server that
// ends before that goes on when it opens the ledger again.
//
// Thread safety: all methods may be called from any thread.

#ifndef DAYBOOK_SERVICES_ENGINE_PERSONAL_DATA_ERASER_H_
#define DAYBOOK_SERVICES_ENGINE_PERSONAL_DATA_ERASER_H_

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "storage/event_log.h"

namespace daybook::services {

class PersonalDataEraser {
 public:
  // How long what was erased waits for more, so that many erasures, each an
  // append of its own, are one rewriting.
  static constexpr absl::Duration gathered_for = absl::Seconds(1);

  // `log` must outlive it.
  explicit PersonalDataEraser(storage::EventLog& log) : log_(log) {}
  // What is not purged by then waits for the next opening.
  ~PersonalDataEraser();
  PersonalDataEraser(const PersonalDataEraser&) = delete;
  PersonalDataEraser& operator=(const PersonalDataEraser&) = delete;

  // Applies all erasures of the ledger again, by what admission knows of them:
  // a row that stands for an erased entry, such as one that was put back from
  // elsewhere, is deleted before this returns. Costs as much as there are
  // erasures, whatever the size of the ledger.
  //
  // Errors: UNAVAILABLE when the disk refused a write; DATA_LOSS when stored
  // bytes are damaged.
  absl::Status EraseAgain() ABSL_LOCKS_EXCLUDED(mutex_);

  // The rows of these positions were deleted.
  void Purge(const std::vector<uint64_t>& positions)
      ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  void Purge(std::vector<std::string> keys) ABSL_LOCKS_EXCLUDED(mutex_);
  void Run() ABSL_LOCKS_EXCLUDED(mutex_);

  storage::EventLog& log_;
  std::atomic<bool> stopped_{false};

  absl::Mutex mutex_;
  // To be purged.
  std::vector<std::string> keys_ ABSL_GUARDED_BY(mutex_);
  // Begins with the first erasure: most ledgers have none.
  std::thread thread_;
};

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_ENGINE_PERSONAL_DATA_ERASER_H_
