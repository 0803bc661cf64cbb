// GetReportTimeline: all change points of all figures in the year.
//
// Thread safety: may be called from any thread.

#ifndef DAYBOOK_SERVICES_REPORT_REPORT_TIMELINE_H_
#define DAYBOOK_SERVICES_REPORT_REPORT_TIMELINE_H_

#include "absl/status/statusor.h"
#include "daybook/v1/report_history.pb.h"
#include "services/engine/ledger_engine.h"
#include "services/report/report_place.h"

namespace daybook::services {

// Errors: as ReportService.GetReportTimeline.
absl::StatusOr<v1::GetReportTimelineResponse> GetReportTimeline(
    LedgerEngine& engine, const v1::GetReportTimelineRequest& request,
    const CallTimes& times);

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_REPORT_REPORT_TIMELINE_H_
