// ProofNodes: which stored nodes a proof is made of, and the proof from them.
//
// An inclusion proof shows that an entry stands at a position of a tree, a
// consistency proof that a tree is the beginning of a larger one. Both are
// lists of hashes of subtrees, most of them perfect, so that a store has them;
// the one at the right edge may have to be combined from several. Naming the
// nodes first is pure arithmetic, so a caller can fetch them in one batch, from
// rows or from tiles (core/merkle/tile.h), under whatever locks or snapshots it
// has.
//
//   ASSIGN_OR_RETURN(const ProofNodes wanted,
//                    ProofNodes::OfInclusion(position, size));
//   std::vector<Hash> hashes = ... one for each of wanted.nodes() ...
//   const std::vector<Hash> proof = wanted.Combine(hashes);
//
// How proofs are checked is in core/merkle/verify.h, which shares nothing with
// this.
//
// Thread safety: a value type.
//
// Rules: RFC 6962, sections 2.1.1 and 2.1.2.

#ifndef DAYBOOK_CORE_MERKLE_PROOF_H_
#define DAYBOOK_CORE_MERKLE_PROOF_H_

#include <cstddef>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "core/base/strong_int.h"
#include "core/merkle/hash.h"
#include "core/merkle/tree.h"

namespace daybook::merkle {

class ProofNodes {
 public:
  // Of the proof that the entry at `position` is in the tree of this size: the
  // subtrees beside its way, from the leaf to the root.
  //
  // Errors: OUT_OF_RANGE when the tree does not hold the position, or is larger
  // than `tree_size_max`.
  static absl::StatusOr<ProofNodes> OfInclusion(Position position,
                                                LogSize size);

  // Of the proof that the tree of `newer` entries begins with the `older` ones.
  // Nothing has to be shown, and the proof is empty, when `older` is 0 or
  // equal.
  //
  // Errors: OUT_OF_RANGE when `older` is larger than `newer`, or `newer` is
  // larger than `tree_size_max`.
  static absl::StatusOr<ProofNodes> OfConsistency(LogSize older, LogSize newer);

  // The nodes to fetch; all are complete in the tree that the proof is about.
  const std::vector<NodeId>& nodes() const { return nodes_; }

  // The proof; `hashes` must have the hash of each of nodes(), in their order.
  std::vector<Hash> Combine(absl::Span<const Hash> hashes) const;

 private:
  // Adds the hash over the entries [first, limit) to the proof.
  void AddSubtree(Position first, Position limit);

  // The proof is found from the root down, and told from the leaf up.
  void Reverse();

  std::vector<NodeId> nodes_;

  // How many of the nodes, in turn, make one hash of the proof.
  std::vector<size_t> groups_;
};

// Fetches the nodes one by one and combines them.
//
// Errors: those of `read`, whose first one ends the reading.
absl::StatusOr<std::vector<Hash>> ReadProof(
    const ProofNodes& wanted,
    absl::FunctionRef<absl::StatusOr<Hash>(NodeId)> read);

}  // namespace daybook::merkle

#endif  // DAYBOOK_CORE_MERKLE_PROOF_H_
