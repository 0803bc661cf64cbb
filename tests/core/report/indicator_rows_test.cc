// The rows of the score sheet, from the events that set, report and assess
// indicators: which target and result hold on a day, how increments add, when
// a row can be assessed, and what the sheet then says.

#include <string>
#include <vector>

#include "core/report/figure_text.h"
#include "core/report/figures.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/core/report/story.h"

namespace daybook::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Set = v1::IndicatorSet;

constexpr char kBlank[] = "";
constexpr char kNotReported[] = "未报";
constexpr char kId[] = "output.jobs";
constexpr char kScore[] = "score.indicator[output.jobs]";

std::vector<v1::IndicatorRow> RowsOn(const std::string& day,
                                     const Facts& facts) {
  const LedgerState ledger = Fold(facts);
  return Figures(ReportOf(ledger), DepartmentOf(ledger), Day(day))
      .IndicatorRows();
}

// The result of the only indicator.
std::string ActualOn(const std::string& day, const Facts& facts) {
  const std::vector<v1::IndicatorRow> rows = RowsOn(day, facts);
  return rows.size() == 1 ? FormatFigureValue(rows[0].actual()) : "(no row)";
}

Facts With(Facts facts, const Facts& more) {
  facts.insert(facts.end(), more.begin(), more.end());
  return facts;
}

