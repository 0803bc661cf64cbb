// ListLateAdjustments: what came into a closed period.
//
// Thread safety: may be called from any thread.

#ifndef DAYBOOK_SERVICES_REPORT_LATE_ADJUSTMENTS_H_
#define DAYBOOK_SERVICES_REPORT_LATE_ADJUSTMENTS_H_

#include "absl/status/statusor.h"
#include "daybook/v1/report_history.pb.h"
#include "services/engine/ledger_engine.h"
#include "services/report/report_place.h"

namespace daybook::services {

// Errors: as ReportService.ListLateAdjustments. `times.now` says which day is
// today.
absl::StatusOr<v1::ListLateAdjustmentsResponse> ListLateAdjustments(
    LedgerEngine& engine, const v1::ListLateAdjustmentsRequest& request,
    const CallTimes& times);

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_REPORT_LATE_ADJUSTMENTS_H_
