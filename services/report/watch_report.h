// WatchReport: what changes in a report, told as it is recorded.
//
// A watch keeps no queue: it reads on from the size that it has told, when its
// reader has taken what was told before. So nothing is lost on a slow one, and
// no memory grows with it.
//
// Thread safety: may be called from any thread.

#ifndef DAYBOOK_SERVICES_REPORT_WATCH_REPORT_H_
#define DAYBOOK_SERVICES_REPORT_WATCH_REPORT_H_

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "daybook/v1/report_history.pb.h"
#include "services/engine/ledger_engine.h"

namespace daybook::services {

// Calls `tell` with each message, until it answers false or `stopped` does.
//
// Errors: as ReportService.WatchReport, but those about the server.
absl::Status WatchReport(
    LedgerEngine& engine, const v1::WatchReportRequest& request,
    absl::FunctionRef<bool(const v1::WatchReportResponse&)> tell,
    absl::FunctionRef<bool()> stopped);

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_REPORT_WATCH_REPORT_H_
