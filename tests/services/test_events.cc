#include "tests/services/test_events.h"

#include "absl/strings/str_cat.h"
#include "core/base/check.h"
#include "core/budget/fiscal_date.h"

namespace daybook::services {
namespace {

v1::EventInput Dated(const std::string& event_id, const std::string& day) {
  const auto civil = ParseDay(day);
  DAYBOOK_CHECK(civil.ok());
  v1::EventInput input;
  input.mutable_event()->set_event_id(event_id);
  input.mutable_event()->set_subject(
      absl::StrCat(kDepartment, "/reports/", civil->year()));
  *input.mutable_event()->mutable_effective_date() = ToDate(*civil);
  return input;
}

}  // namespace

v1::EventInput DepartmentRegistered(const std::string& event_id) {
  v1::EventInput input;
  input.mutable_event()->set_event_id(event_id);
  input.mutable_event()->set_subject(kDepartment);
  input.mutable_event()->mutable_department_registered()->set_name("残联");
  return input;
}

v1::EventInput ReportOpened(const std::string& event_id,
                            const std::string& report) {
  v1::EventInput input;
  input.mutable_event()->set_event_id(event_id);
  input.mutable_event()->set_subject(report);
  v1::ReportOpened& opened = *input.mutable_event()->mutable_report_opened();
  opened.add_funds(v1::FUND_GENERAL);
  opened.set_book_source(kSource);
  opened.set_form("zhuzhou-2024");
  return input;
}

v1::EventInput Approved(const std::string& event_id, const std::string& day,
                        int64_t fen) {
  v1::EventInput input = Dated(event_id, day);
  v1::BudgetApproved& approved =
      *input.mutable_event()->mutable_budget_approved();
  approved.mutable_line()->set_fund(v1::FUND_GENERAL);
  approved.mutable_line()->set_nature(v1::NATURE_OPERATING);
  approved.set_amount_fen(fen);
  return input;
}

v1::EventInput Spent(const std::string& event_id, const std::string& day,
                     int64_t fen) {
  v1::EventInput input = Dated(event_id, day);
  v1::ExpenditureRecorded& spent =
      *input.mutable_event()->mutable_expenditure_recorded();
  spent.mutable_line()->set_fund(v1::FUND_GENERAL);
  spent.mutable_line()->set_nature(v1::NATURE_OPERATING);
  spent.set_amount_fen(fen);
  return input;
}

v1::EventInput Reversed(const std::string& event_id,
                        const std::string& target) {
  v1::EventInput input = Dated(event_id, "2024-12-31");
  input.mutable_event()->mutable_reversal()->set_target_event_id(target);
  return input;
}

v1::EventInput Erased(const std::string& event_id, const std::string& target) {
  v1::EventInput input;
  v1::Event& event = *input.mutable_event();
  event.set_event_id(event_id);
  event.set_subject(kReport);
  v1::PersonalDataErased& erased = *event.mutable_personal_data_erased();
  erased.mutable_target()->set_event_id(target);
  erased.mutable_correction()->set_reason("本人申请");
  erased.mutable_correction()->set_approver("办公室");
  return input;
}

v1::EventInput WithPayee(v1::EventInput input, const std::string& payee) {
  input.mutable_personal_data()->set_payee(payee);
  return input;
}

Inputs Opening() {
  return {DepartmentRegistered("department"), ReportOpened("report")};
}

}  // namespace daybook::services
