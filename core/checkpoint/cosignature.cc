#include "core/checkpoint/cosignature.h"

#include <cstddef>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "core/checkpoint/ed25519.h"

namespace daybook::checkpoint {
namespace {

constexpr size_t time_bytes = 8;

}  // namespace

std::string CosignatureMessage(UnixSeconds time, absl::string_view text) {
  return absl::StrCat("cosignature/v1\ntime ", time.value(), "\n", text);
}

std::string PackCosignature(const Cosignature& cosignature) {
  std::string bytes;
  for (int shift = 56; shift >= 0; shift -= 8) {
    bytes.push_back(
        static_cast<char>(cosignature.time.value() >> shift & 0xFF));
  }
  return bytes + cosignature.ed25519;
}

absl::StatusOr<Cosignature> UnpackCosignature(absl::string_view bytes) {
  if (bytes.size() != time_bytes + ed25519_signature_bytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("a cosignature has ", time_bytes + ed25519_signature_bytes,
                     " bytes, not ", bytes.size()));
  }
  uint64_t time = 0;
  for (const char byte : bytes.substr(0, time_bytes)) {
    time = time << 8 | static_cast<unsigned char>(byte);
  }
  if (UnixSeconds(time) > cosignature_time_max) {
    return absl::InvalidArgumentError(
        "the time of a cosignature is at most 2^63 - 1");
  }
  return Cosignature{UnixSeconds(time), std::string(bytes.substr(time_bytes))};
}

}  // namespace daybook::checkpoint
