// IdentityHash: 64 bits that stand for who said what, in look-ups that are
// verified afterwards.
//
// SipHash-2-4 (Aumasson and Bernstein, 2012) under a key that each ledger draws
// for itself, so that nobody can prepare identities that share a hash and make
// look-ups slow.
//
// Thread safety: a value type.

#ifndef DAYBOOK_SERVICES_ENGINE_IDENTITY_HASH_H_
#define DAYBOOK_SERVICES_ENGINE_IDENTITY_HASH_H_

#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"

namespace daybook::services {

class IdentityHash {
 public:
  static constexpr size_t key_bytes = 16;

  // `key` has `key_bytes`.
  explicit IdentityHash(absl::string_view key);

  // Of the event that `source` calls `event_id`, and of nothing else: neither
  // can hold the zero byte that stands between them.
  uint64_t Of(absl::string_view source, absl::string_view event_id) const;

  // Of any bytes.
  uint64_t OfBytes(absl::string_view bytes) const;

 private:
  uint64_t key0_ = 0;
  uint64_t key1_ = 0;
};

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_ENGINE_IDENTITY_HASH_H_
