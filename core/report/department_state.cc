#include "core/report/department_state.h"

#include "absl/strings/str_cat.h"

namespace daybook {

absl::Status DepartmentState::Apply(const StatedPosting& stated) {
  const v1::Event& event = stated.row.event();
  if (stated.row.absent_from() == 0) {
    switch (event.payload_case()) {
      case v1::Event::kDepartmentRegistered:
        name = event.department_registered().name();
        return absl::OkStatus();
      case v1::Event::kProjectRegistered:
        projects[event.project_registered().key()] = event.project_registered();
        return absl::OkStatus();
      default:
        break;
    }
  }
  return absl::DataLossError(
      absl::StrCat("event ", event.event_id(), " at position ",
                   stated.position.value(), " is none of a department"));
}

}  // namespace daybook
