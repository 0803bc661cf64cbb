// DepartmentState: what is registered about a department. It lies on the
// recorded axis alone: no date filters it.
//
// Thread safety: thread-compatible.

#ifndef DAYBOOK_CORE_REPORT_DEPARTMENT_STATE_H_
#define DAYBOOK_CORE_REPORT_DEPARTMENT_STATE_H_

#include <map>
#include <string>

#include "absl/status/status.h"
#include "core/report/posting.h"
#include "daybook/v1/registration_events.pb.h"

namespace daybook {

struct DepartmentState {
  std::string name;
  // By key.
  std::map<std::string, v1::ProjectRegistered> projects;

  // Folds a posting of this department. In ledger order.
  //
  // Errors: DATA_LOSS for what can not stand there.
  absl::Status Apply(const StatedPosting& stated);
};

}  // namespace daybook

#endif  // DAYBOOK_CORE_REPORT_DEPARTMENT_STATE_H_
