// Random bytes from the operating system, for salts and ledger ids.
//
// Thread safety: may be called from any thread.

#ifndef DAYBOOK_SERVICES_ENGINE_RANDOM_BYTES_H_
#define DAYBOOK_SERVICES_ENGINE_RANDOM_BYTES_H_

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"

namespace daybook::services {

// Most bytes of one call: as many as the system gives without being cut short
// by a signal.
inline constexpr size_t random_bytes_max = 256;

// `count` bytes that nobody can guess, 1 to `random_bytes_max`.
//
// Errors: UNAVAILABLE when the system has none to give; try again.
absl::StatusOr<std::string> RandomBytes(size_t count);

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_ENGINE_RANDOM_BYTES_H_
