#include "tests/core/report/story.h"

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "core/base/check.h"
#include "core/base/decimal.h"
#include "core/budget/figure_path.h"
#include "core/budget/fiscal_date.h"
#include "core/report/figure_text.h"
#include "core/report/figures.h"
#include "core/scoring/rules.h"

namespace daybook::testing {
namespace {

v1::Event ReportEvent(const std::string& day) {
  v1::Event event;
  event.set_subject(kReportName);
  *event.mutable_effective_date() = ToDate(Day(day));
  return event;
}

v1::Event Registration(const std::string& subject) {
  v1::Event event;
  event.set_subject(subject);
  return event;
}

v1::Event Project(const std::string& key, const std::string& name) {
  v1::Event event = Registration(kDepartmentName);
  event.mutable_project_registered()->set_key(key);
  event.mutable_project_registered()->set_name(name);
  return event;
}

Facts Opening() {
  v1::Event department = Registration(kDepartmentName);
  department.mutable_department_registered()->set_name("残疾人联合会");
  return {department, Project("road", "道路"), Project("school", "学校"),
          Opened({v1::FUND_GENERAL, v1::FUND_GOVERNMENT_FUND})};
}

template <typename Payload>
void SetMoney(const std::string& row, int64_t fen, Payload* payload) {
  *payload->mutable_line() = LineOf(row);
  payload->set_amount_fen(fen);
}

v1::Event AdjustedAs(v1::Event event, const std::string& row, int64_t fen,
                     v1::BudgetAdjusted::Kind kind) {
  SetMoney(row, fen, event.mutable_budget_adjusted());
  event.mutable_budget_adjusted()->set_kind(kind);
  return event;
}

v1::Event Stated(const std::string& day, const std::string& path,
                 v1::FigureStated::Statement statement) {
  v1::Event event = ReportEvent(day);
  event.mutable_figure_stated()->set_figure(path);
  event.mutable_figure_stated()->set_statement(statement);
  return event;
}

v1::Event ResultOf(const std::string& day, const std::string& id,
                   const v1::MeasuredValue& value,
                   v1::IndicatorResultRecorded::Mode mode) {
  v1::Event event = ReportEvent(day);
  v1::IndicatorResultRecorded& result =
      *event.mutable_indicator_result_recorded();
  result.set_indicator(id);
  *result.mutable_value() = value;
  result.set_mode(mode);
  return event;
}

}  // namespace

std::vector<v1::Entry> Entries(const Facts& facts) {
  std::vector<v1::Entry> entries(1);
  entries[0].set_format(1);
  entries[0].set_recorded_time_us(1'000'000);
  entries[0].mutable_genesis()->set_origin("example.gov/ledgers/430203");
  const auto append = [&](const Fact& fact) {
    v1::Entry& entry = entries.emplace_back();
    const uint64_t position = entries.size() - 1;
    entry.set_format(1);
    entry.set_position(position);
    entry.set_recorded_time_us(
        static_cast<int64_t>(1'000'000 * (position + 1)));
    entry.set_source(fact.source);
    *entry.mutable_event() = fact.event;
    if (fact.event.event_id().empty()) {
      entry.mutable_event()->set_event_id(absl::StrCat("#", position));
    }
  };
  for (const Fact& fact : Opening()) append(fact);
  for (const Fact& fact : facts) append(fact);
  return entries;
}

LedgerState Fold(const Facts& facts) {
  LedgerState ledger;
  for (const v1::Entry& entry : Entries(facts)) {
    DAYBOOK_CHECK(ledger.Apply(entry).ok());
  }
  return ledger;
}

const ReportState& ReportOf(const LedgerState& ledger) {
  const ReportState* report = ledger.FindReport(kReportName);
  DAYBOOK_CHECK(report != nullptr);
  return *report;
}

const DepartmentState& DepartmentOf(const LedgerState& ledger) {
  const DepartmentState* department = ledger.FindDepartment(kDepartmentName);
  DAYBOOK_CHECK(department != nullptr);
  return *department;
}

std::string Ask(const Facts& facts, const std::string& day,
                const std::string& path) {
  const LedgerState ledger = Fold(facts);
  const Figures figures(ReportOf(ledger), DepartmentOf(ledger), Day(day));
  return FormatFigureValue(figures.Value(*FigurePath::Parse(path)),
                           MoneyUnit::kYuan);
}

std::string AtYearEnd(const Facts& facts, const std::string& path) {
  return Ask(facts, "12-31", path);
}

absl::CivilDay Day(const std::string& day) {
  return *ParseDay(absl::StrCat("2024-", day));
}

v1::Line LineOf(const std::string& row) {
  const absl::StatusOr<FigurePath> path =
      FigurePath::Parse(absl::StrCat(row, ".executed"));
  DAYBOOK_CHECK(path.ok() && path->lines.fund.has_value());
  v1::Line line;
  line.set_fund(*path->lines.fund);
  switch (path->lines.nature) {
    case LineFilter::NatureRow::kAny:
      break;
    case LineFilter::NatureRow::kBasic:
      line.set_nature(v1::NATURE_BASIC);
      break;
    case LineFilter::NatureRow::kPersonnel:
      line.set_nature(v1::NATURE_PERSONNEL);
      break;
    case LineFilter::NatureRow::kOperating:
      line.set_nature(v1::NATURE_OPERATING);
      break;
    case LineFilter::NatureRow::kProject:
      line.set_nature(v1::NATURE_PROJECT);
      break;
  }
  line.set_project(path->lines.project);
  line.set_function_code(path->lines.function);
  line.set_economic_code(path->lines.economic);
  line.set_source_row(path->lines.source_row);
  line.set_unit(path->lines.unit);
  return line;
}

Fact Named(const std::string& event_id, Fact fact) {
  fact.event.set_event_id(event_id);
  return fact;
}

Fact By(const std::string& source, Fact fact) {
  fact.source = source;
  return fact;
}

Fact Dated(const std::string& day, Fact fact) {
  *fact.event.mutable_effective_date() = ToDate(Day(day));
  return fact;
}

Fact Reversed(const std::string& day, const std::string& event_id) {
  v1::Event event = ReportEvent(day);
  event.mutable_reversal()->set_target_event_id(event_id);
  return event;
}

Fact Opened(const std::vector<v1::Fund>& funds) {
  v1::Event event = Registration(kReportName);
  v1::ReportOpened& opened = *event.mutable_report_opened();
  for (const v1::Fund fund : funds) opened.add_funds(fund);
  opened.set_book_source("book");
  opened.set_form("zhuzhou-2024");
  return event;
}

Fact Approved(const std::string& row, int64_t fen) {
  v1::Event event = ReportEvent("01-01");
  SetMoney(row, fen, event.mutable_budget_approved());
  return event;
}

Fact OfWhich(const std::string& row, int64_t fen) {
  Fact fact = Approved(row, fen);
  fact.event.mutable_budget_approved()->set_of_which(true);
  return fact;
}

Fact Adjusted(const std::string& day, const std::string& row, int64_t fen) {
  return AdjustedAs(ReportEvent(day), row, fen,
                    fen > 0 ? v1::BudgetAdjusted::KIND_SUPPLEMENT
                            : v1::BudgetAdjusted::KIND_REDUCTION);
}

Fact Recovered(const std::string& day, const std::string& row, int64_t fen) {
  return AdjustedAs(ReportEvent(day), row, fen,
                    v1::BudgetAdjusted::KIND_RECOVERY);
}

Fact CarriedOver(const std::string& day, const std::string& row, int64_t fen) {
  return AdjustedAs(ReportEvent(day), row, fen,
                    v1::BudgetAdjusted::KIND_CARRIED_OVER_ALLOCATION);
}

Fact Income(const std::string& day, const std::string& row, int64_t fen) {
  v1::Event event = ReportEvent(day);
  SetMoney(row, fen, event.mutable_income_received());
  return event;
}

Fact OpeningCarryover(const std::string& row, int64_t fen) {
  v1::Event event = ReportEvent("01-01");
  SetMoney(row, fen, event.mutable_carryover_opened());
  return event;
}

Fact ClosingCarryover(const std::string& row, int64_t fen) {
  v1::Event event = ReportEvent("12-31");
  SetMoney(row, fen, event.mutable_carryover_closed());
  return event;
}

Fact Spent(const std::string& day, const std::string& row, int64_t fen) {
  v1::Event event = ReportEvent(day);
  SetMoney(row, fen, event.mutable_expenditure_recorded());
  return event;
}

Fact Refunded(const std::string& day, const std::string& row, int64_t fen,
              const std::string& payment, v1::RefundReceived::Kind kind) {
  v1::Event event = ReportEvent(day);
  SetMoney(row, fen, event.mutable_refund_received());
  event.mutable_refund_received()->set_payment_event_id(payment);
  event.mutable_refund_received()->set_kind(kind);
  return event;
}

Fact AdvancePaid(const std::string& day, const std::string& row, int64_t fen) {
  v1::Event event = ReportEvent(day);
  SetMoney(row, fen, event.mutable_advance_paid());
  return event;
}

Fact Cleared(const std::string& day, const std::string& row, int64_t fen,
             const std::string& advance) {
  v1::Event event = ReportEvent(day);
  SetMoney(row, fen, event.mutable_advance_cleared());
  event.mutable_advance_cleared()->set_advance_event_id(advance);
  return event;
}

Fact Closed(const std::string& through) {
  v1::Event event;
  event.set_subject(kReportName);
  *event.mutable_period_closed()->mutable_through() = ToDate(Day(through));
  return event;
}

Fact Reopened(const std::string& from) {
  v1::Event event;
  event.set_subject(kReportName);
  v1::PeriodReopened& reopened = *event.mutable_period_reopened();
  *reopened.mutable_from() = ToDate(Day(from));
  reopened.mutable_correction()->set_reason("漏记");
  reopened.mutable_correction()->set_approver("预算股");
  return event;
}

Fact Published(const std::string& as_of, uint64_t size) {
  v1::Event event;
  event.set_subject(kReportName);
  *event.mutable_report_published()->mutable_as_of() = ToDate(Day(as_of));
  event.mutable_report_published()->set_size(size);
  return event;
}

Fact Corrected(Fact fact) {
  fact.event.mutable_correction()->set_reason("漏记");
  fact.event.mutable_correction()->set_approver("预算股");
  return fact;
}

Fact Replacing(const std::string& event_id, Fact fact) {
  fact.event.mutable_replaces()->set_event_id(event_id);
  return fact;
}

Fact Procured(Fact fact) {
  if (fact.event.has_budget_approved()) {
    fact.event.mutable_budget_approved()->set_procurement(true);
  } else if (fact.event.has_refund_received()) {
    fact.event.mutable_refund_received()->set_procurement(true);
  } else {
    fact.event.mutable_expenditure_recorded()->set_procurement(true);
  }
  return fact;
}

Fact StatedZero(const std::string& day, const std::string& path) {
  return Stated(day, path, v1::FigureStated::STATEMENT_ZERO);
}

Fact StatedNone(const std::string& day, const std::string& path) {
  return Stated(day, path, v1::FigureStated::STATEMENT_NONE);
}

Fact StatedNotApplicable(const std::string& day, const std::string& path) {
  return Stated(day, path, v1::FigureStated::STATEMENT_NOT_APPLICABLE);
}

Fact PriorYear(const std::string& path, int64_t fen) {
  v1::Event event = ReportEvent("01-01");
  event.mutable_prior_year_figure_stated()->set_figure(path);
  event.mutable_prior_year_figure_stated()->set_amount_fen(fen);
  return event;
}

Fact Headcount(const std::string& day, int32_t quota, int32_t actual) {
  v1::Event event = ReportEvent(day);
  v1::HeadcountRecorded& headcount = *event.mutable_headcount_recorded();
  if (quota >= 0) headcount.set_quota(quota);
  if (actual >= 0) headcount.set_actual(actual);
  return event;
}

Fact Activity(const std::string& day, const std::string& id,
              const std::string& number) {
  v1::Event event = ReportEvent(day);
  v1::ActivityRecorded& activity = *event.mutable_activity_recorded();
  activity.set_activity(id);
  activity.set_label(absl::StrCat("活动 ", id));
  *activity.mutable_quantity() = People(number).quantity();
  activity.set_qualifier(v1::ActivityRecorded::QUALIFIER_EXACT);
  return event;
}

Fact Narrative(const std::string& section, const std::string& text) {
  v1::Event event = ReportEvent("01-01");
  event.mutable_narrative_section_recorded()->set_section(section);
  event.mutable_narrative_section_recorded()->set_title(
      absl::StrCat("标题 ", section));
  event.mutable_narrative_section_recorded()->set_text(text);
  return event;
}

v1::ScoringPolicy Policy() {
  v1::ScoringPolicy policy;
  policy.set_id("test-2024");
  policy.set_version(1);
  *policy.mutable_execution()->mutable_weight() = Number("10");
  policy.mutable_execution()->set_base(v1::ExecutionRule::BASE_ADJUSTED);
  const auto level = [&](const char* id, const char* label, const char* weight,
                         bool at_year_end) {
    v1::PolicyLevel& added = *policy.add_levels();
    added.set_id(id);
    added.set_label(label);
    *added.mutable_weight() = Number(weight);
    added.set_assessed_at_year_end(at_year_end);
  };
  level("output", "产出指标", "40", false);
  level("benefit", "效益指标", "20", false);
  level("satisfaction", "满意度指标", "10", true);
  level("cost", "成本指标", "20", true);
  policy.set_reverse_rule(v1::ScoringPolicy::REVERSE_RULE_LINEAR);
  const auto grade = [&](const char* label, const char* score_min) {
    v1::GradeBand& band = *policy.add_grades();
    band.set_label(label);
    *band.mutable_score_min() = Number(score_min);
  };
  grade("优", "90");
  grade("良", "80");
  grade("中", "60");
  grade("差", "0");
  return policy;
}

Fact Adopted(const v1::ScoringPolicy& policy) {
  v1::Event event = Registration(kReportName);
  *event.mutable_policy_adopted()->mutable_policy() = policy;
  return event;
}

v1::Decimal Number(const std::string& text) {
  return ToProto(*Decimal::Parse(text));
}

v1::MeasuredValue People(const std::string& number) {
  return Measured(number, "人");
}

v1::MeasuredValue Measured(const std::string& number, const std::string& unit) {
  v1::MeasuredValue value;
  *value.mutable_quantity()->mutable_value() = Number(number);
  value.mutable_quantity()->set_unit(unit);
  return value;
}

v1::MeasuredValue DayValue(const std::string& day) {
  v1::MeasuredValue value;
  *value.mutable_date() = ToDate(Day(day));
  return value;
}

v1::MeasuredValue WordValue(const std::string& word) {
  v1::MeasuredValue value;
  value.set_word(word);
  return value;
}

v1::MeasuredValue FigureOf(const std::string& path) {
  v1::MeasuredValue value;
  value.set_figure(path);
  return value;
}

Fact Indicator(const std::string& id, v1::IndicatorSet::Operator op,
               const v1::MeasuredValue& target, const std::string& weight) {
  v1::Event event = ReportEvent("01-01");
  v1::IndicatorSet& set = *event.mutable_indicator_set();
  set.set_indicator(id);
  set.set_level(id.substr(0, id.find('.')));
  set.set_name(absl::StrCat("指标 ", id));
  set.set_operator_(op);
  if (target.value_case() != v1::MeasuredValue::VALUE_NOT_SET) {
    *set.mutable_target() = target;
  }
  if (!weight.empty()) *set.mutable_weight() = Number(weight);
  return event;
}

Fact Indicator(const std::string& id) {
  return Indicator(id, v1::IndicatorSet::OPERATOR_AT_LEAST, People("100"),
                   "10");
}

Fact NotApplicable(const std::string& id) {
  return Indicator(id, v1::IndicatorSet::OPERATOR_NOT_APPLICABLE, {}, "");
}

Fact Revised(const std::string& day, const std::string& id,
             const v1::MeasuredValue& target) {
  v1::Event event = ReportEvent(day);
  event.mutable_indicator_revised()->set_indicator(id);
  *event.mutable_indicator_revised()->mutable_target() = target;
  return event;
}

Fact Result(const std::string& day, const std::string& id,
            const v1::MeasuredValue& value) {
  return ResultOf(day, id, value, v1::IndicatorResultRecorded::MODE_CUMULATIVE);
}

Fact Increment(const std::string& day, const std::string& id,
               const v1::MeasuredValue& value) {
  return ResultOf(day, id, value, v1::IndicatorResultRecorded::MODE_INCREMENT);
}

Fact Attained(const std::string& day, const std::string& id,
              const std::string& percent) {
  Fact fact = Result(day, id, WordValue("增加"));
  *fact.event.mutable_indicator_result_recorded()
       ->mutable_attainment_percent() = Number(percent);
  return fact;
}

Fact Assessed(const std::string& day, const std::string& row,
              const std::string& score) {
  v1::Event event = ReportEvent(day);
  event.mutable_indicator_assessed()->set_row(row);
  *event.mutable_indicator_assessed()->mutable_declared_score() = Number(score);
  return event;
}

}  // namespace daybook::testing
