// What a Historian draws about performance, statements and policies.

#include "absl/strings/str_cat.h"
#include "core/base/check.h"
#include "core/budget/fiscal_date.h"
#include "tests/simulation/historian.h"

namespace daybook::testing {
namespace {

using Set = v1::IndicatorSet;

v1::Decimal Scaled(int64_t unscaled, uint32_t scale) {
  v1::Decimal decimal;
  decimal.set_unscaled(unscaled);
  decimal.set_scale(scale);
  return decimal;
}

v1::MeasuredValue QuantityOf(v1::Decimal value, const std::string& unit) {
  v1::MeasuredValue measured;
  *measured.mutable_quantity()->mutable_value() = std::move(value);
  measured.mutable_quantity()->set_unit(unit);
  return measured;
}

std::string LevelOf(const std::string& indicator) {
  return indicator.substr(0, indicator.find('.'));
}

}  // namespace

// The last letter says what an indicator is: a, b and f are quantities, of
// which only b is met with results in other units, and a now and then does not
// apply; c is a day, d a word, e is measured by figures, and g never applies.
std::string Historian::DrawIndicator() {
  return OneOf({"output.a", "output.a", "output.b", "cost.c", "benefit.d",
                "cost.e", "satisfaction.f", "benefit.g"});
}

v1::MeasuredValue Historian::DrawTarget(const std::string& indicator) {
  v1::MeasuredValue target;
  switch (indicator.back()) {
    case 'c':
      *target.mutable_date() = ToDate(DrawDay(report_));
      return target;
    case 'd':
      target.set_word("提升");
      return target;
    case 'e':
      return QuantityOf(Scaled(Below(2000) - 100, 2), "万元");
    case 'f':
      return QuantityOf(Scaled(Below(120), 0), "%");
    default:
      return QuantityOf(OneOf(std::vector<v1::Decimal>{
                            Scaled(0, 0), Scaled(3, 0), Scaled(80, 1),
                            Scaled(-2, 0), Scaled(100, 0), Scaled(4, 0)}),
                        "人");
  }
}

void Historian::DrawIndicatorSet(const std::string& indicator,
                                 v1::Event& event) {
  Set& set = *event.mutable_indicator_set();
  set.set_indicator(indicator);
  set.set_level(OneIn(12) ? "extra" : LevelOf(indicator));
  set.set_name("指标");
  set.set_assessable(static_cast<Set::Assessable>(OneIn(2) ? 0 : Below(3)));
  if (indicator.back() == 'g' || (indicator.back() == 'a' && OneIn(10))) {
    set.set_operator_(Set::OPERATOR_NOT_APPLICABLE);
    return;
  }
  set.set_operator_(indicator.back() == 'd'
                        ? Set::OPERATOR_QUALITATIVE
                        : static_cast<Set::Operator>(1 + Below(5)));
  *set.mutable_target() = DrawTarget(indicator);
  if (!OneIn(8)) {
    *set.mutable_weight() =
        OneIn(3) ? Scaled(Below(1500), 2) : Scaled(Below(30), 0);
  }
}

void Historian::DrawRevision(v1::Event& event) {
  v1::IndicatorRevised& revised = *event.mutable_indicator_revised();
  const std::string indicator = DrawIndicator();
  revised.set_indicator(indicator);
  *revised.mutable_target() = DrawTarget(indicator);
  if (OneIn(12)) *revised.mutable_target() = DrawTarget("x.c");
  if (OneIn(12)) *revised.mutable_target() = QuantityOf(Scaled(5, 0), "户");
}

void Historian::DrawResult(v1::Event& event) {
  v1::IndicatorResultRecorded& result =
      *event.mutable_indicator_result_recorded();
  std::string indicator = DrawIndicator();
  if (indicator.back() == 'g') indicator = "output.a";
  result.set_indicator(indicator);
  result.set_mode(v1::IndicatorResultRecorded::MODE_CUMULATIVE);
  v1::MeasuredValue& value = *result.mutable_value();
  const v1::Decimal number = OneOf(std::vector<v1::Decimal>{
      Scaled(1, 0), Scaled(25, 1), Scaled(25, 2), Scaled(90, 0), Scaled(-3, 0),
      Scaled(1, 3), Scaled(5, 0), Scaled(0, 0), Scaled(800, 2)});
  switch (indicator.back()) {
    case 'c':
      *value.mutable_date() = ToDate(DrawDay(report_));
      return;
    case 'd':
      value.set_word("增加");
      *result.mutable_attainment_percent() =
          OneIn(2) ? Scaled(Below(101), 0) : Scaled(Below(10'001), 2);
      return;
    case 'e':
      value.set_figure(OneOf({"all.executed", "all.executed", "general.balance",
                              "all.execution_rate", "government_fund.advances",
                              "three_public.executed", "headcount.actual"}));
      return;
    default:
      break;
  }
  const std::string unit = indicator.back() == 'f' ? "%" : "人";
  value = QuantityOf(number, unit);
  if (indicator.back() == 'b') {
    if (OneIn(3)) value.mutable_quantity()->set_unit("户");
  } else if (OneIn(2)) {
    result.set_mode(v1::IndicatorResultRecorded::MODE_INCREMENT);
    if (OneIn(15)) value.mutable_quantity()->set_unit("户");
  }
}

void Historian::DrawAssessment(v1::Event& event) {
  v1::IndicatorAssessed& assessed = *event.mutable_indicator_assessed();
  std::string row = DrawIndicator();
  if (row.back() == 'g') row = "output.a";
  assessed.set_row(OneIn(4) ? "execution" : OneIn(4) ? "total" : row);
  *assessed.mutable_declared_score() =
      OneIn(3) ? Scaled(Below(200), 1) : Scaled(Below(10'000), 2);
  if (OneIn(2)) assessed.set_deviation_reason("资金滞后");
}

void Historian::DrawStatement(v1::Event& event) {
  const std::string& path = OneOf(StatedPaths());
  if (path.find("prior_executed") != std::string::npos && OneIn(2)) {
    event.mutable_prior_year_figure_stated()->set_figure(path);
    event.mutable_prior_year_figure_stated()->set_amount_fen(Below(1000));
    return;
  }
  event.mutable_figure_stated()->set_figure(path);
  event.mutable_figure_stated()->set_statement(
      static_cast<v1::FigureStated::Statement>(1 + Below(3)));
}

void Historian::DrawHeadcount(v1::HeadcountRecorded& headcount) {
  headcount.set_quota(Below(9));
  if (!OneIn(3)) headcount.set_actual(Below(9));
  if (OneIn(3)) headcount.set_permanent(Below(9));
  if (OneIn(3)) headcount.set_contract(Below(9));
  if (headcount.has_actual() && OneIn(2)) headcount.clear_quota();
}

void Historian::DrawActivity(v1::ActivityRecorded& activity) {
  activity.set_activity(OneOf({"visits", "calls"}));
  activity.set_label("走访");
  *activity.mutable_quantity()->mutable_value() =
      Scaled(Below(1000), static_cast<uint32_t>(Below(3)));
  activity.mutable_quantity()->set_unit("人");
  activity.set_qualifier(v1::ActivityRecorded::QUALIFIER_EXACT);
}

void Historian::DrawNarrative(v1::NarrativeSectionRecorded& section) {
  section.set_section(OneOf({"overview", "results"}));
  section.set_text(absl::StrCat("文字 ", Below(1000)));
}

v1::ScoringPolicy Historian::DrawPolicy() {
  v1::ScoringPolicy policy;
  policy.set_id("drawn");
  policy.set_version(static_cast<uint32_t>(1 + Below(9)));
  *policy.mutable_execution()->mutable_weight() =
      OneIn(3) ? Scaled(Below(3000), 2) : Scaled(10, 0);
  policy.mutable_execution()->set_base(OneIn(3)
                                           ? v1::ExecutionRule::BASE_APPROVED
                                           : v1::ExecutionRule::BASE_ADJUSTED);
  for (const char* id : {"output", "benefit", "satisfaction", "cost"}) {
    if (OneIn(8) && policy.levels_size() > 0) continue;
    v1::PolicyLevel& level = *policy.add_levels();
    level.set_id(id);
    level.set_label(id);
    *level.mutable_weight() = Scaled(Below(50), 0);
    level.set_assessed_at_year_end(OneIn(2));
  }
  policy.set_reverse_rule(OneIn(2) ? v1::ScoringPolicy::REVERSE_RULE_LINEAR
                                   : v1::ScoringPolicy::REVERSE_RULE_RATIO);
  int64_t score_min = 3000 + Below(7000);
  for (const char* label : {"优", "良", "差"}) {
    v1::GradeBand& band = *policy.add_grades();
    band.set_label(label);
    *band.mutable_score_min() = Scaled(score_min, 2);
    score_min = label == std::string("优") ? score_min / 2 : 0;
  }
  return policy;
}

}  // namespace daybook::testing
