// The ledger that a request names.
//
// Thread safety: may be called from any thread.

#ifndef DAYBOOK_SERVICES_GRPC_FIND_LEDGER_H_
#define DAYBOOK_SERVICES_GRPC_FIND_LEDGER_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/engine/ledger_registry.h"

namespace daybook::services {

// The id of the ledger named `name` ("430203" of "ledgers/430203"), from the
// field `ledger`.
//
// Errors: INVALID_ARGUMENT when it is no name of a ledger.
absl::StatusOr<std::string> ParseLedgerName(absl::string_view name);

// The ledger named `name` ("ledgers/430203"), from the field `ledger`.
//
// Errors: INVALID_ARGUMENT when it is no name of a ledger; otherwise as
// LedgerRegistry::Find.
absl::StatusOr<LedgerEngine*> FindLedger(LedgerRegistry& ledgers,
                                         absl::string_view name);

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_GRPC_FIND_LEDGER_H_
