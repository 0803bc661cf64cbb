// The ledger that a request names.
//
// Thread safety: may be called from any thread.

#ifndef DAYBOOK_SERVICES_GRPC_FIND_LEDGER_H_
#define DAYBOOK_SERVICES_GRPC_FIND_LEDGER_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/engine/ledger_registry.h"

namespace daybook::services {

// The ledger named `name` ("ledgers/430203"), from the field `ledger`.
//
// Errors: INVALID_ARGUMENT when it is no name of a ledger; otherwise as
// LedgerRegistry::Find.
absl::StatusOr<LedgerEngine*> FindLedger(LedgerRegistry& ledgers,
                                         absl::string_view name);

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_GRPC_FIND_LEDGER_H_
