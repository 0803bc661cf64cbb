#include "core/merkle/frontier.h"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "core/base/check.h"

namespace daybook::merkle {

absl::StatusOr<Frontier> Frontier::FromPeaks(LogSize size,
                                             std::vector<Hash> peaks) {
  if (size > tree_size_max) {
    return absl::InvalidArgumentError(
        absl::StrCat("a tree has at most ", tree_size_max.value(),
                     " entries, not ", size.value()));
  }
  // One peak for each one of the binary number.
  const auto expected = static_cast<size_t>(std::popcount(size.value()));
  if (peaks.size() != expected) {
    return absl::InvalidArgumentError(
        absl::StrCat("a tree of ", size.value(), " entries has ", expected,
                     " peaks, not ", peaks.size()));
  }
  Frontier frontier;
  frontier.size_ = size;
  frontier.peaks_ = std::move(peaks);
  return frontier;
}

void Frontier::Append(const Hash& leaf,
                      absl::FunctionRef<void(NodeId, const Hash&)> visit) {
  DAYBOOK_CHECK(size_ < tree_size_max);
  const uint64_t position = size_.value();
  Hash node = leaf;
  visit({Level(0), NodeIndex(position)}, node);
  // Each one at the end of the number is a peak of the size that `node` has
  // now.
  const auto merges = static_cast<uint32_t>(std::countr_one(position));
  for (uint32_t level = 1; level <= merges; ++level) {
    node = NodeHash(peaks_.back(), node);
    peaks_.pop_back();
    visit({Level(level), NodeIndex(position >> level)}, node);
  }
  peaks_.push_back(node);
  size_ = LogSize(position + 1);
}

void Frontier::Append(const Hash& leaf) {
  Append(leaf, [](NodeId, const Hash&) {});
}

}  // namespace daybook::merkle
