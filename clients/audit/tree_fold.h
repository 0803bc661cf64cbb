// TreeFold: the Merkle tree over bundles that come in order, compared with the
// tiles that are stored, and its roots at the sizes that somebody signed.
//
// Only the right edge of the tree is kept, and of each tile level what its last
// tile holds. Where a bundle and its tile are lost, the hash over them is taken
// from the tile above, so that what follows can still be checked; where that is
// lost too no root is known from there on.
//
// Thread safety: thread-compatible.

#ifndef DAYBOOK_CLIENTS_AUDIT_TREE_FOLD_H_
#define DAYBOOK_CLIENTS_AUDIT_TREE_FOLD_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "clients/audit/bundle_reading.h"
#include "clients/audit/fetcher.h"
#include "clients/audit/finding.h"
#include "core/base/strong_int.h"
#include "core/merkle/frontier.h"
#include "core/merkle/hash.h"
#include "core/merkle/tile.h"
#include "core/merkle/tree.h"

namespace daybook::audit {

class TreeFold {
 public:
  // Of a tree of `size` entries, whose full bundles before `begun` are already
  // in: a multiple of the width of a bundle. `roots_at` are the sizes, above
  // that of `begun`, whose roots are asked for.
  TreeFold(Fetcher& fetcher, LogSize size, merkle::Frontier begun,
           std::vector<uint64_t> roots_at, Findings& findings);

  // The next bundle, in order.
  //
  // Errors: those of the fetcher that say nothing about the log.
  absl::Status Append(const BundleReading& reading);

  // Compares the tiles at the right edge. After the last bundle.
  //
  // Errors: as Append.
  absl::Status Finish();

  // The root at one of the sizes asked for, once the bundle that it ends in was
  // appended; absent when it is not known.
  std::optional<merkle::Hash> RootAt(LogSize size) const;

  // Hashes of PeakNodes(size), after Finish; none when they are not known.
  std::optional<std::vector<merkle::Hash>> Peaks() const;

  // The root over a full bundle that was appended; absent when not known.
  std::optional<merkle::Hash> BundleRoot(merkle::TileIndex index) const;

 private:
  // What is known of the last tile of a level: hashes from `first` on.
  struct Edge {
    uint64_t first = 0;
    std::vector<merkle::Hash> hashes;
  };

  void NoteRoots(const merkle::Bundle& bundle,
                 const std::vector<merkle::Hash>& leaves);
  // Errors: as Append.
  absl::StatusOr<std::optional<merkle::Hash>> RootOfLost(
      merkle::TileIndex index);
  absl::Status AppendFull(const merkle::Hash& root);
  absl::Status CompareTile(merkle::TileLevel level, Edge& edge);

  Fetcher& fetcher_;
  const LogSize size_;
  Findings& findings_;
  std::vector<uint64_t> roots_at_;
  size_t next_root_ = 0;
  std::map<uint64_t, merkle::Hash> roots_;

  // Over the roots of full bundles, as if these were leaves.
  merkle::Frontier bundles_;
  const uint64_t first_bundle_;
  std::vector<merkle::Hash> bundle_roots_;
  // By tile level, from 1.
  std::vector<Edge> edges_;
  // The leaves of the last bundle, where it is not full.
  std::vector<merkle::Hash> last_leaves_;
  bool known_ = true;
};

// The root over entries, full bundles first: `bundles` over their roots, then
// leaves behind them.
merkle::Hash RootOver(const merkle::Frontier& bundles,
                      const std::vector<merkle::Hash>& leaves, size_t count);

// Proves, from the tiles of the newer tree, that it continues the older one.
//
// Errors: DATA_LOSS when it does not, or a tile is missing or damaged; those of
// the fetcher.
absl::Status CheckConsistency(Fetcher& fetcher, const merkle::TreeHead& older,
                              const merkle::TreeHead& newer);

}  // namespace daybook::audit

#endif  // DAYBOOK_CLIENTS_AUDIT_TREE_FOLD_H_
