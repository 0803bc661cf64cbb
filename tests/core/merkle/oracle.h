// The Merkle tree as RFC 6962 defines it, by recursion over leaf hashes: slow,
// short, and nothing like what it is compared with.
//
// A tree is given as the function that hashes the entries [first, limit), so
// that the same recursion serves a list of leaves and a tree of 2^40 equal
// ones.
//
// Thread safety: thread-compatible.
//
// Rules: RFC 6962, section 2.1.

#ifndef DAYBOOK_TESTS_CORE_MERKLE_ORACLE_H_
#define DAYBOOK_TESTS_CORE_MERKLE_ORACLE_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"
#include "core/merkle/hash.h"
#include "core/merkle/tree.h"

namespace daybook::merkle {

// The hash that base64 text stands for; aborts when it is not one.
Hash FromBase64(absl::string_view text);

std::string ToHex(absl::string_view bytes);

// Leaf hashes of "event-0", "event-1", ...
std::vector<Hash> EventLeaves(uint64_t count);

// Hashes the entries [first, limit).
using Oracle = absl::FunctionRef<Hash(uint64_t first, uint64_t limit)>;

// MTH over `leaves`.
Hash RootOf(const std::vector<Hash>& leaves, uint64_t first, uint64_t limit);

// PATH of entry `position` among the entries [first, limit).
std::vector<Hash> PathOf(uint64_t position, uint64_t first, uint64_t limit,
                         Oracle root);

// PROOF that the entries [0, newer) begin with [0, older).
std::vector<Hash> ConsistencyOf(uint64_t older, uint64_t newer, Oracle root);

// The turns of those proofs, which is what a verifier can know of the sizes:
// proofs with the same turns are computed in the same way.
std::string PathTurns(uint64_t position, uint64_t size);
std::string ConsistencyTurns(uint64_t older, uint64_t newer);

// A tree of any size in which all leaves are equal but some.
class SparseTree {
 public:
  // Leaf hashes by position; every other is that of "same".
  explicit SparseTree(std::map<uint64_t, Hash> special)
      : special_(std::move(special)) {}

  // MTH over the entries [first, limit).
  Hash Root(uint64_t first, uint64_t limit);

  Hash Node(NodeId node);

 private:
  std::map<uint64_t, Hash> special_;

  // Roots without a special leaf, by number of entries.
  std::map<uint64_t, Hash> uniform_;
};

}  // namespace daybook::merkle

#endif  // DAYBOOK_TESTS_CORE_MERKLE_ORACLE_H_
