// The rules of each payload, one broken at a time.

#include "core/admission/payload_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

#include "core/budget/money.h"
#include "tests/support/event_builders.h"

namespace daybook {
namespace {

using ::testing::Contains;
using testing::Dated;
using ::testing::ElementsAre;
using testing::Indicator;
using ::testing::IsEmpty;
using testing::Opened;
using testing::Project;
using testing::Result;
using testing::Spent;

// "field CODE" of each problem.
std::vector<std::string> Problems(const v1::EventInput& input) {
  ProblemList list;
  CheckPayload(input.event(), list);
  std::vector<std::string> problems;
  for (const v1::Problem& problem : list.Take()) {
    EXPECT_NE(problem.message(), "");
    EXPECT_NE(problem.remedy(), "");
    EXPECT_FALSE(problem.retryable());
    problems.push_back(problem.field().substr(sizeof("event.") - 1) + " " +
                       absl::StatusCodeToString(
                           static_cast<absl::StatusCode>(problem.code())));
  }
  return problems;
}

TEST(PayloadRulesTest, AnAmountIsNotZeroAndAtMost10To14) {
  EXPECT_THAT(Problems(Spent("a", 1)), IsEmpty());
  EXPECT_THAT(Problems(Spent("a", -1)), IsEmpty());
  EXPECT_THAT(Problems(Spent("a", Money::event_fen_max)), IsEmpty());
  EXPECT_THAT(Problems(Spent("a", 0)),
              ElementsAre("expenditure_recorded.amount_fen INVALID_ARGUMENT"));
  for (const int64_t fen : {Money::event_fen_max + 1, -Money::event_fen_max - 1,
                            std::numeric_limits<int64_t>::min()}) {
    EXPECT_THAT(Problems(Spent("a", fen)),
                ElementsAre("expenditure_recorded.amount_fen OUT_OF_RANGE"));
  }
}

TEST(PayloadRulesTest, ALineNeedsAFundAndCodesOfTheRightLength) {
  v1::EventInput input = Spent("a", 1);
  v1::Line& line =
      *input.mutable_event()->mutable_expenditure_recorded()->mutable_line();
  line.set_function_code("2081104");
  line.set_economic_code("30217");
  line.set_government_economic_code("502");
  line.set_unit("115001-1");
  EXPECT_THAT(Problems(input), IsEmpty());
  line.set_fund(v1::FUND_UNSPECIFIED);
  line.set_function_code("20811041");
  line.set_economic_code("3021700");
  line.set_government_economic_code("x");
  line.set_project("P");
  line.set_unit("a b");
  const std::string field = "expenditure_recorded.line.";
  EXPECT_THAT(Problems(input),
              ElementsAre(field + "fund INVALID_ARGUMENT",
                          field + "project INVALID_ARGUMENT",
                          field + "function_code INVALID_ARGUMENT",
                          field + "economic_code INVALID_ARGUMENT",
                          field + "government_economic_code INVALID_ARGUMENT",
                          field + "unit INVALID_ARGUMENT"));
  input.mutable_event()->mutable_expenditure_recorded()->clear_line();
  EXPECT_THAT(Problems(input),
              ElementsAre("expenditure_recorded.line INVALID_ARGUMENT"));
}

TEST(PayloadRulesTest, AnAdjustmentHasTheSignOfItsKind) {
  v1::EventInput input = Dated("a");
  v1::BudgetAdjusted& adjusted =
      *input.mutable_event()->mutable_budget_adjusted();
  adjusted.mutable_line()->set_fund(v1::FUND_GENERAL);
  const auto passes = [&](v1::BudgetAdjusted::Kind kind, int64_t fen) {
    adjusted.set_kind(kind);
    adjusted.set_amount_fen(fen);
    return Problems(input).empty();
  };
  for (const auto kind : {v1::BudgetAdjusted::KIND_SUPPLEMENT,
                          v1::BudgetAdjusted::KIND_ALLOCATION,
                          v1::BudgetAdjusted::KIND_CARRIED_OVER_ALLOCATION}) {
    EXPECT_TRUE(passes(kind, 1));
    EXPECT_FALSE(passes(kind, -1));
  }
  for (const auto kind : {v1::BudgetAdjusted::KIND_REDUCTION,
                          v1::BudgetAdjusted::KIND_RECOVERY}) {
    EXPECT_TRUE(passes(kind, -1));
    EXPECT_FALSE(passes(kind, 1));
  }
  EXPECT_TRUE(passes(v1::BudgetAdjusted::KIND_REALLOCATION, 1));
  EXPECT_TRUE(passes(v1::BudgetAdjusted::KIND_REALLOCATION, -1));
  EXPECT_FALSE(passes(v1::BudgetAdjusted::KIND_UNSPECIFIED, 1));
}

TEST(PayloadRulesTest, AReportListsEachFundOnceAndAKnownForm) {
  EXPECT_THAT(Problems(Opened()), IsEmpty());
  v1::EventInput input = Opened();
  v1::ReportOpened& opened = *input.mutable_event()->mutable_report_opened();
  opened.add_funds(v1::FUND_GENERAL);
  EXPECT_THAT(Problems(input),
              ElementsAre("report_opened.funds INVALID_ARGUMENT"));
  opened.clear_funds();
  opened.set_form("moon");
  EXPECT_THAT(Problems(input),
              ElementsAre("report_opened.funds INVALID_ARGUMENT",
                          "report_opened.form INVALID_ARGUMENT"));
}

TEST(PayloadRulesTest, AProjectHasAKeyAndAtMost32Aliases) {
  v1::EventInput input = Project("p");
  v1::ProjectRegistered& project =
      *input.mutable_event()->mutable_project_registered();
  for (int i = 0; i < 32; ++i) project.add_aliases("x");
  EXPECT_THAT(Problems(input), IsEmpty());
  project.add_aliases("x");
  project.set_key("");
  EXPECT_THAT(Problems(input),
              ElementsAre("project_registered.key INVALID_ARGUMENT",
                          "project_registered.aliases INVALID_ARGUMENT"));
}

TEST(PayloadRulesTest, WordsGoWithQualitativeIndicatorsAlone) {
  v1::EventInput input = Indicator("a");
  EXPECT_THAT(Problems(input), IsEmpty());
  v1::IndicatorSet& set = *input.mutable_event()->mutable_indicator_set();
  set.mutable_target()->set_word("提升");
  EXPECT_THAT(Problems(input),
              ElementsAre("indicator_set.target INVALID_ARGUMENT"));
  set.set_operator_(v1::IndicatorSet::OPERATOR_QUALITATIVE);
  EXPECT_THAT(Problems(input), IsEmpty());
  set.mutable_target()->mutable_quantity()->mutable_value();
  EXPECT_THAT(Problems(input),
              ElementsAre("indicator_set.target INVALID_ARGUMENT"));
}

TEST(PayloadRulesTest, WhatDoesNotApplyHasNeitherTargetNorWeight) {
  v1::EventInput input = Indicator("a");
  v1::IndicatorSet& set = *input.mutable_event()->mutable_indicator_set();
  set.set_operator_(v1::IndicatorSet::OPERATOR_NOT_APPLICABLE);
  EXPECT_THAT(Problems(input),
              ElementsAre("indicator_set.operator INVALID_ARGUMENT"));
  set.clear_target();
  set.clear_weight();
  EXPECT_THAT(Problems(input), IsEmpty());
}

TEST(PayloadRulesTest, NamesOfTheScoreSheetsOwnRowsAreTaken) {
  for (const char* key : {"execution", "total"}) {
    EXPECT_THAT(Problems(Indicator(key)),
                ElementsAre("indicator_set.indicator INVALID_ARGUMENT"));
  }
}

TEST(PayloadRulesTest, AWordStatesItsAttainmentAndOnlyAWord) {
  v1::EventInput input = Result("r", "a", 1);
  EXPECT_THAT(Problems(input), IsEmpty());
  v1::IndicatorResultRecorded& result =
      *input.mutable_event()->mutable_indicator_result_recorded();
  const std::string field =
      "indicator_result_recorded.attainment_percent INVALID_ARGUMENT";
  result.mutable_attainment_percent()->set_unscaled(100);
  EXPECT_THAT(Problems(input), ElementsAre(field));
  result.mutable_value()->set_word("提升");
  EXPECT_THAT(Problems(input), IsEmpty());
  result.mutable_attainment_percent()->set_unscaled(101);
  EXPECT_THAT(Problems(input), ElementsAre(field));
  result.mutable_attainment_percent()->set_unscaled(-1);
  EXPECT_THAT(Problems(input), ElementsAre(field));
  result.clear_attainment_percent();
  EXPECT_THAT(Problems(input), ElementsAre(field));
}

TEST(PayloadRulesTest, OnlyAQuantityIsAnIncrement) {
  v1::EventInput input = Result("r", "a", 1);
  v1::IndicatorResultRecorded& result =
      *input.mutable_event()->mutable_indicator_result_recorded();
  result.set_mode(v1::IndicatorResultRecorded::MODE_INCREMENT);
  EXPECT_THAT(Problems(input), IsEmpty());
  result.mutable_value()->set_figure("all.executed");
  EXPECT_THAT(Problems(input),
              ElementsAre("indicator_result_recorded.value INVALID_ARGUMENT"));
}

TEST(PayloadRulesTest, ADecimalHasAtMost9DecimalsAndAValue) {
  v1::EventInput input = Result("r", "a", 1);
  v1::Quantity& quantity = *input.mutable_event()
                                ->mutable_indicator_result_recorded()
                                ->mutable_value()
                                ->mutable_quantity();
  quantity.mutable_value()->set_scale(9);
  EXPECT_THAT(Problems(input), IsEmpty());
  quantity.mutable_value()->set_scale(10);
  EXPECT_THAT(
      Problems(input),
      ElementsAre("indicator_result_recorded.value.quantity.value.scale "
                  "INVALID_ARGUMENT"));
  quantity.clear_value();
  EXPECT_THAT(Problems(input), Contains("indicator_result_recorded.value."
                                        "quantity.value INVALID_ARGUMENT"));
}

TEST(PayloadRulesTest, APriorYearFigureNamesItsMeasure) {
  v1::EventInput input = Dated("a");
  v1::PriorYearFigureStated& prior =
      *input.mutable_event()->mutable_prior_year_figure_stated();
  prior.set_figure("general.project.prior_executed");
  EXPECT_THAT(Problems(input), IsEmpty());
  prior.set_figure("general.project.executed");
  EXPECT_THAT(Problems(input),
              ElementsAre("prior_year_figure_stated.figure INVALID_ARGUMENT"));
  prior.set_figure("general.project.prior_executed");
  prior.set_amount_fen(Money::event_fen_max + 1);
  EXPECT_THAT(Problems(input),
              ElementsAre("prior_year_figure_stated.amount_fen OUT_OF_RANGE"));
}

TEST(PayloadRulesTest, AStatementNamesAFigureThatIsNoScore) {
  v1::EventInput input = Dated("a");
  v1::FigureStated& stated = *input.mutable_event()->mutable_figure_stated();
  stated.set_figure("other.executed");
  stated.set_statement(v1::FigureStated::STATEMENT_NONE);
  EXPECT_THAT(Problems(input), IsEmpty());
  for (const char* figure : {"score.total", "moon[", ""}) {
    stated.set_figure(figure);
    EXPECT_THAT(Problems(input),
                ElementsAre("figure_stated.figure INVALID_ARGUMENT"));
  }
  stated.set_figure("other.executed");
  stated.clear_statement();
  EXPECT_THAT(Problems(input),
              ElementsAre("figure_stated.statement INVALID_ARGUMENT"));
}

TEST(PayloadRulesTest, AHeadcountHasANumberWithinBounds) {
  v1::EventInput input = Dated("a");
  v1::HeadcountRecorded& headcount =
      *input.mutable_event()->mutable_headcount_recorded();
  EXPECT_THAT(Problems(input),
              ElementsAre("headcount_recorded INVALID_ARGUMENT"));
  headcount.set_quota(0);
  headcount.set_actual(10'000'000);
  EXPECT_THAT(Problems(input), IsEmpty());
  headcount.set_quota(-1);
  headcount.set_actual(10'000'001);
  EXPECT_THAT(Problems(input),
              ElementsAre("headcount_recorded.quota INVALID_ARGUMENT",
                          "headcount_recorded.actual INVALID_ARGUMENT"));
}

TEST(PayloadRulesTest, TextQuotesFiguresThatParse) {
  v1::EventInput input = Dated("a");
  v1::NarrativeSectionRecorded& section =
      *input.mutable_event()->mutable_narrative_section_recorded();
  section.set_section("1.a");
  section.set_text("{{all.executed}}");
  EXPECT_THAT(Problems(input), IsEmpty());
  section.set_text("{{all.spent}}");
  EXPECT_THAT(Problems(input),
              ElementsAre("narrative_section_recorded.text INVALID_ARGUMENT"));
}

}  // namespace
}  // namespace daybook
