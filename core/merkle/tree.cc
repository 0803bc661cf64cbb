#include "core/merkle/tree.h"

#include <algorithm>
#include <bit>
#include <cstddef>

#include "core/base/check.h"

namespace daybook::merkle {

std::vector<NodeId> CoveringNodes(Position first, Position limit) {
  DAYBOOK_CHECK(first <= limit && limit.value() <= tree_size_max.value());
  std::vector<NodeId> nodes;
  uint64_t begin = first.value();
  while (begin < limit.value()) {
    // As high as the alignment of `begin` allows, and what is left.
    const uint64_t fits = std::bit_floor(limit.value() - begin);
    const auto level = static_cast<uint32_t>(
        std::min(std::countr_zero(begin), std::countr_zero(fits)));
    nodes.push_back({Level(level), NodeIndex(begin >> level)});
    begin += uint64_t{1} << level;
  }
  return nodes;
}

std::vector<NodeId> PeakNodes(LogSize size) {
  return CoveringNodes(Position(0), NextPosition(size));
}

std::vector<NodeId> NodesCompletedBy(Position position) {
  DAYBOOK_CHECK(position.value() < tree_size_max.value());
  const auto levels = static_cast<uint32_t>(std::countr_one(position.value()));
  std::vector<NodeId> nodes;
  nodes.reserve(levels + 1);
  for (uint32_t level = 0; level <= levels; ++level) {
    nodes.push_back({Level(level), NodeIndex(position.value() >> level)});
  }
  return nodes;
}

bool IsComplete(NodeId node, LogSize size) {
  DAYBOOK_CHECK(size <= tree_size_max);
  // Shifting the size, unlike multiplying the index, can not overflow.
  return node.level.value() < 63 &&
         node.index.value() < size.value() >> node.level.value();
}

Hash CombinePeaks(absl::Span<const Hash> peaks) {
  if (peaks.empty()) return EmptyRoot();
  Hash combined = peaks.back();
  for (size_t i = peaks.size() - 1; i > 0; --i) {
    combined = NodeHash(peaks[i - 1], combined);
  }
  return combined;
}

}  // namespace daybook::merkle
