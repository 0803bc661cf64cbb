// FormulaOf: over which figures each measure is worked out.

#include "core/report/money_formula.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace daybook {
namespace {

std::string Text(const std::string& path) {
  v1::ReportOpened opened;
  opened.add_funds(v1::FUND_GENERAL);
  opened.add_funds(v1::FUND_OTHER);
  const auto parsed = FigurePath::Parse(path);
  EXPECT_TRUE(parsed.ok()) << path;
  const MoneyFormula formula =
      FormulaOf(parsed->lines, parsed->measure, opened);
  std::string text = formula.kind == MoneyFormula::Kind::kEvents   ? "events"
                     : formula.kind == MoneyFormula::Kind::kStated ? "stated"
                     : formula.kind == MoneyFormula::Kind::kPercentage ? "%"
                                                                       : "";
  for (const MoneyTerm& term : formula.terms) {
    absl::StrAppend(&text, term.sign < 0 ? " - " : " + ",
                    MoneyPath(term.lines, term.measure));
  }
  return text;
}

TEST(MoneyFormulaTest, EveryMeasureOfAFund) {
  for (const char* measure :
       {"approved", "adjustment", "recovered", "executed", "income",
        "opening_carryover", "closing_carryover", "allocated_carryover",
        "advances", "prior_refunded"}) {
    EXPECT_EQ(Text(absl::StrCat("general.basic.", measure)), "events");
  }
  EXPECT_EQ(Text("general.prior_executed"), "stated");
  EXPECT_EQ(Text("general.adjusted"),
            " + general.approved + general.adjustment");
  EXPECT_EQ(Text("general.available"),
            " + general.adjusted + general.opening_carryover"
            " - general.allocated_carryover");
  EXPECT_EQ(Text("general.balance"), " + general.available - general.executed");
  EXPECT_EQ(Text("general.execution_rate"),
            "% + general.executed + general.adjusted");
  EXPECT_EQ(Text("all.execution_rate_approved"),
            "% + all.executed + all.approved");
}

TEST(MoneyFormulaTest, AllAddsTheOpenedFundsAndStatesLastYear) {
  EXPECT_EQ(Text("all.basic.balance"),
            " + general.basic.balance + other.basic.balance");
  EXPECT_EQ(Text("all.prior_executed"), "stated");
}

TEST(MoneyFormulaTest, AKindCountsInTheMeasuresThatSumIt) {
  EXPECT_TRUE(Counts(Measure::kAdjustment, MoneyKind::kRecovery));
  EXPECT_TRUE(Counts(Measure::kRecovered, MoneyKind::kRecovery));
  EXPECT_FALSE(Counts(Measure::kApproved, MoneyKind::kRecovery));
  EXPECT_FALSE(Counts(Measure::kApproved, MoneyKind::kApprovedOfWhich));
  EXPECT_FALSE(Counts(Measure::kAdjusted, MoneyKind::kAdjustment));
  EXPECT_EQ(SignOf(Measure::kRecovered), -1);
  EXPECT_EQ(SignOf(Measure::kAdjustment), 1);
}

}  // namespace
}  // namespace daybook
