// ExplainFigure: a figure's formula, and one page of the events behind it.
//
// Thread safety: may be called from any thread.

#ifndef DAYBOOK_SERVICES_REPORT_EXPLAIN_FIGURE_H_
#define DAYBOOK_SERVICES_REPORT_EXPLAIN_FIGURE_H_

#include "absl/status/statusor.h"
#include "daybook/v1/report_history.pb.h"
#include "services/engine/ledger_engine.h"
#include "services/report/report_place.h"

namespace daybook::services {

// Errors: as ReportService.ExplainFigure. `times.now` says which day is today.
absl::StatusOr<v1::ExplainFigureResponse> ExplainFigure(
    LedgerEngine& engine, const v1::ExplainFigureRequest& request,
    const CallTimes& times);

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_REPORT_EXPLAIN_FIGURE_H_
