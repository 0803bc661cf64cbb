#include "tests/core/merkle/oracle.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "core/base/check.h"

namespace daybook::merkle {
namespace {

// The largest power of two below `count`.
uint64_t SplitOf(uint64_t count) {
  uint64_t power = 1;
  while (power < count - power) power *= 2;
  return power;
}

std::vector<Hash> With(std::vector<Hash> proof, const Hash& hash) {
  proof.push_back(hash);
  return proof;
}

// SUBPROOF of RFC 6962 over [first, limit), `older` an absolute number.
std::vector<Hash> Subproof(uint64_t older, uint64_t first, uint64_t limit,
                           Oracle root) {
  if (older == limit) {
    if (first == 0) return {};
    return {root(first, limit)};
  }
  const uint64_t middle = first + SplitOf(limit - first);
  if (older <= middle) {
    return With(Subproof(older, first, middle, root), root(middle, limit));
  }
  return With(Subproof(older, middle, limit, root), root(first, middle));
}

}  // namespace

Hash FromBase64(absl::string_view text) {
  std::string bytes;
  DAYBOOK_CHECK(absl::Base64Unescape(text, &bytes));
  return *Hash::FromBytes(bytes);
}

std::string ToHex(absl::string_view bytes) {
  return absl::BytesToHexString(bytes);
}

std::vector<Hash> EventLeaves(uint64_t count) {
  std::vector<Hash> leaves;
  for (uint64_t i = 0; i < count; ++i) {
    leaves.push_back(LeafHash(absl::StrCat("event-", i)));
  }
  return leaves;
}

Hash RootOf(const std::vector<Hash>& leaves, uint64_t first, uint64_t limit) {
  if (first == limit) return EmptyRoot();
  if (limit - first == 1) return leaves[first];
  const uint64_t middle = first + SplitOf(limit - first);
  return NodeHash(RootOf(leaves, first, middle), RootOf(leaves, middle, limit));
}

std::vector<Hash> PathOf(uint64_t position, uint64_t first, uint64_t limit,
                         Oracle root) {
  if (limit - first == 1) return {};
  const uint64_t middle = first + SplitOf(limit - first);
  if (position < middle) {
    return With(PathOf(position, first, middle, root), root(middle, limit));
  }
  return With(PathOf(position, middle, limit, root), root(first, middle));
}

std::vector<Hash> ConsistencyOf(uint64_t older, uint64_t newer, Oracle root) {
  if (older == 0) return {};
  return Subproof(older, 0, newer, root);
}

std::string PathTurns(uint64_t position, uint64_t size) {
  if (size == 1) return "";
  const uint64_t split = SplitOf(size);
  if (position < split) return PathTurns(position, split) + "R";
  return PathTurns(position - split, size - split) + "L";
}

std::string ConsistencyTurns(uint64_t older, uint64_t newer) {
  std::string turns;
  uint64_t first = 0;
  uint64_t limit = newer;
  while (older != limit) {
    const uint64_t middle = first + SplitOf(limit - first);
    turns.insert(0, older <= middle ? "R" : "L");
    (older <= middle ? limit : first) = middle;
  }
  return turns.insert(0, first == 0 ? "root " : "hash ");
}

Hash SparseTree::Root(uint64_t first, uint64_t limit) {
  const auto next = special_.lower_bound(first);
  const bool uniform = next == special_.end() || next->first >= limit;
  if (limit - first == 1) return uniform ? LeafHash("same") : next->second;
  if (uniform) {
    const auto known = uniform_.find(limit - first);
    if (known != uniform_.end()) return known->second;
  }
  const uint64_t middle = first + SplitOf(limit - first);
  const Hash root = NodeHash(Root(first, middle), Root(middle, limit));
  if (uniform) uniform_.emplace(limit - first, root);
  return root;
}

Hash SparseTree::Node(NodeId node) {
  const uint64_t first = node.index.value() << node.level.value();
  return Root(first, first + (uint64_t{1} << node.level.value()));
}

}  // namespace daybook::merkle
