// Publisher: signs the checkpoints of one ledger, and keeps them.
//
// A checkpoint is signed when somebody waits for one that covers more than the
// newest, and otherwise once a second while the ledger grows. Before each
// signature the size and root are synced beside the key, outside the data
// directory and its backups (key_directory.h): what was signed once is never
// contradicted, also when an older copy of the data directory comes back.
//
// Thread safety: all methods may be called from any thread.
//
// Formats: docs/formats/checkpoint.md.

#ifndef DAYBOOK_SERVICES_PUBLISHER_PUBLISHER_H_
#define DAYBOOK_SERVICES_PUBLISHER_PUBLISHER_H_

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "core/base/strong_int.h"
#include "daybook/v1/evidence.pb.h"

namespace daybook::services {

class Publisher {
 public:
  virtual ~Publisher() = default;

  // The newest checkpoint, with the cosignatures that have come in. It is
  // signed first when there is none yet; of a ledger that grows it is a second
  // old at most.
  //
  // Errors of this and Await:
  //   FAILED_PRECONDITION  there is no key, or nothing may be signed; the
  //                        message says what the operator does about it.
  //   DATA_LOSS            what is stored does not lead to what was signed
  //                        before; nothing is signed over it.
  //   UNAVAILABLE, PERMISSION_DENIED, RESOURCE_EXHAUSTED  the disk of the key,
  //                        or of the ledger, refused a write; ask again.
  virtual absl::StatusOr<v1::Checkpoint> Newest() = 0;

  // Waits for a checkpoint of at least this size. Errors: OUT_OF_RANGE when the
  // ledger is smaller; DEADLINE_EXCEEDED.
  virtual absl::StatusOr<v1::Checkpoint> Await(LogSize size,
                                               absl::Time deadline) = 0;

  // At most `count` kept checkpoints of sizes below `before`, the largest
  // first. Errors: DATA_LOSS when stored bytes are damaged.
  virtual absl::StatusOr<std::vector<v1::Checkpoint>> List(
      LogSize before, size_t count) const = 0;

  // Adds signature lines of witnesses, which the caller has verified, to the
  // kept checkpoint of this size. Those that it has already change nothing.
  // Errors: NOT_FOUND when it is not kept any more.
  virtual absl::Status AddCosignatures(LogSize size,
                                       const std::string& signature_lines) = 0;

  // The key that signs, NAME+ID+BASE64; empty when there is none.
  virtual std::string verifier_key() const = 0;
};

// The publishers of a server's ledgers.
class Publishers {
 public:
  virtual ~Publishers() = default;

  // Of the ledger with this id ("430203"), opened at its first use; valid as
  // long as this object.
  //
  // Errors: as LedgerRegistry::Find.
  virtual absl::StatusOr<Publisher*> Find(absl::string_view ledger_id) = 0;
};

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_PUBLISHER_PUBLISHER_H_
