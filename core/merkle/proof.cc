#include "core/merkle/proof.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "core/base/check.h"
#include "core/base/status_macros.h"

namespace daybook::merkle {
namespace {

// Where a tree of `count` entries, at least 2, divides: the largest power of
// two that is strictly smaller.
uint64_t SplitOf(uint64_t count) { return std::bit_floor(count - 1); }

absl::Status CheckSize(LogSize size) {
  if (size <= tree_size_max) return absl::OkStatus();
  return absl::OutOfRangeError(absl::StrCat("a tree has at most ",
                                            tree_size_max.value(),
                                            " entries, not ", size.value()));
}

}  // namespace

absl::StatusOr<ProofNodes> ProofNodes::OfInclusion(Position position,
                                                   LogSize size) {
  RETURN_IF_ERROR(CheckSize(size));
  if (position >= NextPosition(size)) {
    return absl::OutOfRangeError(absl::StrCat("position ", position.value(),
                                              " is not in a tree of ",
                                              size.value(), " entries"));
  }
  ProofNodes proof;
  uint64_t begin = 0;
  uint64_t end = size.value();
  while (end - begin > 1) {
    const uint64_t middle = begin + SplitOf(end - begin);
    if (position.value() < middle) {
      proof.AddSubtree(Position(middle), Position(end));
      end = middle;
    } else {
      proof.AddSubtree(Position(begin), Position(middle));
      begin = middle;
    }
  }
  proof.Reverse();
  return proof;
}

absl::StatusOr<ProofNodes> ProofNodes::OfConsistency(LogSize older,
                                                     LogSize newer) {
  RETURN_IF_ERROR(CheckSize(newer));
  if (older > newer) {
    return absl::OutOfRangeError(absl::StrCat("a tree of ", newer.value(),
                                              " entries can not begin with ",
                                              older.value()));
  }
  ProofNodes proof;
  if (older == LogSize(0) || older == newer) return proof;
  uint64_t begin = 0;
  uint64_t end = newer.value();
  // Down to the subtree that ends where the older tree ends.
  while (end != older.value()) {
    const uint64_t middle = begin + SplitOf(end - begin);
    if (older.value() <= middle) {
      proof.AddSubtree(Position(middle), Position(end));
      end = middle;
    } else {
      proof.AddSubtree(Position(begin), Position(middle));
      begin = middle;
    }
  }
  // That subtree too, unless it is the whole older tree, whose root is known.
  if (begin > 0) proof.AddSubtree(Position(begin), Position(end));
  proof.Reverse();
  return proof;
}

std::vector<Hash> ProofNodes::Combine(absl::Span<const Hash> hashes) const {
  DAYBOOK_CHECK(hashes.size() == nodes_.size());
  std::vector<Hash> proof;
  proof.reserve(groups_.size());
  for (const size_t count : groups_) {
    proof.push_back(CombinePeaks(hashes.first(count)));
    hashes.remove_prefix(count);
  }
  return proof;
}

void ProofNodes::AddSubtree(Position first, Position limit) {
  const std::vector<NodeId> nodes = CoveringNodes(first, limit);
  // Backwards, as Reverse will turn them.
  nodes_.insert(nodes_.end(), nodes.rbegin(), nodes.rend());
  groups_.push_back(nodes.size());
}

void ProofNodes::Reverse() {
  std::reverse(nodes_.begin(), nodes_.end());
  std::reverse(groups_.begin(), groups_.end());
}

absl::StatusOr<std::vector<Hash>> ReadProof(
    const ProofNodes& wanted,
    absl::FunctionRef<absl::StatusOr<Hash>(NodeId)> read) {
  std::vector<Hash> hashes;
  hashes.reserve(wanted.nodes().size());
  for (const NodeId node : wanted.nodes()) {
    ASSIGN_OR_RETURN(const Hash hash, read(node));
    hashes.push_back(hash);
  }
  return wanted.Combine(hashes);
}

}  // namespace daybook::merkle
