// Hash: a SHA-256 hash in a Merkle tree, and the three ways to make one.
//
// A byte in front tells leaves from nodes, so that no entry can pass for a node
// nor two hashes for an entry. The tree over no entries has a hash of its own.
//
// Thread safety: a value type and pure functions.
//
// Rules: RFC 6962, section 2.1; docs/formats/checkpoint.md.

#ifndef DAYBOOK_CORE_MERKLE_HASH_H_
#define DAYBOOK_CORE_MERKLE_HASH_H_

#include <array>
#include <compare>
#include <cstddef>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace daybook::merkle {

inline constexpr size_t hash_bytes = 32;

class Hash {
 public:
  // All zeros, which is the hash of nothing known. A place to assign to.
  constexpr Hash() = default;

  constexpr explicit Hash(const std::array<unsigned char, hash_bytes>& bytes)
      : bytes_(bytes) {}

  // Errors: INVALID_ARGUMENT unless there are exactly `hash_bytes` bytes.
  static absl::StatusOr<Hash> FromBytes(absl::string_view bytes);

  // The 32 bytes; valid as long as this hash is.
  absl::string_view bytes() const {
    return {reinterpret_cast<const char*>(bytes_.data()), bytes_.size()};
  }

  friend constexpr auto operator<=>(const Hash&, const Hash&) = default;

  template <typename H>
  friend H AbslHashValue(H state, const Hash& hash) {
    return H::combine(std::move(state), hash.bytes_);
  }

 private:
  std::array<unsigned char, hash_bytes> bytes_{};
};

// SHA-256(0x00 || entry): the hash of an entry, of its bytes as stored.
Hash LeafHash(absl::string_view entry);

// SHA-256(0x01 || left || right): the hash of two neighbouring subtrees.
Hash NodeHash(const Hash& left, const Hash& right);

// SHA-256 of nothing: the root of the tree over no entries.
Hash EmptyRoot();

}  // namespace daybook::merkle

#endif  // DAYBOOK_CORE_MERKLE_HASH_H_
