// What the clock says about a source's progress.
//
// Thread safety: pure function.

#ifndef DAYBOOK_SERVICES_LEDGER_SOURCE_PROGRESS_H_
#define DAYBOOK_SERVICES_LEDGER_SOURCE_PROGRESS_H_

#include "absl/time/time.h"
#include "daybook/v1/sources.pb.h"

namespace daybook::services {

// Fills in `lag` and `idle`, as they are at `now`.
void AddTimes(absl::Time now, v1::SourceProgress& progress);

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_LEDGER_SOURCE_PROGRESS_H_
