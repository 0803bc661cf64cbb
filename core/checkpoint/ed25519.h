// Ed25519 signatures, and private keys that leave no copy of themselves behind.
//
// Thread safety: keys may be used from several threads while none changes them.
//
// Rules: RFC 8032.

#ifndef DAYBOOK_CORE_CHECKPOINT_ED25519_H_
#define DAYBOOK_CORE_CHECKPOINT_ED25519_H_

#include <array>
#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace daybook::checkpoint {

inline constexpr size_t ed25519_seed_bytes = 32;
inline constexpr size_t ed25519_public_key_bytes = 32;
inline constexpr size_t ed25519_signature_bytes = 64;

using Ed25519PublicKey = std::array<unsigned char, ed25519_public_key_bytes>;

// The seed that a private key is made of. It can be moved, which wipes what it
// is moved from, and not copied; its bytes are wiped when it is destroyed.
class Ed25519Seed {
 public:
  // Errors: INVALID_ARGUMENT unless there are exactly 32 bytes.
  static absl::StatusOr<Ed25519Seed> FromBytes(absl::string_view bytes);

  ~Ed25519Seed();
  Ed25519Seed(Ed25519Seed&& other) noexcept;
  Ed25519Seed& operator=(Ed25519Seed&& other) noexcept;

  // The secret; valid as long as this is.
  absl::string_view bytes() const {
    return {reinterpret_cast<const char*>(bytes_.data()), bytes_.size()};
  }

  // Errors: INTERNAL when libcrypto does not offer Ed25519.
  absl::StatusOr<Ed25519PublicKey> PublicKey() const;

  // The 64 bytes of the signature, always the same for the same message.
  //
  // Errors: INTERNAL when libcrypto does not offer Ed25519.
  absl::StatusOr<std::string> Sign(absl::string_view message) const;

 private:
  Ed25519Seed() = default;

  std::array<unsigned char, ed25519_seed_bytes> bytes_{};
};

// Whether the signature of `message` is by the private half of `key`. False
// also when the key is no point of the curve, or libcrypto does not offer
// Ed25519.
bool Ed25519Verifies(const Ed25519PublicKey& key, absl::string_view message,
                     absl::string_view signature);

}  // namespace daybook::checkpoint

#endif  // DAYBOOK_CORE_CHECKPOINT_ED25519_H_
