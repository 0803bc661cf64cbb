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

namespace daybook::storage {

class HashIndex;
class HashRun;
class HashTable;
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
  HashIndex(const HashIndexOptions& options, SharedResources& shared,
            DigestAt digest_at);
};

}  // namespace daybook::storage

#endif  // DAYBOOK_STORAGE_HASH_INDEX_H_
