// Loads the states of reports and departments, as known at any size, from the
// lineage. What that costs does not depend on how many events
// there are: a bucket is one block.
//
// Thread safety: pure functions over lineage that may grow meanwhile.

#ifndef DAYBOOK_SERVICES_ENGINE_REPORT_LOADER_H_
#define DAYBOOK_SERVICES_ENGINE_REPORT_LOADER_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/base/strong_int.h"
#include "core/budget/resource_name.h"
#include "core/report/department_state.h"
#include "core/report/report_state.h"
#include "services/engine/lineage.h"

namespace daybook::services {

// The report as known at `size`; not opened when it was not by then.
//
// Errors: DATA_LOSS when stored lineage is damaged or incomplete.
absl::StatusOr<ReportState> LoadReport(const Lineage& lineage,
                                       const ResourceName& name, LogSize size);

// The department as known at `size`; without name when it was not registered by
// then.
//
// Errors: as LoadReport.
absl::StatusOr<DepartmentState> LoadDepartment(const Lineage& lineage,
                                               const std::string& name,
                                               LogSize size);

// Names of at most `count` reports under a ledger or department, in byte order,
// after the name `after`; empty `after` means from the first.
//
// Errors: as LoadReport.
absl::StatusOr<std::vector<std::string>> FindReports(const Lineage& lineage,
                                                     absl::string_view parent,
                                                     absl::string_view after,
                                                     size_t count);

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_ENGINE_REPORT_LOADER_H_
