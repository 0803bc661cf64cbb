// The shape of a Merkle tree: which perfect subtrees it is made of.
//
// A node (level, index) is the perfect subtree over the entries
// [index * 2^level, (index + 1) * 2^level). Once the tree holds them all the
// node never changes again, whatever is appended; these complete nodes are what
// a store keeps, and all else (the right edge of a tree whose size is no power
// of two, and its root) is combined from them when it is asked for.
//
// Thread safety: value types and pure functions.
//
// Rules: RFC 6962, section 2.1.

#ifndef DAYBOOK_CORE_MERKLE_TREE_H_
#define DAYBOOK_CORE_MERKLE_TREE_H_

#include <compare>
#include <cstdint>
#include <limits>
#include <vector>

#include "absl/types/span.h"
#include "core/base/strong_int.h"
#include "core/merkle/hash.h"

namespace daybook::merkle {

// The most entries that a tree holds: what a signed number of 64 bits counts,
// as in other implementations.
inline constexpr LogSize tree_size_max{std::numeric_limits<int64_t>::max()};

// How far a node stands above the leaves, which are at level 0.
using Level = StrongInt<struct LevelTag, uint32_t>;

// Place of a node among those of its level, from 0.
using NodeIndex = StrongInt<struct NodeIndexTag>;

struct NodeId {
  Level level;
  NodeIndex index;

  friend constexpr auto operator<=>(const NodeId&, const NodeId&) = default;
};

// What a tree is known by from outside. Both belong together: the root alone
// does not always tell trees of different sizes apart.
struct TreeHead {
  LogSize size;
  Hash root;

  friend constexpr auto operator<=>(const TreeHead&, const TreeHead&) = default;
};

// The fewest nodes that cover the entries [first, limit), from left to right.
// `limit` must be at most `tree_size_max` and not below `first`.
std::vector<NodeId> CoveringNodes(Position first, Position limit);

// The nodes at the right edge that a tree of this size is made of, the largest
// first: CoveringNodes of all its entries. At most 63, none when it is empty.
std::vector<NodeId> PeakNodes(LogSize size);

// The nodes that the entry at `position` makes complete, from its leaf upwards:
// one more than the position has ones at its binary end.
std::vector<NodeId> NodesCompletedBy(Position position);

// Whether a tree of this size holds all entries of the node.
bool IsComplete(NodeId node, LogSize size);

// The hash over subtrees that stand side by side, each smaller than or as large
// as the one before, the last combined first; EmptyRoot without any. Of the
// hashes of PeakNodes this is the root.
Hash CombinePeaks(absl::Span<const Hash> peaks);

}  // namespace daybook::merkle

#endif  // DAYBOOK_CORE_MERKLE_TREE_H_
