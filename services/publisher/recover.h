// Recover: appends to a ledger the entries that it lost, from an export.
//
// A restored backup lacks what was recorded after it, and what was signed must
// not be replaced by anything else. An export, or a mirror in the same layout,
// has the entries byte for byte; they are appended only when the tree over all
// of them has the root of a checkpoint that the ledger's key has signed. What
// lies beside the log is made anew from it. Personal data is in no export: of
// these entries it stays away.
//
// Thread safety: nobody else may use the ledger meanwhile.
//
// Layout of an export: c2sp.org/tlog-tiles; docs/formats/checkpoint.md.

#ifndef DAYBOOK_SERVICES_PUBLISHER_RECOVER_H_
#define DAYBOOK_SERVICES_PUBLISHER_RECOVER_H_

#include <filesystem>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/base/clock.h"
#include "core/base/strong_int.h"
#include "services/publisher/key_directory.h"
#include "storage/data_directory.h"

namespace daybook::services {

struct Recovery {
  // Of the ledger.
  LogSize before{0};
  LogSize after{0};
  // The largest that was signed; more is missing when it is above `after`.
  LogSize last_signed{0};
};

// Interrupted, it may be done again. Nothing is appended unless all is in
// order.
//
// Errors:
//   NOT_FOUND            there is no such ledger, or the export has no
//                        checkpoint or bundle.
//   INVALID_ARGUMENT     the export's checkpoint is none.
//   PERMISSION_DENIED, UNAUTHENTICATED  it is not by the ledger's key.
//   DATA_LOSS            the export does not continue the ledger.
//   FAILED_PRECONDITION  the ledger has all that the export has.
//   otherwise as LedgerEngine::Open and storage::EventLog::Append.
absl::StatusOr<Recovery> Recover(storage::DataDirectory& data,
                                 const KeyDirectory& keys,
                                 absl::string_view ledger_id,
                                 const std::filesystem::path& exported,
                                 const Clock& clock);

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_PUBLISHER_RECOVER_H_
