// Base64 with one spelling for each value: the standard alphabet, padded, no
// line ends, unused bits zero.
//
// Signed texts are compared byte for byte, so a decoder that takes several
// spellings would let others change a text that still means the same.
//
// Thread safety: pure functions.
//
// Rules: RFC 4648, section 4.

#ifndef DAYBOOK_CORE_CHECKPOINT_BASE64_H_
#define DAYBOOK_CORE_CHECKPOINT_BASE64_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/merkle/hash.h"

namespace daybook::checkpoint {

std::string EncodeBase64(absl::string_view bytes);

// Errors: INVALID_ARGUMENT when EncodeBase64 would not write `text`. The
// message does not repeat it; it may be a private key.
absl::StatusOr<std::string> DecodeBase64(absl::string_view text);

// The same for a hash.
//
// Errors: INVALID_ARGUMENT when it is not base64 of 32 bytes.
absl::StatusOr<merkle::Hash> DecodeBase64Hash(absl::string_view text);

}  // namespace daybook::checkpoint

#endif  // DAYBOOK_CORE_CHECKPOINT_BASE64_H_
