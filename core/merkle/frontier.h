// Frontier: the right edge of a growing Merkle tree, which is all that is
// needed to append to it and to know its root.
//
// It holds the hashes of the perfect subtrees that the tree is made of, at most
// 63, however many entries there are. Appending combines neighbours of equal
// size and tells of each node that becomes complete; a store that keeps them
// can give proofs later (core/merkle/proof.h), and one that only checks keeps
// none.
//
// Thread safety: thread-compatible.
//
// Rules: RFC 6962, section 2.1.

#ifndef DAYBOOK_CORE_MERKLE_FRONTIER_H_
#define DAYBOOK_CORE_MERKLE_FRONTIER_H_

#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "core/base/strong_int.h"
#include "core/merkle/hash.h"
#include "core/merkle/tree.h"

namespace daybook::merkle {

class Frontier {
 public:
  // The empty tree.
  Frontier() = default;

  // The tree whose PeakNodes have these hashes, in that order.
  //
  // Errors: INVALID_ARGUMENT when there is not one hash for each peak of the
  // size, or the size is above `tree_size_max`.
  static absl::StatusOr<Frontier> FromPeaks(LogSize size,
                                            std::vector<Hash> peaks);

  // Appends the hash of an entry and calls `visit` with each node that this
  // makes complete, NodesCompletedBy the entry's position, from the leaf
  // upwards. The tree must hold less than `tree_size_max` entries.
  void Append(const Hash& leaf,
              absl::FunctionRef<void(NodeId, const Hash&)> visit);

  // The same for those who keep no nodes.
  void Append(const Hash& leaf);

  LogSize size() const { return size_; }

  // Hashes of PeakNodes(size()), the largest first.
  const std::vector<Hash>& peaks() const { return peaks_; }

  Hash Root() const { return CombinePeaks(peaks_); }
  TreeHead Head() const { return {size_, Root()}; }

 private:
  LogSize size_{0};
  std::vector<Hash> peaks_;
};

}  // namespace daybook::merkle

#endif  // DAYBOOK_CORE_MERKLE_FRONTIER_H_
