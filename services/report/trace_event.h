// TraceEvent: every figure of a report that an event enters.
//
// Thread safety: may be called from any thread.

#ifndef DAYBOOK_SERVICES_REPORT_TRACE_EVENT_H_
#define DAYBOOK_SERVICES_REPORT_TRACE_EVENT_H_

#include "absl/status/statusor.h"
#include "daybook/v1/report_history.pb.h"
#include "services/engine/ledger_engine.h"
#include "services/report/report_place.h"

namespace daybook::services {

// Errors: as ReportService.TraceEvent. `times.now` says which day is today.
absl::StatusOr<v1::TraceEventResponse> TraceEvent(
    LedgerEngine& engine, const v1::TraceEventRequest& request,
    const CallTimes& times);

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_REPORT_TRACE_EVENT_H_
