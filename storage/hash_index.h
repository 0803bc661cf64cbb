// HashIndex: which positions of a log have a given hash, for the life of the
// log, in bounded memory.
//
// The newest positions are in a table in memory. When it is full, a thread of
// the index sorts it and writes it as a run, an immutable file for a range of
// positions; when there are `fan_out` neighbouring runs of a size, it merges
// them into one. A look-up asks the tables and the filter of each run, which
// keeps it from reading where the hash is not. So an entry costs its share of a
// few sequential writes, where a row of RocksDB costs a search in its write
// buffer and several compactions.
//
// It is derived from the log and disposable: it holds entries that are durable
// alone, what it lost is added again, and what does not fit the log is deleted.
// A hash that was added is always found, or the look-up fails; a hash that was
// not is never found.
//
// Thread safety: Find and size may be called from any thread at any time; Add
// and Clear from one thread at a time.
//
// Bytes on disk: docs/formats/hash_run.md.

#ifndef DAYBOOK_STORAGE_HASH_INDEX_H_
#define DAYBOOK_STORAGE_HASH_INDEX_H_

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/types/span.h"
#include "core/base/strong_int.h"
#include "storage/hash_run_directory.h"
#include "storage/hash_table.h"

namespace daybook::storage {

class SharedResources;

struct HashIndexOptions {
  // Directory of the runs, theirs alone. Created when missing; its parent must
  // exist, and nobody else may use it: the lock of the log sees to that.
  std::filesystem::path directory;

  // Entries of a table in memory, and of the smallest runs. There are two such
  // tables at most, of 32 bytes an entry.
  size_t memory_entries_max = 131'072;

  // How many neighbouring runs of a size become one of the next.
  size_t fan_out = 8;
};

class HashIndex {
 public:
  // 64 bits that tell the entry at a position from what another history of the
  // log has there, such as a hash of its bytes. Called by Open, and later by
  // the index's thread for entries that were added. Its errors are passed on.
  using DigestAt = std::function<absl::StatusOr<uint64_t>(Position)>;

  // Opens the index of a log of `log_size` entries. A run that is damaged,
  // reaches past `log_size`, ends in an entry of another digest, or leaves a
  // gap before it is deleted, and so are those that follow a gap: the caller
  // adds what is missing, from size() on. Costs the same whatever the size.
  //
  // `shared`, and what `digest_at` uses, must outlive the index.
  //
  // Errors: UNAVAILABLE when the file system refused; those of `digest_at`.
  static absl::StatusOr<std::unique_ptr<HashIndex>> Open(
      const HashIndexOptions& options, SharedResources& shared,
      LogSize log_size, DigestAt digest_at);

  // Stops the thread. Entries in memory are not written: they are added again
  // when the index is opened next.
  ~HashIndex();
  HashIndex(const HashIndex&) = delete;
  HashIndex& operator=(const HashIndex&) = delete;

  // Positions [0, size) are in the index.
  LogSize size() const;

  // Adds the hashes of the positions from `first` on, which is size(). The
  // entries must be durable, and readable by `digest_at`. Waits when both
  // tables are full, which bounds the memory.
  //
  // Errors: UNAVAILABLE when both tables are full and the older can not be
  // written, or an error of `digest_at`. Positions below size() were added and
  // are found; the rest can be added later, which tries the write again. Until
  // then the caller must decide nothing that depends on it: an entry that is
  // durable and not in the index would be taken for one that never was. A
  // caller that stops is served as after a failed append, by opening again.
  absl::Status Add(Position first, absl::Span<const uint64_t> hashes);

  // Calls `found(i, position)` once for each position below size() whose hash
  // is hashes[i], in any order. Positions that are added meanwhile may be
  // found.
  //
  // Errors, after which some positions may not have been found:
  //   DATA_LOSS    a run is damaged; Clear, then add everything again.
  //   UNAVAILABLE  the file system refused to read.
  absl::Status Find(absl::Span<const uint64_t> hashes,
                    absl::FunctionRef<void(size_t, Position)> found) const;

  // Forgets everything, on disk too; size() is 0 then.
  //
  // Errors: UNAVAILABLE when the file system refused; call it again.
  absl::Status Clear();

 private:
  // A table and where its positions begin; they have no gaps.
  struct Memory {
    explicit Memory(uint64_t position) : first(position) {}
    uint64_t limit() const { return first + table.size(); }

    const uint64_t first;
    HashTable table;
  };

  HashIndex(const HashIndexOptions& options, SharedResources& shared,
            DigestAt digest_at);

  // Adds what there is room for in the active table, and returns how many.
  size_t AddToActive(absl::Span<const uint64_t> hashes)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool active_full() const ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return active_->table.size() == options_.memory_entries_max;
  }
  // Waits until the active table is not full.
  absl::Status MakeRoom() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Gives the active table to the thread, which has none, and begins another.
  void Freeze() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  // What the thread does.
  void Work();
  bool write_due() const ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return frozen_ != nullptr && write_failure_.ok();
  }
  // Writes the frozen table as a run, when there is one to write.
  void WriteFrozen() ABSL_LOCKS_EXCLUDED(mutex_);
  absl::StatusOr<std::shared_ptr<const HashRun>> WriteRun(const Memory& memory);
  // Merges runs, when there are some to merge.
  void Merge() ABSL_LOCKS_EXCLUDED(mutex_);
  // Takes care of what can not wait until a merge is done. Not OK when the
  // merge is to end.
  absl::Status PauseMerge() ABSL_LOCKS_EXCLUDED(mutex_);

  // Constant after Open.
  const HashIndexOptions options_;
  const DigestAt digest_at_;

  // Used by Open, then by the thread, and by Clear while the thread rests.
  HashRunDirectory directory_;

  mutable absl::Mutex mutex_;
  // Something of what follows has changed.
  absl::CondVar changed_;
  std::shared_ptr<Memory> active_ ABSL_GUARDED_BY(mutex_);
  // Full and not yet in a run, or null.
  std::shared_ptr<const Memory> frozen_ ABSL_GUARDED_BY(mutex_);
  // Why it was not written; OK while that was not tried.
  absl::Status write_failure_ ABSL_GUARDED_BY(mutex_);
  // Never null; replaced whole, so that a look-up holds on to what it saw.
  std::shared_ptr<const HashRuns> runs_ ABSL_GUARDED_BY(mutex_);
  // Whether the runs have changed since a merge was last thought of.
  bool merge_due_ ABSL_GUARDED_BY(mutex_) = false;
  // The thread is reading or writing files.
  bool working_ ABSL_GUARDED_BY(mutex_) = false;
  // The thread should rest, or end.
  bool clearing_ ABSL_GUARDED_BY(mutex_) = false;
  bool closing_ ABSL_GUARDED_BY(mutex_) = false;

  // Begun when there is first something to write: a small ledger needs none.
  // Touched by Add and the destructor alone.
  std::thread thread_;
};

}  // namespace daybook::storage

#endif  // DAYBOOK_STORAGE_HASH_INDEX_H_
