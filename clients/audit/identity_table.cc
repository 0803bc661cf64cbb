#include "clients/audit/identity_table.h"

#include <algorithm>
#include <atomic>
#include <thread>

#include "absl/hash/hash.h"

namespace daybook::audit {
namespace {

constexpr uint32_t part_shift = 56;

}  // namespace

uint64_t IdentityHash(absl::string_view source, absl::string_view event_id) {
  return absl::HashOf(source, event_id);
}

void IdentityTable::Add(uint64_t identity, Position position) {
  Part& part = parts_[identity >> part_shift];
  if (part.size() == part.capacity()) {
    constexpr size_t rows_min = 64;
    part.reserve(part.size() + part.size() / 4 + rows_min);
  }
  part.push_back({identity, position.value()});
}

std::vector<std::pair<Position, Position>> IdentityTable::Settle(
    size_t threads, size_t pairs_max) {
  std::atomic<size_t> next{0};
  const auto sort = [&] {
    for (size_t i = next++; i < parts_count; i = next++) {
      std::sort(parts_[i].begin(), parts_[i].end());
    }
  };
  std::vector<std::thread> others;
  for (size_t i = 1; i < threads; ++i) others.emplace_back(sort);
  sort();
  for (std::thread& other : others) other.join();
  std::vector<std::pair<Position, Position>> pairs;
  for (const Part& part : parts_) {
    for (size_t i = 1; i < part.size(); ++i) {
      if (part[i].identity != part[i - 1].identity) continue;
      pairs.emplace_back(part[i - 1].position, part[i].position);
      if (pairs.size() == pairs_max) return pairs;
    }
  }
  std::sort(pairs.begin(), pairs.end());
  return pairs;
}

std::optional<Position> IdentityTable::Find(uint64_t identity) const {
  const Part& part = parts_[identity >> part_shift];
  const auto row = std::lower_bound(part.begin(), part.end(), Row{identity, 0});
  if (row == part.end() || row->identity != identity) return std::nullopt;
  return Position(row->position);
}

}  // namespace daybook::audit