// A report whose execution has full marks and whose only indicator wants 100
// people for 10 points.
Facts Scored() {
  return {Adopted(Policy()), Approved("general", 1'00),
          Spent("01-01", "general", 1'00), Indicator(kId)};
}

TEST(IndicatorRowsTest, ARowExistsFromTheDayOfItsTargetOn) {
  const Facts facts = {Dated("03-01", Indicator(kId))};
  EXPECT_THAT(RowsOn("02-29", facts), IsEmpty());
  ASSERT_EQ(RowsOn("03-01", facts).size(), 1);
  const v1::IndicatorRow row = RowsOn("03-01", facts)[0];
  EXPECT_EQ(row.indicator(), kId);
  EXPECT_EQ(row.name(), "指标 output.jobs");
  EXPECT_EQ(FormatFigureValue(row.target()), "100");
  EXPECT_EQ(row.unit(), "人");
  EXPECT_EQ(FormatFigureValue(row.weight()), "10");
  EXPECT_EQ(row.actual().empty(), v1::EMPTINESS_BLANK);
}

TEST(IndicatorRowsTest, RowsStandInTheOrderInWhichTheyWereFirstSet) {
  const Facts facts = {Dated("06-01", Indicator("output.b")),
                       Indicator("output.a"), Indicator("output.b")};
  std::vector<std::string> keys;
  for (const auto& row : RowsOn("12-31", facts))
    keys.push_back(row.indicator());
  EXPECT_THAT(keys, ElementsAre("output.b", "output.a"));
}

TEST(IndicatorRowsTest, ALaterTargetReplacesTheRow) {
  const Facts facts = {
      Dated("06-01", Indicator(kId, Set::OPERATOR_AT_LEAST, People("80"), "5")),
      Indicator(kId)};
  EXPECT_EQ(FormatFigureValue(RowsOn("05-31", facts)[0].target()), "100");
  EXPECT_EQ(FormatFigureValue(RowsOn("06-01", facts)[0].target()), "80");
  EXPECT_EQ(FormatFigureValue(RowsOn("06-01", facts)[0].weight()), "5");
}

TEST(IndicatorRowsTest, AReversedTargetTakesTheRowAway) {
  const Facts facts = {Named("i1", Indicator(kId)), Reversed("06-01", "i1")};
  EXPECT_EQ(RowsOn("05-31", facts).size(), 1);
  EXPECT_THAT(RowsOn("06-01", facts), IsEmpty());
}

TEST(IndicatorRowsTest, TheLatestResultByDateHoldsWhateverTheOrder) {
  const Facts facts = {Indicator(kId), Result("09-01", kId, People("90")),
                       Result("06-01", kId, People("60"))};
  EXPECT_EQ(ActualOn("05-31", facts), kBlank);
  EXPECT_EQ(ActualOn("06-01", facts), "60");
  EXPECT_EQ(ActualOn("08-31", facts), "60");
  EXPECT_EQ(ActualOn("12-31", facts), "90");
}

TEST(IndicatorRowsTest, OnOneDayTheResultRecordedLaterHolds) {
  EXPECT_EQ(
      ActualOn("06-01", {Indicator(kId), Result("06-01", kId, People("1")),
                         Result("06-01", kId, People("2"))}),
      "2");
}

TEST(IndicatorRowsTest, IncrementsAddToTheLatestCumulativeBeforeThem) {
  const Facts facts = {Indicator(kId), Result("03-01", kId, People("10")),
                       Increment("04-01", kId, People("2.5")),
                       Increment("05-01", kId, People("0.25"))};
  EXPECT_EQ(ActualOn("03-31", facts), "10");
  EXPECT_EQ(ActualOn("04-01", facts), "12.5");
  EXPECT_EQ(ActualOn("12-31", facts), "12.75");
}

TEST(IndicatorRowsTest, IncrementsAloneAddToNothing) {
  EXPECT_EQ(
      ActualOn("12-31", {Indicator(kId), Increment("03-01", kId, People("1")),
                         Increment("02-01", kId, People("2"))}),
      "3");
}

TEST(IndicatorRowsTest, ACumulativeResultForgetsTheIncrementsBeforeIt) {
  EXPECT_EQ(
      ActualOn("12-31", {Indicator(kId), Increment("03-01", kId, People("1")),
                         Result("04-01", kId, People("10")),
                         Increment("05-01", kId, People("2"))}),
      "12");
}

TEST(IndicatorRowsTest, ABackdatedCumulativeResultCountsBeforeTheIncrements) {
  // Recorded last, dated first: the increments add to it.
  EXPECT_EQ(
      ActualOn("12-31", {Indicator(kId), Increment("04-01", kId, People("2")),
                         Increment("05-01", kId, People("3")),
                         Result("03-01", kId, People("10"))}),
      "15");
}

TEST(IndicatorRowsTest, ABackdatedIncrementIsSwallowedByALaterState) {
  EXPECT_EQ(
      ActualOn("12-31", {Indicator(kId), Result("04-01", kId, People("10")),
                         Increment("03-01", kId, People("2"))}),
      "10");
}

TEST(IndicatorRowsTest, OnOneDayThePositionDecidesWhatAnIncrementAddsTo) {
  const Fact state = Result("04-01", kId, People("10"));
  const Fact more = Increment("04-01", kId, People("2"));
  EXPECT_EQ(ActualOn("04-01", {Indicator(kId), state, more}), "12");
  EXPECT_EQ(ActualOn("04-01", {Indicator(kId), more, state}), "10");
}

TEST(IndicatorRowsTest, AReversedIncrementIsLeftOutOfTheSum) {
  const Facts facts = {
      Indicator(kId), Named("r1", Increment("03-01", kId, People("1"))),
      Increment("04-01", kId, People("2")), Reversed("06-01", "r1")};
  EXPECT_EQ(ActualOn("05-31", facts), "3");
  EXPECT_EQ(ActualOn("06-01", facts), "2");
}

TEST(IndicatorRowsTest, AReversedStateUncoversTheIncrementsBeforeIt) {
  const Facts facts = {Indicator(kId), Increment("03-01", kId, People("1")),
                       Named("r1", Result("04-01", kId, People("10"))),
                       Increment("05-01", kId, People("2")),
                       Reversed("06-01", "r1")};
  EXPECT_EQ(ActualOn("05-31", facts), "12");
  EXPECT_EQ(ActualOn("06-01", facts), "3");
}

TEST(IndicatorRowsTest, AFigureAsResultIsTheFigureOfTheDay) {
  // 万元: 3 for a target of at most 4 gets all of 10 points; 8 gets none.
  const Facts facts = {
      Adopted(Policy()),
      Indicator("output.spent", Set::OPERATOR_AT_MOST, Measured("4", "万元"),
                "10"),
      Result("01-01", "output.spent", FigureOf("all.executed")),
      Spent("03-01", "general", 30'000'00),
      Spent("09-01", "general", 50'000'00)};
  EXPECT_EQ(ActualOn("03-01", facts), "3.00");
  EXPECT_EQ(ActualOn("12-31", facts), "8.00");
  EXPECT_EQ(Ask(facts, "03-01", "score.indicator[output.spent]"), "10.00");
  EXPECT_EQ(AtYearEnd(facts, "score.indicator[output.spent]"), "0.00");
}

TEST(IndicatorRowsTest, AFigureAsTargetIsResolvedToo) {
  const std::vector<v1::IndicatorRow> rows =
      RowsOn("12-31", {Approved("general", 20'000'00),
                       Indicator("output.spent", Set::OPERATOR_AT_MOST,
                                 FigureOf("all.approved"), "10")});
  EXPECT_EQ(FormatFigureValue(rows[0].target()), "2.00");
  EXPECT_EQ(rows[0].unit(), "万元");
}

TEST(IndicatorRowsTest, AResultInAnotherUnitHasNoScoreByRule) {
  const Facts facts =
      With(Scored(), {Result("06-01", kId, Measured("120", "户"))});
  EXPECT_EQ(ActualOn("12-31", facts), "120");
  EXPECT_EQ(AtYearEnd(facts, kScore), kBlank);
  EXPECT_EQ(AtYearEnd(facts, "score.total"), kNotReported);
  const auto row_of = [](const Facts& of) {
    const LedgerState ledger = Fold(of);
    return *Figures(ReportOf(ledger), DepartmentOf(ledger), Day("12-31"))
                .FindIndicatorRow(kId);
  };
  EXPECT_EQ(row_of(facts).unit(), "人");
  EXPECT_EQ(row_of(facts).actual_unit(), "户");
  EXPECT_EQ(row_of(With(Scored(), {Result("06-01", kId, People("120"))}))
                .actual_unit(),
            "");
}

TEST(IndicatorRowsTest, ADayIsMeasuredAgainstADay) {
  const auto score = [](const std::string& finished) {
    return AtYearEnd({Adopted(Policy()),
                      Indicator("output.done", Set::OPERATOR_AT_MOST,
                                DayValue("06-30"), "10"),
                      Result(finished, "output.done", DayValue(finished))},
                     "score.indicator[output.done]");
  };
  EXPECT_EQ(score("06-29"), "10.00");
  EXPECT_EQ(score("06-30"), "10.00");
  EXPECT_EQ(score("07-01"), "0.00");
}

TEST(IndicatorRowsTest, AWordIsScoredByItsAttainment) {
  const Facts facts = {Adopted(Policy()),
                       Indicator("benefit.image", Set::OPERATOR_QUALITATIVE,
                                 WordValue("提升"), "10"),
                       Attained("06-01", "benefit.image", "85.55")};
  // 10 x 0.8555 = 8.555.
  EXPECT_EQ(AtYearEnd(facts, "score.indicator[benefit.image]"), "8.56");
  const v1::IndicatorRow row = RowsOn("12-31", facts)[0];
  EXPECT_EQ(row.level1(), "效益指标");
  EXPECT_EQ(FormatFigureValue(row.attainment_percent()), "85.55");
  EXPECT_EQ(FormatFigureValue(row.target()), "提升");
  EXPECT_EQ(FormatFigureValue(row.actual()), "增加");
  EXPECT_EQ(row.unit(), "");
}

TEST(IndicatorRowsTest, DeclaredAndRuleScoreStandSideBySide) {
  Fact assessed = Assessed("12-31", kId, "7.5");
  assessed.event.mutable_indicator_assessed()->set_deviation_reason("资金滞后");
  const Facts facts =
      With(Scored(), {Result("06-01", kId, People("80")), assessed});
  const v1::IndicatorRow before = RowsOn("12-30", facts)[0];
  EXPECT_EQ(FormatFigureValue(before.rule_score()), "8.00");
  EXPECT_EQ(FormatFigureValue(before.declared_score()), kBlank);
  EXPECT_EQ(FormatFigureValue(before.score()), "8.00");
  const v1::IndicatorRow after = RowsOn("12-31", facts)[0];
  EXPECT_EQ(FormatFigureValue(after.rule_score()), "8.00");
  EXPECT_EQ(FormatFigureValue(after.declared_score()), "7.50");
  EXPECT_EQ(FormatFigureValue(after.score()), "7.50");
  EXPECT_EQ(after.deviation_reason(), "资金滞后");
}

TEST(IndicatorRowsTest, ARowWithoutWeightHasAttainmentAndNoScore) {
  const Facts facts =
      With(Scored(),
           {Indicator("output.open", Set::OPERATOR_AT_LEAST, People("1"), ""),
            Result("06-01", "output.open", People("3")),
            Result("06-01", kId, People("100"))});
  const v1::IndicatorRow row = RowsOn("12-31", facts)[1];
  EXPECT_EQ(FormatFigureValue(row.actual()), "3");
  EXPECT_EQ(FormatFigureValue(row.weight()), kBlank);
  EXPECT_EQ(FormatFigureValue(row.score()), kBlank);
  EXPECT_EQ(AtYearEnd(facts, "score.total"), "20.00");
}

TEST(IndicatorRowsTest, ARowThatDoesNotApplyIsMissedByNoTotal) {
  const Facts facts = With(Scored(), {NotApplicable("benefit.forest"),
                                      Result("06-01", kId, People("100"))});
  EXPECT_EQ(AtYearEnd(facts, "score.indicator[benefit.forest]"), kBlank);
  EXPECT_EQ(AtYearEnd(facts, "score.benefit"), kBlank);
  EXPECT_EQ(AtYearEnd(facts, "score.total"), "20.00");
}

TEST(IndicatorRowsTest, FromYearEndOnAMissingResultIsNotReported) {
  EXPECT_EQ(Ask(Scored(), "12-30", kScore), kBlank);
  EXPECT_EQ(AtYearEnd(Scored(), kScore), kNotReported);
  EXPECT_EQ(AtYearEnd(Scored(), "score.total"), kNotReported);
  EXPECT_EQ(AtYearEnd(Scored(), "score.rule.total"), kNotReported);
  EXPECT_EQ(AtYearEnd(Scored(), "score.grade"), kNotReported);
  EXPECT_EQ(AtYearEnd(Scored(), "score.execution"), "10.00");
}

TEST(IndicatorRowsTest, BeforeYearEndTheScoreIsInterim) {
  const Facts facts = With(
      Scored(), {Result("06-01", kId, People("50")), Indicator("output.more"),
                 Indicator("satisfaction.people"),
                 Result("06-01", "satisfaction.people", People("100"))});
  // Execution 10 of 10 and jobs 5 of 10; without result output.more, 10, and
  // only assessable at year end the satisfaction, 10.
  EXPECT_EQ(Ask(facts, "12-30", "score.earned"), "15.00");
  EXPECT_EQ(Ask(facts, "12-30", "score.assessable"), "20.00");
  EXPECT_EQ(Ask(facts, "12-30", "score.pending"), "20.00");
  for (const char* path : {"score.total", "score.rule.total", "score.grade"}) {
    EXPECT_EQ(Ask(facts, "12-30", path), kBlank) << path;
  }
}

TEST(IndicatorRowsTest, FromYearEndOnThereIsATotalAndNoInterimScore) {
  const Facts facts =
      With(Scored(), {Result("06-01", kId, People("50")),
                      Indicator("satisfaction.people"),
                      Result("06-01", "satisfaction.people", People("100"))});
  for (const char* path :
       {"score.earned", "score.assessable", "score.pending"}) {
    EXPECT_EQ(AtYearEnd(facts, path), kBlank) << path;
  }
  EXPECT_EQ(AtYearEnd(facts, "score.total"), "25.00");
  EXPECT_EQ(AtYearEnd(facts, "score.indicators"), "15.00");
  EXPECT_EQ(AtYearEnd(facts, "score.grade"), "差");
}

TEST(IndicatorRowsTest, AnIndicatorMaySayItselfWhenItIsAssessable) {
  Fact early = Indicator("cost.price");
  early.event.mutable_indicator_set()->set_assessable(Set::ASSESSABLE_ANY_TIME);
  Fact late = Indicator("output.late");
  late.event.mutable_indicator_set()->set_assessable(Set::ASSESSABLE_YEAR_END);
  const Facts facts = {Adopted(Policy()), early, late,
                       Result("06-01", "cost.price", People("100")),
                       Result("06-01", "output.late", People("100"))};
  EXPECT_EQ(Ask(facts, "12-30", "score.indicator[cost.price]"), "10.00");
  EXPECT_EQ(Ask(facts, "12-30", "score.indicator[output.late]"), kBlank);
  EXPECT_EQ(AtYearEnd(facts, "score.indicator[output.late]"), "10.00");
}

TEST(IndicatorRowsTest, WithoutABudgetThereAreNoExecutionPoints) {
  const Facts facts = {Adopted(Policy()), Spent("06-01", "general", 1'00)};
  EXPECT_EQ(Ask(facts, "12-30", "score.execution"), kBlank);
  EXPECT_EQ(Ask(facts, "12-30", "score.pending"), "10.00");
  EXPECT_EQ(AtYearEnd(facts, "score.execution"), kNotReported);
  EXPECT_EQ(AtYearEnd(facts, "score.total"), kNotReported);
}

TEST(IndicatorRowsTest, ThePolicySaysWhichBudgetExecutionIsMeasuredAgainst) {
  v1::ScoringPolicy approved = Policy();
  approved.mutable_execution()->set_base(v1::ExecutionRule::BASE_APPROVED);
  const Facts money = {Approved("general", 100'00),
                       Adjusted("05-01", "general", -50'00),
                       Spent("06-01", "general", 40'00)};
  EXPECT_EQ(AtYearEnd(With({Adopted(Policy())}, money), "score.execution"),
            "8.00");
  EXPECT_EQ(AtYearEnd(With({Adopted(approved)}, money), "score.execution"),
            "4.00");
}

TEST(IndicatorRowsTest, TheLatestPolicyCountsOnEveryDay) {
  v1::ScoringPolicy heavier = Policy();
  *heavier.mutable_execution()->mutable_weight() = Number("20");
  const Facts facts = {Adopted(Policy()), Approved("general", 1'00),
                       Spent("01-01", "general", 1'00), Adopted(heavier)};
  EXPECT_EQ(Ask(facts, "01-01", "score.execution"), "20.00");
  EXPECT_EQ(AtYearEnd(facts, "score.execution"), "20.00");
}

TEST(IndicatorRowsTest, WithoutAPolicyThereAreRowsAndNoScores) {
  const Facts facts = {Indicator(kId), Result("06-01", kId, People("100"))};
  const v1::IndicatorRow row = RowsOn("12-31", facts)[0];
  EXPECT_EQ(row.level1(), "output");
  EXPECT_EQ(FormatFigureValue(row.actual()), "100");
  EXPECT_EQ(FormatFigureValue(row.score()), kBlank);
  EXPECT_EQ(AtYearEnd(facts, "score.total"), kBlank);
}

TEST(IndicatorRowsTest, ADeclaredTotalIsComparedAndNeverUsed) {
  const Facts facts = With(Scored(), {Result("06-01", kId, People("100")),
                                      Assessed("12-31", "total", "95")});
  EXPECT_EQ(AtYearEnd(facts, "score.declared.total"), "95.00");
  EXPECT_EQ(AtYearEnd(facts, "score.total"), "20.00");
  EXPECT_EQ(AtYearEnd(facts, "score.rule.total"), "20.00");
}

TEST(IndicatorRowsTest, ADeclaredExecutionScoreCounts) {
  const Facts facts = With(Scored(), {Result("06-01", kId, People("100")),
                                      Assessed("12-31", "execution", "9")});
  EXPECT_EQ(AtYearEnd(facts, "score.execution"), "9.00");
  EXPECT_EQ(AtYearEnd(facts, "score.rule.execution"), "10.00");
  EXPECT_EQ(AtYearEnd(facts, "score.total"), "19.00");
  EXPECT_EQ(AtYearEnd(facts, "score.rule.total"), "20.00");
}

TEST(IndicatorRowsTest, AReversedAssessmentLeavesTheRuleScore) {
  const Facts facts = With(Scored(), {Result("06-01", kId, People("80")),
                                      Named("a1", Assessed("06-01", kId, "1")),
                                      Reversed("12-31", "a1")});
  EXPECT_EQ(Ask(facts, "12-30", kScore), "1.00");
  EXPECT_EQ(AtYearEnd(facts, kScore), "8.00");
}

}  // namespace
}  // namespace daybook::testing
