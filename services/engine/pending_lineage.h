// PendingLineage: the newest rows of lineage blocks, which wait in memory until
// they are stored, and where the last block of each bucket ends.
//
// The events of a commit group spread over many buckets, so that a row of each
// would have to be stored with the group. Here a bucket's rows gather, and are
// stored many at once, by the block. A block that begins to wait goes to the
// end of one queue, and the front is stored first. So the position from which
// the front waits is the size up to which the store has all rows, and what a
// crash takes away are rows of a bounded number of entries.
//
// What a group adds can be taken back until it is written.
//
// Thread safety: thread-compatible.

#ifndef DAYBOOK_SERVICES_ENGINE_PENDING_LINEAGE_H_
#define DAYBOOK_SERVICES_ENGINE_PENDING_LINEAGE_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <list>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "core/base/strong_int.h"
#include "core/report/posting.h"

namespace daybook::services {

// How much waits at most once a group is written.
struct PendingLineageLimits {
  size_t rows_max = 65'536;
  // With what new blocks begin with: one of a bucket with rows on every day of
  // the year takes as much as 300 rows.
  size_t bytes_max = size_t{4} << 20;
  // From the first entry with a row that waits to the last entry; what is read
  // again after a crash. Rows of busy buckets are stored before earlier ones of
  // others, so this is more than `rows_max`.
  uint64_t entries_max = 196'608;
  // Buckets whose last block is known, about. More than may wait.
  size_t tails_max = 262'144;
};

// What waits of one subject, copied for a reader.
struct LineageOverlay {
  // Of a block, what comes behind its `stored_bytes`.
  struct Part {
    uint32_t bucket = 0;
    Position first{0};
    size_t stored_bytes = 0;
    // In `bytes`.
    size_t begin = 0;
    size_t size = 0;
  };
  std::vector<Part> parts;
  std::string bytes;
};

class PendingLineage {
 public:
  struct Subject;

  // A block with rows that wait.
  struct Block {
    Subject* subject = nullptr;
    uint32_t bucket = 0;
    Position first{0};
    // Of its first row that waits.
    Position waits_from{0};
    // How much of it is stored; 0: it is a new one.
    size_t stored_bytes = 0;
    size_t rows = 0;
    std::string bytes;
  };

  // The last block of a bucket.
  struct Tail {
    Position first{0};
    // 0: there is none yet.
    uint32_t rows = 0;
    uint32_t stored_bytes = 0;
    // Rows before it were in the store when the tail was read from there.
    Position stored_to{0};
    // Null when all of it is stored.
    Block* waiting = nullptr;
    // The group that changed it last.
    uint64_t group = 0;
  };

  struct Subject {
    std::string name;
    absl::flat_hash_map<uint32_t, Tail> tails;
    // In the order of the queue.
    std::list<Block> blocks;
    size_t bytes = 0;
  };

  explicit PendingLineage(const PendingLineageLimits& limits);
  PendingLineage(const PendingLineage&) = delete;
  PendingLineage& operator=(const PendingLineage&) = delete;

  // Begins a group. Tails and subjects stay where they are until the next.
  void BeginGroup();

  Subject& FindOrAdd(absl::string_view subject);
  // Null when it is not known. Setting another tail moves it.
  Tail* FindTail(Subject& subject, uint32_t bucket);
  Tail& SetTail(Subject& subject, uint32_t bucket, const Tail& tail);

  // Begins the next block of a bucket with these bytes, which no row precedes.
  // `at_once`: it is stored with this very group.
  void BeginBlock(Subject& subject, uint32_t bucket, Tail& tail, Position first,
                  std::string header, bool at_once);
  // Puts a row behind those of the last block, which is not full.
  void Add(Subject& subject, uint32_t bucket, Tail& tail, const MoneyRow& row,
           bool at_once);

  // How many blocks at the front of the queue must be stored so that the rest
  // is within the limits when the ledger has this size.
  size_t CountDue(LogSize size) const;
  size_t count() const { return queue_.size(); }
  // The first of the queue, and what is stored with this group.
  std::vector<const Block*> Due(size_t count) const;
  // From where on the store lacks rows once `count` blocks are stored, at most
  // `size`.
  LogSize StoredSize(size_t count, LogSize size) const;

  // The group was written, with the first blocks of the queue.
  void Written(size_t count);
  // The group was not written.
  void TakeBack();
  // Lets go of everything.
  void Clear();

  // What waits of a subject, without what is stored with this group.
  void CopyTo(absl::string_view subject, LineageOverlay& overlay) const;

  size_t rows() const { return rows_; }
  size_t bytes() const { return bytes_; }
  size_t tails() const { return tails_; }

 private:
  // What there was before the group.
  struct Before {
    Subject* subject;
    uint32_t bucket;
    Tail tail;
    // Of the block that waits, if one does.
    size_t rows;
    size_t bytes;
  };

  void NoteBefore(Subject& subject, uint32_t bucket, Tail& tail);
  Block& BeginToWait(Subject& subject, uint32_t bucket, Tail& tail,
                     Position from, bool at_once);
  void Stored(const Block& block);
  void Forget(const Block& block);
  // Lets go of tails of which nothing waits.
  void Evict();

  const PendingLineageLimits limits_;
  absl::flat_hash_map<std::string, std::unique_ptr<Subject>> subjects_;
  // The last that was looked up: the next posting is often of the same.
  Subject* last_subject_ = nullptr;
  // Blocks of the subjects, by the position from which they wait.
  std::deque<Block*> queue_;
  size_t rows_ = 0;
  size_t bytes_ = 0;
  size_t tails_ = 0;

  // Of the group.
  uint64_t group_ = 0;
  std::vector<Before> before_;
  // How many blocks it put into the queue.
  size_t added_ = 0;
  std::list<Block> at_once_;
};

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_ENGINE_PENDING_LINEAGE_H_
