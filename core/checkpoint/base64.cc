#include "core/checkpoint/base64.h"

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "core/base/status_macros.h"
#include "core/checkpoint/wipe.h"

namespace daybook::checkpoint {

std::string EncodeBase64(absl::string_view bytes) {
  return absl::Base64Escape(bytes);
}

absl::StatusOr<std::string> DecodeBase64(absl::string_view text) {
  // Abseil also takes missing padding, white space and needless bits.
  std::string bytes;
  const bool decoded = absl::Base64Unescape(text, &bytes);
  std::string again = decoded ? absl::Base64Escape(bytes) : "";
  const bool same = decoded && again == text;
  Wipe(again);
  if (same) return bytes;
  Wipe(bytes);
  return absl::InvalidArgumentError(
      "it is not base64 of the standard alphabet with padding");
}

absl::StatusOr<merkle::Hash> DecodeBase64Hash(absl::string_view text) {
  ASSIGN_OR_RETURN(const std::string bytes, DecodeBase64(text));
  return merkle::Hash::FromBytes(bytes);
}

}  // namespace daybook::checkpoint
