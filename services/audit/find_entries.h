// FindEntries: one page of the entries that fit a filter, for a bounded amount
// of work.
//
// Thread safety: may be called from any thread.

#ifndef DAYBOOK_SERVICES_AUDIT_FIND_ENTRIES_H_
#define DAYBOOK_SERVICES_AUDIT_FIND_ENTRIES_H_

#include <cstddef>
#include <cstdint>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "daybook/v1/audit_service.pb.h"
#include "services/engine/ledger_engine.h"

namespace daybook::services {

// What one call reads and answers at most; a page may end before it is full.
struct FindLimits {
  uint64_t entries_max = 262'144;
  // Of the entries answered; one is always taken.
  size_t bytes_max = size_t{2} << 20;
};

// Whether personal data may be read is up to the caller. `goes_on` is asked
// before each chunk but the first: the page ends where it answers false.
//
// Errors: as AuditService.FindEntries.
absl::StatusOr<v1::FindEntriesResponse> FindEntries(
    const LedgerEngine& ledger, const v1::FindEntriesRequest& request,
    absl::FunctionRef<bool()> goes_on, FindLimits limits = {});

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_AUDIT_FIND_ENTRIES_H_
