#include "core/merkle/verify.h"

#include <bit>
#include <cstdint>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"

namespace daybook::merkle {
namespace {

absl::Status CheckSize(LogSize size) {
  if (size <= tree_size_max) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("a tree has at most ", tree_size_max.value(),
                   " entries, not ", size.value()));
}

absl::Status WrongLength(absl::Span<const Hash> proof) {
  return absl::InvalidArgumentError(
      absl::StrCat("the proof has ", proof.size(),
                   " hashes, which is not what its sizes need"));
}

// A node on the way from a leaf to the root and the last node of its level, as
// indexes that are halved with each level.
struct Walk {
  uint64_t node;
  uint64_t last;

  // Whether the node's sibling stands at its left. The last node of a level may
  // be at the left without a sibling; then it goes up until it is at the right.
  bool SiblingIsLeft() const { return (node & 1) == 1 || node == last; }

  void Up() {
    node >>= 1;
    last >>= 1;
  }

  // To the first level where the node stands at the right of its sibling.
  void UpWhileLeft() {
    while ((node & 1) == 0 && node != 0) Up();
  }
};

absl::Status CheckEmptyTree(const TreeHead& head) {
  if (head.size != LogSize(0) || head.root == EmptyRoot()) {
    return absl::OkStatus();
  }
  return absl::DataLossError(
      "a tree of size 0 has another root than the empty "
      "tree's");
}

// Consistency of sizes 0 < older < newer.
absl::Status WalkConsistency(absl::Span<const Hash> proof,
                             const TreeHead& older, const TreeHead& newer) {
  Walk walk{older.size.value() - 1, newer.size.value() - 1};
  while ((walk.node & 1) == 1) walk.Up();
  // A perfect older tree is a node of the newer one, and its root known.
  Hash start = older.root;
  absl::Span<const Hash> rest = proof;
  if (!std::has_single_bit(older.size.value())) {
    if (rest.empty()) return WrongLength(proof);
    start = rest.front();
    rest.remove_prefix(1);
  }
  Hash older_root = start;
  Hash newer_root = start;
  for (const Hash& hash : rest) {
    if (walk.last == 0) return WrongLength(proof);
    if (walk.SiblingIsLeft()) {
      older_root = NodeHash(hash, older_root);
      newer_root = NodeHash(hash, newer_root);
      walk.UpWhileLeft();
    } else {
      newer_root = NodeHash(newer_root, hash);
    }
    walk.Up();
  }
  if (walk.last != 0) return WrongLength(proof);
  if (older_root != older.root) {
    return absl::DataLossError(absl::StrCat(
        "the proof leads to another root of size ", older.size.value()));
  }
  if (newer_root != newer.root) {
    return absl::DataLossError(absl::StrCat(
        "the proof leads to another root of size ", newer.size.value()));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Hash> RootOfInclusion(absl::Span<const Hash> proof,
                                     const LeafPlace& place, const Hash& leaf) {
  RETURN_IF_ERROR(CheckSize(place.size));
  if (place.position >= NextPosition(place.size)) {
    return absl::InvalidArgumentError(
        absl::StrCat("position ", place.position.value(),
                     " is not in a tree of ", place.size.value(), " entries"));
  }
  Walk walk{place.position.value(), place.size.value() - 1};
  Hash root = leaf;
  for (const Hash& hash : proof) {
    if (walk.last == 0) return WrongLength(proof);
    if (walk.SiblingIsLeft()) {
      root = NodeHash(hash, root);
      walk.UpWhileLeft();
    } else {
      root = NodeHash(root, hash);
    }
    walk.Up();
  }
  if (walk.last != 0) return WrongLength(proof);
  return root;
}

absl::Status VerifyInclusion(absl::Span<const Hash> proof, Position position,
                             const Hash& leaf, const TreeHead& head) {
  ASSIGN_OR_RETURN(const Hash root,
                   RootOfInclusion(proof, {position, head.size}, leaf));
  if (root == head.root) return absl::OkStatus();
  return absl::DataLossError(
      absl::StrCat("the proof of position ", position.value(),
                   " leads to another root of size ", head.size.value()));
}

absl::Status VerifyConsistency(absl::Span<const Hash> proof,
                               const TreeHead& older, const TreeHead& newer) {
  RETURN_IF_ERROR(CheckSize(newer.size));
  if (older.size > newer.size) {
    return absl::InvalidArgumentError(
        absl::StrCat("the older tree has ", older.size.value(),
                     " entries, the newer one only ", newer.size.value()));
  }
  RETURN_IF_ERROR(CheckEmptyTree(older));
  RETURN_IF_ERROR(CheckEmptyTree(newer));
  if (older.size != newer.size && older.size != LogSize(0)) {
    return WalkConsistency(proof, older, newer);
  }
  if (!proof.empty()) return WrongLength(proof);
  if (older.size == newer.size && older.root != newer.root) {
    return absl::DataLossError(absl::StrCat(
        "two trees of size ", older.size.value(), " have different roots"));
  }
  return absl::OkStatus();
}

}  // namespace daybook::merkle
