// Checking proofs: what a reader does who trusts a signed tree head and nothing
// else that a server says.
//
// The hashes are walked from the leaf to the root, and every one of them must
// be used: a proof with one more or one less is refused like a false one. It
// shares nothing with the making of proofs (core/merkle/proof.h), so that a
// mistake there is found here.
//
// A proof is about the root. Where two sizes have the same way from a leaf to
// the root, as 3 and 4 have for position 0, hashes can not tell them apart;
// that the size is right follows from the signature over size and root
// together.
//
// Thread safety: pure functions.
//
// Rules: RFC 9162, sections 2.1.3.2 and 2.1.4.2.

#ifndef DAYBOOK_CORE_MERKLE_VERIFY_H_
#define DAYBOOK_CORE_MERKLE_VERIFY_H_

#include <cstddef>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "core/base/strong_int.h"
#include "core/merkle/hash.h"
#include "core/merkle/tree.h"

namespace daybook::merkle {

// The most hashes that a proof of each kind has in a tree of `tree_size_max`.
inline constexpr size_t inclusion_hashes_max = 63;
inline constexpr size_t consistency_hashes_max = 64;

// The position of an entry in a tree of a size.
struct LeafPlace {
  Position position;
  LogSize size;
};

// The root that the tree must have when the entry whose hash is `leaf` stands
// at `place` and the proof is right.
//
// Errors: INVALID_ARGUMENT when the tree does not hold the position, is larger
// than `tree_size_max`, or the proof has not exactly the hashes of that place.
absl::StatusOr<Hash> RootOfInclusion(absl::Span<const Hash> proof,
                                     const LeafPlace& place, const Hash& leaf);

// OK when the entry whose hash is `leaf` stands at `position` of the tree.
//
// Errors:
//   INVALID_ARGUMENT  as RootOfInclusion; what was given can prove nothing.
//   DATA_LOSS         the proof leads to another root: the entry, its position
//                     or the proof is not what the tree holds.
absl::Status VerifyInclusion(absl::Span<const Hash> proof, Position position,
                             const Hash& leaf, const TreeHead& head);

// OK when the `newer` tree begins with all entries of the `older` one. Every
// tree begins with the empty one, and with itself; these need an empty proof.
//
// Errors:
//   INVALID_ARGUMENT  `older` is larger than `newer`, a size is above
//                     `tree_size_max`, or the proof has not exactly the hashes
//                     of these sizes; what was given can prove nothing.
//   DATA_LOSS         the proof leads to another root than one of the two, one
//                     size has two roots, or size 0 has another root than
//                     EmptyRoot. When both heads are signed, history was
//                     changed or the proof is false; keep both heads.
absl::Status VerifyConsistency(absl::Span<const Hash> proof,
                               const TreeHead& older, const TreeHead& newer);

}  // namespace daybook::merkle

#endif  // DAYBOOK_CORE_MERKLE_VERIFY_H_
