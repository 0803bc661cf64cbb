#include "core/report/ledger_state.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/budget/resource_name.h"

namespace daybook {

absl::Status LedgerState::Apply(const v1::Entry& entry) {
  if (entry.position() != size_.value()) {
    return absl::DataLossError(absl::StrCat("position ", size_.value(),
                                            " holds the entry of position ",
                                            entry.position()));
  }
  if (entry.has_genesis() != (entry.position() == 0)) {
    return absl::DataLossError(absl::StrCat("position ", entry.position(),
                                            entry.position() == 0
                                                ? " holds no genesis"
                                                : " holds a second genesis"));
  }
  if (entry.has_genesis()) {
    origin_ = entry.genesis().origin();
  } else {
    RETURN_IF_ERROR(ApplyEvent(entry));
  }
  size_ = LogSize(size_.value() + 1);
  last_recorded_time_us_ = entry.recorded_time_us();
  return absl::OkStatus();
}

absl::Status LedgerState::ApplyEvent(const v1::Entry& entry) {
  const v1::Event& event = entry.event();
  switch (event.payload_case()) {
    case v1::Event::kDepartmentRegistered:
      departments_[event.subject()].name = event.department_registered().name();
      return absl::OkStatus();
    case v1::Event::kProjectRegistered:
      departments_[event.subject()].projects[event.project_registered().key()] =
          event.project_registered();
      return absl::OkStatus();
    default:
      break;
  }
  auto report = reports_.find(event.subject());
  if (report == reports_.end()) {
    const absl::StatusOr<ResourceName> name =
        ResourceName::Parse(event.subject(), ResourceName::Kind::kReport);
    if (!name.ok()) {
      return absl::DataLossError(absl::StrCat(
          "position ", entry.position(),
          " holds an event about no report: ", name.status().message()));
    }
    report = reports_.try_emplace(event.subject(), *name).first;
  }
  return report->second.Apply(entry);
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
