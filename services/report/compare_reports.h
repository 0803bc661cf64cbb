// CompareReports: the figures that differ between two places, and the events
// that made each difference.
//
// Thread safety: may be called from any thread.

#ifndef DAYBOOK_SERVICES_REPORT_COMPARE_REPORTS_H_
#define DAYBOOK_SERVICES_REPORT_COMPARE_REPORTS_H_

#include "absl/status/statusor.h"
#include "daybook/v1/report_history.pb.h"
#include "services/engine/ledger_engine.h"
#include "services/report/report_place.h"

namespace daybook::services {

// Both reports are of the engine's ledger.
//
// Errors: as ReportService.CompareReports. `times.now` says which day is today.
absl::StatusOr<v1::CompareReportsResponse> CompareReports(
    LedgerEngine& engine, const v1::CompareReportsRequest& request,
    const CallTimes& times);

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_REPORT_COMPARE_REPORTS_H_
