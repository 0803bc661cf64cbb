// The file that a witness keeps its private key in.
//
// Thread safety: may be called from any thread.
//
// Format: the private form of docs/formats/checkpoint.md, in one line.

#ifndef DAYBOOK_SERVICES_WITNESS_KEY_FILE_H_
#define DAYBOOK_SERVICES_WITNESS_KEY_FILE_H_

#include <filesystem>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/checkpoint/signer_key.h"

namespace daybook::services {

// Draws a key for cosignatures, and writes it to a new file that its owner
// alone may read; synced on return.
//
// Errors:
//   INVALID_ARGUMENT  the name can not name a key.
//   ALREADY_EXISTS    there is a file, which is left as it is.
//   UNAVAILABLE       the file system refuses.
//   INTERNAL          libcrypto gives no random numbers or no Ed25519.
absl::StatusOr<checkpoint::SignerKey> MakeWitnessKey(
    const std::filesystem::path& path, absl::string_view name);

// Errors:
//   NOT_FOUND            there is no such file.
//   FAILED_PRECONDITION  others than its owner may read it, or it holds no key.
//   UNAVAILABLE          the file system refuses.
absl::StatusOr<checkpoint::SignerKey> ReadWitnessKey(
    const std::filesystem::path& path);

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_WITNESS_KEY_FILE_H_
