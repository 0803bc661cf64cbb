// What a cosignature says and how it is packed: at a time, a witness saw this
// checkpoint, and it was the largest consistent one of its log.
//
// The time is inside the signature, so that a witness's word is as fresh as it
// claims; the first line of what is signed keeps a cosignature from passing for
// a log's own signature.
//
// Thread safety: value types and pure functions.
//
// Format: c2sp.org/tlog-cosignature (cosignature/v1);
// docs/formats/checkpoint.md.

#ifndef DAYBOOK_CORE_CHECKPOINT_COSIGNATURE_H_
#define DAYBOOK_CORE_CHECKPOINT_COSIGNATURE_H_

#include <cstdint>
#include <limits>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/base/strong_int.h"

namespace daybook::checkpoint {

// Seconds since 1970-01-01 00:00:00 UTC, leap seconds not counted.
using UnixSeconds = StrongInt<struct UnixSecondsTag>;

// The latest time that a cosignature may have.
inline constexpr UnixSeconds cosignature_time_max{
    std::numeric_limits<int64_t>::max()};

// What a witness signs: two lines before the text of the checkpoint's note.
std::string CosignatureMessage(UnixSeconds time, absl::string_view text);

// The bytes of a cosignature in a note.
struct Cosignature {
  UnixSeconds time;

  // Of CosignatureMessage; 64 bytes.
  std::string ed25519;
};

// 8 bytes of time, big-endian, and the signature.
std::string PackCosignature(const Cosignature& cosignature);

// Errors: INVALID_ARGUMENT unless there are 72 bytes and the time is at most
// `cosignature_time_max`.
absl::StatusOr<Cosignature> UnpackCosignature(absl::string_view bytes);

}  // namespace daybook::checkpoint

#endif  // DAYBOOK_CORE_CHECKPOINT_COSIGNATURE_H_
