#include "core/report/ledger_state.h"

#include "core/base/check.h"
#include "core/budget/resource_name.h"

namespace daybook {

void LedgerState::Apply(const v1::Entry& entry) {
  DAYBOOK_CHECK(entry.position() == size_.value());
  size_ = LogSize(size_.value() + 1);
  last_recorded_time_us_ = entry.recorded_time_us();
  if (entry.content_case() == v1::Entry::kGenesis) {
    DAYBOOK_CHECK(entry.position() == 0);
    origin_ = entry.genesis().origin();
    return;
  }
  DAYBOOK_CHECK(entry.content_case() == v1::Entry::kEvent);
  const v1::Event& event = entry.event();
  switch (event.payload_case()) {
    case v1::Event::kDepartmentRegistered:
      departments_[event.subject()].name = event.department_registered().name();
      return;
    case v1::Event::kProjectRegistered:
      departments_[event.subject()].projects[event.project_registered().key()] =
          event.project_registered();
      return;
    default:
      break;
  }
  auto report = reports_.find(event.subject());
  if (report == reports_.end()) {
    const absl::StatusOr<ResourceName> name =
        ResourceName::Parse(event.subject(), ResourceName::Kind::kReport);
    DAYBOOK_CHECK(name.ok());
    report = reports_.try_emplace(event.subject(), *name).first;
  }
  report->second.Apply(entry);
}

const DepartmentState* LedgerState::FindDepartment(
    absl::string_view name) const {
  const auto found = departments_.find(std::string(name));
  return found == departments_.end() ? nullptr : &found->second;
}

const ReportState* LedgerState::FindReport(absl::string_view name) const {
  const auto found = reports_.find(std::string(name));
  return found == reports_.end() ? nullptr : &found->second;
}

}  // namespace daybook
