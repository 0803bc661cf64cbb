#include "tests/support/ledger_state.h"

#include "absl/strings/str_cat.h"
#include "core/admission/references.h"
#include "core/base/check.h"
#include "core/base/status_macros.h"
#include "core/budget/fiscal_date.h"
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
  if (entry.has_event()) RETURN_IF_ERROR(ApplyEvent(entry));
  size_ = LogSize(size_.value() + 1);
  last_recorded_time_us_ = entry.recorded_time_us();
  return absl::OkStatus();
}

absl::Status LedgerState::ApplyEvent(const v1::Entry& entry) {
  const v1::Event& event = entry.event();
  const v1::Entry* target = nullptr;
  if (event.has_reversal()) {
    const v1::Reversal& reversal = event.reversal();
    const auto found = recorded_.find({reversal.target_source().empty()
                                           ? entry.source()
                                           : reversal.target_source(),
                                       reversal.target_event_id()});
    if (found != recorded_.end()) target = &found->second;
  }
  const auto name = ResourceName::Parse(event.subject());
  if (!name.ok()) {
    return absl::DataLossError(absl::StrCat(
        "position ", entry.position(),
        " holds an event about nothing: ", name.status().message()));
  }
  if (name->kind() == ResourceName::Kind::kReport) {
    ReportState& report =
        reports_.try_emplace(event.subject(), *name).first->second;
    const auto day = ToCivilDay(event.effective_date());
    const bool changes_all = ChangesEveryDay(event);
    const bool is_late =
        report.closed_through().has_value() &&
        (changes_all || (day.ok() && *report.closed_through() >= *day));
    ASSIGN_OR_RETURN(const Posting posting, PostingOf(entry, target, is_late));
    recorded_.emplace(std::pair(entry.source(), event.event_id()), entry);
    return report.Apply(posting);
  }
  ASSIGN_OR_RETURN(const Posting posting, PostingOf(entry, target, false));
  recorded_.emplace(std::pair(entry.source(), event.event_id()), entry);
  DAYBOOK_CHECK(posting.stated.has_value());
  // What is said of a ledger itself is in no report.
  if (name->kind() == ResourceName::Kind::kLedger) return absl::OkStatus();
  return departments_[event.subject()].Apply(*posting.stated);
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

ReportInput LedgerState::Input(const ReportState& report) const {
  const DepartmentState* department =
      FindDepartment(report.name().DepartmentString());
  DAYBOOK_CHECK(department != nullptr);
  return {report, *department, size_, last_recorded_time_us_};
}

v1::Report BuildReport(const LedgerState& ledger, const ReportState& report,
                       absl::CivilDay as_of) {
  return BuildReport(ledger.Input(report), as_of);
}

v1::ReportSummary BuildSummary(const LedgerState& ledger,
                               const ReportState& report,
                               absl::CivilDay as_of) {
  return BuildSummary(ledger.Input(report), as_of);
}

}  // namespace daybook
