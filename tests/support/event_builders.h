// Events for tests, each well-formed until a test breaks it.
//
// Thread safety: pure functions.

#ifndef DAYBOOK_TESTS_SUPPORT_EVENT_BUILDERS_H_
#define DAYBOOK_TESTS_SUPPORT_EVENT_BUILDERS_H_

#include <cstdint>
#include <string>
#include <utility>

#include "daybook/v1/event.pb.h"

namespace daybook::testing {

inline constexpr const char* kLedger = "ledgers/430203";
inline constexpr const char* kDepartment = "ledgers/430203/departments/115001";
inline constexpr const char* kReport =
    "ledgers/430203/departments/115001/reports/2024";

inline v1::Date DateOf(int year, int month, int day) {
  v1::Date date;
  date.set_year(year);
  date.set_month(month);
  date.set_day(day);
  return date;
}

// About the report, dated 15 March 2024, without payload.
inline v1::EventInput Dated(const std::string& event_id) {
  v1::EventInput input;
  input.mutable_event()->set_event_id(event_id);
  input.mutable_event()->set_subject(kReport);
  *input.mutable_event()->mutable_effective_date() = DateOf(2024, 3, 15);
  return input;
}

inline v1::EventInput Spent(const std::string& event_id, int64_t fen) {
  v1::EventInput input = Dated(event_id);
  v1::ExpenditureRecorded& spent =
      *input.mutable_event()->mutable_expenditure_recorded();
  spent.mutable_line()->set_fund(v1::FUND_GENERAL);
  spent.set_amount_fen(fen);
  return input;
}

inline v1::EventInput Reversed(const std::string& event_id,
                               const std::string& target) {
  v1::EventInput input = Dated(event_id);
  input.mutable_event()->mutable_reversal()->set_target_event_id(target);
  return input;
}

inline v1::EventInput Department() {
  v1::EventInput input;
  input.mutable_event()->set_event_id("department");
  input.mutable_event()->set_subject(kDepartment);
  input.mutable_event()->mutable_department_registered()->set_name("甲");
  return input;
}

inline v1::EventInput Project(const std::string& key) {
  v1::EventInput input;
  input.mutable_event()->set_event_id("project-" + key);
  input.mutable_event()->set_subject(kDepartment);
  v1::ProjectRegistered& project =
      *input.mutable_event()->mutable_project_registered();
  project.set_key(key);
  project.set_name(key);
  return input;
}

inline v1::EventInput Opened(const std::string& event_id = "opened") {
  v1::EventInput input;
  input.mutable_event()->set_event_id(event_id);
  input.mutable_event()->set_subject(kReport);
  v1::ReportOpened& opened = *input.mutable_event()->mutable_report_opened();
  opened.add_funds(v1::FUND_GENERAL);
  opened.set_book_source("accounting");
  opened.set_form("zhuzhou-2024");
  return input;
}

// At least 100 of `unit`, 5 points.
inline v1::EventInput Indicator(const std::string& key,
                                const std::string& unit = "人") {
  v1::EventInput input = Dated("set-" + key);
  v1::IndicatorSet& set = *input.mutable_event()->mutable_indicator_set();
  set.set_indicator(key);
  set.set_level("output");
  set.set_name(key);
  set.set_operator_(v1::IndicatorSet::OPERATOR_AT_LEAST);
  v1::Quantity& target = *set.mutable_target()->mutable_quantity();
  target.mutable_value()->set_unscaled(100);
  target.set_unit(unit);
  set.mutable_weight()->set_unscaled(5);
  return input;
}

inline v1::EventInput Result(const std::string& event_id,
                             const std::string& indicator, int64_t value) {
  v1::EventInput input = Dated(event_id);
  v1::IndicatorResultRecorded& result =
      *input.mutable_event()->mutable_indicator_result_recorded();
  result.set_indicator(indicator);
  v1::Quantity& quantity = *result.mutable_value()->mutable_quantity();
  quantity.mutable_value()->set_unscaled(value);
  quantity.set_unit("人");
  result.set_mode(v1::IndicatorResultRecorded::MODE_CUMULATIVE);
  return input;
}

// Execution 10 on the adjusted budget, one level of 90, two grades.
inline v1::EventInput Policy() {
  v1::EventInput input;
  input.mutable_event()->set_event_id("policy");
  input.mutable_event()->set_subject(kReport);
  v1::ScoringPolicy& policy =
      *input.mutable_event()->mutable_policy_adopted()->mutable_policy();
  policy.set_id("p");
  policy.set_version(1);
  policy.mutable_execution()->mutable_weight()->set_unscaled(10);
  policy.mutable_execution()->set_base(v1::ExecutionRule::BASE_ADJUSTED);
  v1::PolicyLevel& level = *policy.add_levels();
  level.set_id("output");
  level.set_label("产出指标");
  level.mutable_weight()->set_unscaled(90);
  policy.set_reverse_rule(v1::ScoringPolicy::REVERSE_RULE_LINEAR);
  for (const auto& [label, score_min] : {std::pair("优", 90), {"差", 0}}) {
    v1::GradeBand& grade = *policy.add_grades();
    grade.set_label(label);
    grade.mutable_score_min()->set_unscaled(score_min);
  }
  return input;
}

}  // namespace daybook::testing

#endif  // DAYBOOK_TESTS_SUPPORT_EVENT_BUILDERS_H_
