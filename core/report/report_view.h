// A report as of a day, as clients see it.
//
// Thread safety: pure functions.

#ifndef DAYBOOK_CORE_REPORT_REPORT_VIEW_H_
#define DAYBOOK_CORE_REPORT_REPORT_VIEW_H_

#include <cstdint>

#include "absl/time/civil_time.h"
#include "core/base/strong_int.h"
#include "core/report/department_state.h"
#include "core/report/report_state.h"
#include "daybook/v1/report_history.pb.h"
#include "daybook/v1/report_service.pb.h"

namespace daybook {

// Version of the rules by which entries become figures.
inline constexpr uint32_t projection_version = 2;

// A report as known at a size of its ledger.
struct ReportInput {
  const ReportState& report;
  // The one that it belongs to.
  const DepartmentState& department;
  LogSize size{0};
  // Of the last entry within that size, in microseconds since 1970 UTC.
  int64_t recorded_time_us = 0;
  // By which it was made.
  uint32_t projection_version = daybook::projection_version;
};

// Where a report is read from, as answers say it.
v1::ResolvedCoordinates CoordinatesOf(const ReportInput& input,
                                      absl::CivilDay as_of);

// `as_of` is within the report's fiscal year. Equal inputs give equal bytes.
v1::Report BuildReport(const ReportInput& input, absl::CivilDay as_of);

// The same at a glance.
v1::ReportSummary BuildSummary(const ReportInput& input, absl::CivilDay as_of);

}  // namespace daybook

#endif  // DAYBOOK_CORE_REPORT_REPORT_VIEW_H_
