// LedgerTree: the Merkle tree over a ledger's entries, which grows in the same
// write as they do.
//
// In Space::kTree lies, for each tile level from 1 up, one row for each hash of
// a tile: the root of 256^level entries, written with the group that completes
// them. Hashes of single entries are not stored: the entries give them again,
// and must then give the hash of level 1 that was stored when they were
// recorded, or what is stored was changed. One more row holds size and root as
// of the last group, which the entries behind the last full tile must give.
//
// So an acknowledged entry is in the tree, a proof or tile of any size is a few
// rows and at most 512 entries, and the writer keeps the right edge alone.
//
// Thread safety: reads may be called from any thread; Add, Written and TakeBack
// by one at a time.
//
// Bytes: docs/formats/event_log.md. Rules: RFC 6962, section 2.1.

#ifndef DAYBOOK_SERVICES_ENGINE_LEDGER_TREE_H_
#define DAYBOOK_SERVICES_ENGINE_LEDGER_TREE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/types/span.h"
#include "core/base/strong_int.h"
#include "core/merkle/frontier.h"
#include "core/merkle/hash.h"
#include "core/merkle/tile.h"
#include "core/merkle/tree.h"
#include "storage/event_log.h"

namespace daybook::services {

class LedgerTree {
 public:
  // Reads the right edge, at a cost that does not depend on the size. `log`
  // must outlive it, and grow by what its user adds here alone.
  //
  // Errors: DATA_LOSS when the newest entries do not give the stored root, or
  // rows are missing or damaged.
  static absl::StatusOr<std::unique_ptr<LedgerTree>> Open(
      const storage::EventLog& log);

  LedgerTree(const LedgerTree&) = delete;
  LedgerTree& operator=(const LedgerTree&) = delete;

  // Adds the hashes of a group of entries, and what must be written with it to
  // `writes`. Call Written once they are written, or TakeBack when they could
  // not be.
  void Add(absl::Span<const merkle::Hash> leaves,
           std::vector<storage::SideWrite>& writes) ABSL_LOCKS_EXCLUDED(mutex_);
  void Written() ABSL_LOCKS_EXCLUDED(mutex_);
  void TakeBack() ABSL_LOCKS_EXCLUDED(mutex_);

  // Size and root of all that is durable.
  merkle::TreeHead Head() const ABSL_LOCKS_EXCLUDED(mutex_);

  // What another tree would have to grow from to go on after it.
  merkle::Frontier Durable() const ABSL_LOCKS_EXCLUDED(mutex_);

  // The same as known at a size.
  //
  // Errors of this and what follows:
  //   OUT_OF_RANGE  the ledger is smaller, or what is asked for is not in the
  //                 tree of that size.
  //   DATA_LOSS     entries or rows are missing or damaged, or were changed.
  absl::StatusOr<merkle::TreeHead> HeadAt(LogSize size) const;

  // The hashes of a tile.
  absl::StatusOr<std::vector<merkle::Hash>> ReadTile(
      const merkle::Tile& tile) const;

  // The entries from `first` on, before `limit`, as many as one tile is over.
  absl::StatusOr<std::vector<std::string>> ReadEntries(Position first,
                                                       Position limit) const;

  // The bytes of a bundle of entries.
  absl::StatusOr<std::string> ReadBundle(const merkle::Bundle& bundle) const;

  absl::StatusOr<std::vector<merkle::Hash>> ProveInclusion(Position position,
                                                           LogSize size) const;
  absl::StatusOr<std::vector<merkle::Hash>> ProveConsistency(
      LogSize older, LogSize newer) const;

 private:
  // Neighbouring entries that one tile is over.
  struct Group {
    std::vector<std::string> entries;
    std::vector<merkle::Hash> leaves;
  };

  explicit LedgerTree(const storage::EventLog& log) : log_(log) {}

  // All that reads is given the right edge to hold what it read against; absent
  // while that is not known yet.
  absl::StatusOr<Group> ReadGroup(
      uint64_t index, const std::optional<merkle::Frontier>& durable) const;
  absl::StatusOr<std::vector<merkle::Hash>> ReadHashes(
      const merkle::Tile& tile,
      const std::optional<merkle::Frontier>& durable) const;
  absl::StatusOr<std::vector<merkle::Hash>> ReadNodes(
      absl::Span<const merkle::NodeId> nodes, LogSize size,
      const std::optional<merkle::Frontier>& durable) const;
  // Whether the hashes of a tile, all that there are, give what is known of
  // them.
  absl::Status Check(merkle::TileLevel level, uint64_t index,
                     absl::Span<const merkle::Hash> hashes,
                     const std::optional<merkle::Frontier>& durable) const;
  absl::StatusOr<std::vector<merkle::Hash>> ReadRows(merkle::TileLevel level,
                                                     uint64_t first,
                                                     uint64_t limit) const;

  const storage::EventLog& log_;

  mutable absl::Mutex mutex_;
  // Of what is durable, and with what is being written.
  merkle::Frontier durable_ ABSL_GUARDED_BY(mutex_);
  merkle::Frontier written_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_ENGINE_LEDGER_TREE_H_
