// Lineage: what every report can be rebuilt from as known at any size, without
// reading the log; stored rows, and those that wait in memory, as one.
//
// Statements, definitions of buckets and rows of the late bucket are written
// with the group that makes them: they are rare, and no entry tells later that
// it came late. All other rows wait (pending_lineage.h), and a slice of what
// waits longest rides in each group's write, so that what waits is bounded. The
// same write says up to which size the store has all rows; from there on
// entries are read again after a crash. Once settled, the store has the bytes
// that it would have if every row had been written with its group.
//
// Rows of a group that is being written can be seen already. Readers look no
// further than a size that was durable before they made their cursor, and a
// group that was not written is taken back.
//
// Thread safety: NewCursor may be called from any thread, and waits for no
// write; all else by one thread at a time.
//
// Bytes: docs/formats/event_log.md.

#ifndef DAYBOOK_SERVICES_ENGINE_LINEAGE_H_
#define DAYBOOK_SERVICES_ENGINE_LINEAGE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "core/base/strong_int.h"
#include "daybook/v1/entry.pb.h"
#include "services/engine/lineage_cursor.h"
#include "services/engine/pending_lineage.h"
#include "services/engine/placed_posting.h"
#include "storage/event_log.h"

namespace daybook::services {

class Lineage {
 public:
  // `log` must outlive it, and grow by what its user notes here alone. `space`
  // is the generation of the lineage that it reads and writes.
  explicit Lineage(storage::EventLog& log,
                   storage::Space space = storage::Space::kLineage,
                   const PendingLineageLimits& limits = {});
  Lineage(const Lineage&) = delete;
  Lineage& operator=(const Lineage&) = delete;

  // Reads the entries again whose rows a crash took away; before all else, of
  // the generation that serves. `target_of` answers the entry that an entry
  // reverses.
  //
  // Errors: DATA_LOSS when what is stored is damaged or incomplete, and those
  // of reading entries.
  absl::Status CatchUp(
      absl::FunctionRef<
          absl::StatusOr<std::optional<v1::Entry>>(const v1::Entry&)>
          target_of);

  // Notes the postings of a group of entries, one for each and in their order,
  // and adds what must be written with it to `writes`. Call Written once they
  // are written, or TakeBack when they could not be.
  //
  // Errors: DATA_LOSS when stored lineage is damaged. The group is taken back.
  absl::Status Add(const std::vector<PlacedPosting>& postings,
                   std::vector<storage::SideWrite>& writes)
      ABSL_LOCKS_EXCLUDED(mutex_);
  void Written() ABSL_LOCKS_EXCLUDED(mutex_);
  void TakeBack() ABSL_LOCKS_EXCLUDED(mutex_);

  // Stores all that waits. Between groups.
  //
  // Errors: UNAVAILABLE when the disk refused it; it waits on then.
  absl::Status Settle() ABSL_LOCKS_EXCLUDED(mutex_);

  // The generation was switched to one that has all rows. Between groups.
  void Forget() ABSL_LOCKS_EXCLUDED(mutex_);

  // Over the lineage of a subject. It has all rows before every size that was
  // durable before the call; what is behind such a size may be there or not.
  std::unique_ptr<LineageCursor> NewCursor(absl::string_view subject) const
      ABSL_LOCKS_EXCLUDED(mutex_);

  // Over names of subjects, definitions and statements of all: none waits.
  std::unique_ptr<storage::SideCursor> NewNameCursor() const {
    return log_.NewCursor(space_);
  }

 private:
  struct InWrite {
    // How many blocks of the queue are in it.
    size_t blocks = 0;
    LogSize size{0};
    LogSize stored_size{0};
  };

  absl::Status AddRows(const std::vector<PlacedPosting>& postings,
                       std::vector<storage::SideWrite>& writes)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status AddRow(const PlacedPosting& placed, size_t place)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Of a bucket that memory does not know. Readers go on meanwhile.
  absl::StatusOr<PendingLineage::Tail> ReadTail(absl::string_view subject,
                                                uint32_t bucket)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // How the block begins that follows a full one. Readers go on meanwhile.
  absl::StatusOr<std::string> HeaderAfter(absl::string_view subject,
                                          uint32_t bucket,
                                          const PendingLineage::Tail& tail)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Adds the first blocks of the queue to `writes`, and notes it.
  void Write(size_t blocks, LogSize size,
             std::vector<storage::SideWrite>& writes)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  storage::EventLog& log_;
  const storage::Space space_;
  const storage::Space facts_space_;

  // Of its user. Sizes with the last group that was written, and up to which
  // the store has all rows.
  LogSize size_{0};
  LogSize stored_size_{0};
  InWrite in_write_;

  mutable absl::Mutex mutex_;
  PendingLineage pending_ ABSL_GUARDED_BY(mutex_);
  // The log's that it is of.
  uint64_t generation_ ABSL_GUARDED_BY(mutex_);
  // How often some of it became void: a copy from before does not fit what is
  // stored after.
  uint64_t voided_ ABSL_GUARDED_BY(mutex_) = 0;
};

// What says up to which size a generation's lineage is stored.
storage::SideWrite LineageSizeWrite(storage::Space facts_space, LogSize size);

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_ENGINE_LINEAGE_H_
