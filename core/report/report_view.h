// A report as of a day, as clients see it.
//
// Thread safety: pure functions.

#ifndef DAYBOOK_CORE_REPORT_REPORT_VIEW_H_
#define DAYBOOK_CORE_REPORT_REPORT_VIEW_H_

#include "absl/time/civil_time.h"
#include "core/report/ledger_state.h"
#include "core/report/report_state.h"
#include "daybook/v1/report_service.pb.h"

namespace daybook {

// `report` must be one of `ledger`, and `as_of` within its fiscal year.
v1::Report BuildReport(const LedgerState& ledger, const ReportState& report,
                       absl::CivilDay as_of);

// The same at a glance.
v1::ReportSummary BuildSummary(const LedgerState& ledger,
                               const ReportState& report, absl::CivilDay as_of);

}  // namespace daybook

#endif  // DAYBOOK_CORE_REPORT_REPORT_VIEW_H_
