// Scrub: answers the steps of a scrub as messages, not more often than a reader
// can use.
//
// Thread safety: may be called from any thread.

#ifndef DAYBOOK_SERVICES_AUDIT_SCRUB_H_
#define DAYBOOK_SERVICES_AUDIT_SCRUB_H_

#include <cstddef>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "daybook/v1/audit_service.pb.h"
#include "services/engine/ledger_engine.h"

namespace daybook::services {

// Damages that one scrub tells; of more it says that there are more.
inline constexpr size_t damages_max = 100;

// Calls `give` now and then and at the end, until it answers false, or until
// `wanted` does, which is asked at each step.
//
// Errors: as ScrubLedger.
absl::Status Scrub(
    const LedgerEngine& ledger, absl::FunctionRef<bool()> wanted,
    absl::FunctionRef<bool(const v1::ScrubStorageResponse&)> give);

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_AUDIT_SCRUB_H_
