// What an operator does about keys while no server signs with them: makes one,
// and says what was signed last where that is not known any more.
//
// Thread safety: may be called from any thread.

#ifndef DAYBOOK_SERVICES_PUBLISHER_KEYGEN_H_
#define DAYBOOK_SERVICES_PUBLISHER_KEYGEN_H_

#include <filesystem>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/checkpoint/checkpoint.h"
#include "core/checkpoint/verifier_key.h"
#include "services/publisher/key_directory.h"

namespace daybook::services {

struct KeygenRequest {
  // Made when it is not there.
  std::filesystem::path key_dir;
  // "430203".
  std::string ledger_id;
  KeyRole role = KeyRole::kCurrent;
  // Empty: that of the ledger's key, else "daybook.local/ledgers/{ledger_id}".
  std::string origin;
};

// Makes a key that signs a ledger, and answers what checks it. A server may be
// running.
//
// Errors:
//   INVALID_ARGUMENT  the id or the origin is malformed.
//   ALREADY_EXISTS    there is such a key; it was left as it is.
//   NOT_FOUND, PERMISSION_DENIED, RESOURCE_EXHAUSTED, UNAVAILABLE  the file
//                     system refused, or has no random bytes.
absl::StatusOr<checkpoint::VerifierKey> Keygen(const KeygenRequest& request);

// Keeps the last known checkpoint of a ledger as what was signed last, and
// answers it. It must be by the ledger's key, or by one that signed before it.
//
// Errors:
//   INVALID_ARGUMENT     `note` is no checkpoint.
//   PERMISSION_DENIED, UNAUTHENTICATED  it is not by such a key.
//   FAILED_PRECONDITION  a larger one was signed; it was left as it is.
//   as KeyDirectory's else.
absl::StatusOr<checkpoint::Checkpoint> Adopt(KeyDirectory& keys,
                                             absl::string_view ledger_id,
                                             absl::string_view note);

// Checks a checkpoint of a ledger with the keys that the folder has of it.
//
// Errors: as Adopt, but the last FAILED_PRECONDITION.
absl::StatusOr<checkpoint::Checkpoint> OpenWith(const KeyDirectory& keys,
                                                absl::string_view ledger_id,
                                                absl::string_view note);

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_PUBLISHER_KEYGEN_H_
