// The score sheet: what rows add up to before and from 31 December, which score
// of a row counts, and that a missing result never makes a smaller total.

#include "core/scoring/score_sheet.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/scoring/rules.h"
#include "gtest/gtest.h"

namespace daybook {
namespace {

constexpr char kBlank[] = "";
constexpr char kNotReported[] = "未报";

Decimal D(const std::string& text) { return *Decimal::Parse(text); }

const v1::ScoringPolicy& Policy() {
  static const auto* const policy = [] {
    auto* const result = new v1::ScoringPolicy;
    const auto band = [&](const char* label, int score_min) {
      v1::GradeBand& added = *result->add_grades();
      added.set_label(label);
      added.mutable_score_min()->set_unscaled(score_min);
    };
    band("优", 90);
    band("良", 80);
    band("差", 0);
    return result;
  }();
  return *policy;
}

// A row with a result and a score by rule.
ScoreRow Row(const std::string& indicator, const std::string& weight,
             const std::string& rule_score) {
  ScoreRow row;
  row.indicator = indicator;
  row.level = indicator.substr(0, indicator.find('.'));
  row.weight = D(weight);
  row.has_result = true;
  row.rule_score = D(rule_score);
  return row;
}

ScoreRow Missing(const std::string& indicator, const std::string& weight) {
  ScoreRow row = Row(indicator, weight, "0");
  row.has_result = false;
  row.rule_score.reset();
  return row;
}

ScoreRow Declared(ScoreRow row, const std::string& score) {
  row.declared_score = D(score);
  return row;
}

ScoreRow AtYearEndOnly(ScoreRow row) {
  row.assessable = false;
  return row;
}

ScoreRow NotApplicable(const std::string& indicator) {
  ScoreRow row = Missing(indicator, "0");
  row.weight.reset();
  row.not_applicable = true;
  return row;
}

std::string Text(const v1::FigureValue& value) {
  if (value.has_number()) return ToDecimal(value.number()).ToString();
  if (value.has_word()) return value.word();
  return value.empty() == v1::EMPTINESS_NOT_REPORTED ? kNotReported : kBlank;
}

std::string ValueOf(const ScoreSheet& sheet, const std::string& path) {
  return Text(sheet.Value(*FigurePath::Parse(path)));
}

ScoreSheet Final(std::vector<ScoreRow> rows,
                 std::optional<Decimal> declared_total = std::nullopt) {
  return ScoreSheet(Policy(), false, Row("execution", "10", "9.50"),
                    std::move(rows), declared_total);
}

ScoreSheet Interim(std::vector<ScoreRow> rows) {
  return ScoreSheet(Policy(), true, Row("execution", "10", "9.50"),
                    std::move(rows), std::nullopt);
}

TEST(ScoreSheetTest, TheTotalIsExecutionAndAllIndicators) {
  const ScoreSheet sheet =
      Final({Row("output.a", "50", "45.25"), Row("output.b", "10", "9.13"),
             Row("benefit.a", "30", "30")});
  EXPECT_EQ(ValueOf(sheet, "score.execution"), "9.50");
  EXPECT_EQ(ValueOf(sheet, "score.output"), "54.38");
  EXPECT_EQ(ValueOf(sheet, "score.benefit"), "30.00");
  EXPECT_EQ(ValueOf(sheet, "score.indicators"), "84.38");
  EXPECT_EQ(ValueOf(sheet, "score.total"), "93.88");
  EXPECT_EQ(ValueOf(sheet, "score.rule.total"), "93.88");
  EXPECT_EQ(ValueOf(sheet, "score.indicator[output.b]"), "9.13");
}

TEST(ScoreSheetTest, TheDeclaredScoreCountsWhereThereIsOne) {
  const ScoreSheet sheet = Final({Declared(Row("output.a", "50", "45"), "40"),
                                  Row("output.b", "10", "9")});
  EXPECT_EQ(ValueOf(sheet, "score.indicator[output.a]"), "40");
  EXPECT_EQ(ValueOf(sheet, "score.rule.indicator[output.a]"), "45");
  EXPECT_EQ(ValueOf(sheet, "score.declared.indicator[output.a]"), "40");
  EXPECT_EQ(ValueOf(sheet, "score.declared.indicator[output.b]"), kBlank);
  EXPECT_EQ(ValueOf(sheet, "score.output"), "49.00");
  EXPECT_EQ(ValueOf(sheet, "score.rule.output"), "54.00");
  EXPECT_EQ(ValueOf(sheet, "score.total"), "58.50");
  EXPECT_EQ(ValueOf(sheet, "score.rule.total"), "63.50");
}

TEST(ScoreSheetTest, AMissingResultIsNotReportedAndSoIsEverySumOverIt) {
  const ScoreSheet sheet =
      Final({Row("output.a", "50", "45"), Missing("output.b", "10"),
             Row("benefit.a", "30", "30")});
  EXPECT_EQ(ValueOf(sheet, "score.indicator[output.b]"), kNotReported);
  EXPECT_EQ(ValueOf(sheet, "score.rule.indicator[output.b]"), kNotReported);
  EXPECT_EQ(ValueOf(sheet, "score.output"), kNotReported);
  EXPECT_EQ(ValueOf(sheet, "score.benefit"), "30.00");
  EXPECT_EQ(ValueOf(sheet, "score.indicators"), kNotReported);
  EXPECT_EQ(ValueOf(sheet, "score.total"), kNotReported);
  EXPECT_EQ(ValueOf(sheet, "score.rule.total"), kNotReported);
  EXPECT_EQ(ValueOf(sheet, "score.grade"), kNotReported);
}

TEST(ScoreSheetTest, WithoutExecutionPointsThereIsNoTotal) {
  const ScoreSheet sheet(Policy(), false, Missing("execution", "10"),
                         {Row("output.a", "50", "45")}, std::nullopt);
  EXPECT_EQ(ValueOf(sheet, "score.execution"), kNotReported);
  EXPECT_EQ(ValueOf(sheet, "score.indicators"), "45.00");
  EXPECT_EQ(ValueOf(sheet, "score.total"), kNotReported);
}

TEST(ScoreSheetTest, ADeclaredScoreIsNoResult) {
  const ScoreSheet sheet = Final({Declared(Missing("output.a", "10"), "8")});
  EXPECT_EQ(ValueOf(sheet, "score.indicator[output.a]"), kNotReported);
  EXPECT_EQ(ValueOf(sheet, "score.declared.indicator[output.a]"), "8");
  EXPECT_EQ(ValueOf(sheet, "score.total"), kNotReported);
}

TEST(ScoreSheetTest, AResultThatNoRuleCanScoreNeedsADeclaredScore) {
  ScoreRow row = Row("output.a", "10", "0");
  row.rule_score.reset();
  EXPECT_EQ(ValueOf(Final({row}), "score.indicator[output.a]"), kBlank);
  EXPECT_EQ(ValueOf(Final({row}), "score.total"), kNotReported);
  const ScoreSheet declared = Final({Declared(row, "8")});
  EXPECT_EQ(ValueOf(declared, "score.total"), "17.50");
  EXPECT_EQ(ValueOf(declared, "score.rule.total"), kNotReported);
}

TEST(ScoreSheetTest, RowsThatDoNotApplyAreMissedByNoSum) {
  const ScoreSheet sheet =
      Final({Row("output.a", "50", "45"), NotApplicable("output.b"),
             NotApplicable("benefit.a")});
  EXPECT_EQ(ValueOf(sheet, "score.indicator[output.b]"), kBlank);
  EXPECT_EQ(ValueOf(sheet, "score.output"), "45.00");
  EXPECT_EQ(ValueOf(sheet, "score.benefit"), kBlank);
  EXPECT_EQ(ValueOf(sheet, "score.total"), "54.50");
}

TEST(ScoreSheetTest, RowsWithoutWeightHaveNoScore) {
  ScoreRow row = Row("output.b", "10", "9");
  row.weight.reset();
  const ScoreSheet sheet = Final({Row("output.a", "50", "45"), row});
  EXPECT_EQ(ValueOf(sheet, "score.indicator[output.b]"), kBlank);
  EXPECT_EQ(ValueOf(sheet, "score.total"), "54.50");
}

TEST(ScoreSheetTest, WhatDoesNotExistIsBlank) {
  const ScoreSheet sheet = Final({Row("output.a", "50", "45")});
  EXPECT_EQ(ValueOf(sheet, "score.indicator[output.z]"), kBlank);
  EXPECT_EQ(ValueOf(sheet, "score.no_such_level"), kBlank);
  EXPECT_EQ(ValueOf(sheet, "score.reviewed.total"), kBlank);
  EXPECT_EQ(ValueOf(sheet, "score.reviewed.indicator[output.a]"), kBlank);
}

TEST(ScoreSheetTest, TheDeclaredTotalIsNeverUsed) {
  const ScoreSheet sheet = Final({Row("output.a", "50", "45")}, D("95"));
  EXPECT_EQ(ValueOf(sheet, "score.declared.total"), "95");
  EXPECT_EQ(ValueOf(sheet, "score.declared.grade"), "优");
  EXPECT_EQ(ValueOf(sheet, "score.total"), "54.50");
  EXPECT_EQ(ValueOf(sheet, "score.grade"), "差");
  EXPECT_EQ(ValueOf(Final({}), "score.declared.total"), kBlank);
}

TEST(ScoreSheetTest, ADeclaredSumExistsOnceEveryRowIsDeclared) {
  EXPECT_EQ(ValueOf(Final({Declared(Row("output.a", "50", "45"), "40"),
                           Declared(Row("output.b", "10", "9"), "8")}),
                    "score.declared.output"),
            "48.00");
  EXPECT_EQ(ValueOf(Final({Declared(Row("output.a", "50", "45"), "40"),
                           Row("output.b", "10", "9")}),
                    "score.declared.output"),
            kBlank);
}

TEST(ScoreSheetTest, GradesBeginAtTheirThresholds) {
  const auto grade = [](const std::string& indicators) {
    return ValueOf(Final({Row("output.a", "90", indicators)}), "score.grade");
  };
  EXPECT_EQ(grade("80.49"), "良");  // 89.99 with the 9.50 of execution
  EXPECT_EQ(grade("80.50"), "优");  // 90.00
  EXPECT_EQ(grade("70.49"), "差");  // 79.99
  EXPECT_EQ(grade("70.50"), "良");  // 80.00
}

TEST(ScoreSheetTest, BeforeYearEndThereAreNoTotals) {
  const ScoreSheet sheet = Interim({Row("output.a", "50", "45")});
  for (const char* path :
       {"score.total", "score.rule.total", "score.grade", "score.rule.grade"}) {
    EXPECT_EQ(ValueOf(sheet, path), kBlank) << path;
  }
  EXPECT_EQ(ValueOf(sheet, "score.indicator[output.a]"), "45");
  EXPECT_EQ(ValueOf(sheet, "score.execution"), "9.50");
}

TEST(ScoreSheetTest, BeforeYearEndNothingIsNotReported) {
  const ScoreSheet sheet =
      Interim({Missing("output.a", "50"), Missing("benefit.a", "10")});
  EXPECT_EQ(ValueOf(sheet, "score.indicator[output.a]"), kBlank);
  EXPECT_EQ(ValueOf(sheet, "score.output"), kBlank);
  EXPECT_EQ(ValueOf(sheet, "score.indicators"), kBlank);
}

TEST(ScoreSheetTest, InterimSplitsAllWeightsIntoAssessableAndPending) {
  const ScoreSheet sheet = Interim(
      {Row("output.a", "50", "45.5"), Declared(Row("output.b", "10", "9"), "8"),
       Missing("output.c", "5"), AtYearEndOnly(Row("cost.a", "20", "20")),
       NotApplicable("benefit.a")});
  // 9.50 + 45.50 + 8.00; 10 + 50 + 10; 5 + 20.
  EXPECT_EQ(ValueOf(sheet, "score.earned"), "63.00");
  EXPECT_EQ(ValueOf(sheet, "score.assessable"), "70.00");
  EXPECT_EQ(ValueOf(sheet, "score.pending"), "25.00");
  EXPECT_EQ(ValueOf(sheet, "score.indicator[cost.a]"), kBlank);
  EXPECT_EQ(ValueOf(sheet, "score.output"), "53.50");
}

TEST(ScoreSheetTest, WithNothingAssessedEverythingIsPending) {
  const ScoreSheet sheet(Policy(), true, Missing("execution", "10"),
                         {Missing("output.a", "50")}, std::nullopt);
  EXPECT_EQ(ValueOf(sheet, "score.earned"), "0.00");
  EXPECT_EQ(ValueOf(sheet, "score.assessable"), "0.00");
  EXPECT_EQ(ValueOf(sheet, "score.pending"), "60.00");
}

TEST(ScoreSheetTest, InterimScoresExistOnlyBeforeYearEndAndOnlyCounted) {
  for (const char* name : {"earned", "assessable", "pending"}) {
    const std::string counted = std::string("score.") + name;
    EXPECT_EQ(ValueOf(Final({}), counted), kBlank) << name;
    EXPECT_EQ(ValueOf(Interim({}), std::string("score.rule.") + name), kBlank);
  }
}

TEST(ScoreSheetTest, RowsAreRoundedBeforeTheyAreSummed) {
  // Three rows of 10 / 3 are 3.33 each: 9.99, not 10.00.
  const std::string third =
      NumericScore({v1::IndicatorSet::OPERATOR_AT_LEAST, D("3"), D("1")},
                   D("10"), v1::ScoringPolicy::REVERSE_RULE_LINEAR)
          .ToString();
  EXPECT_EQ(
      ValueOf(Final({Row("output.a", "10", third), Row("output.b", "10", third),
                     Row("output.c", "10", third)}),
              "score.output"),
      "9.99");
}

TEST(ScoreSheetTest, ValuesInAMessage) {
  EXPECT_EQ(Text(NumberValue(D("1.50"))), "1.50");
  EXPECT_EQ(Text(NumberOrBlank(D("1.50"))), "1.50");
  EXPECT_EQ(NumberOrBlank(std::nullopt).empty(), v1::EMPTINESS_BLANK);
  EXPECT_EQ(EmptyValue(v1::EMPTINESS_NONE).empty(), v1::EMPTINESS_NONE);
}

}  // namespace
}  // namespace daybook
