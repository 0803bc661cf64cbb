// Figures after corrections: refunds, advances, reclassification, revised
// targets, closed periods.

#include <string>

#include "core/report/figures.h"
#include "gtest/gtest.h"
#include "tests/core/report/story.h"

namespace daybook::testing {
namespace {

using Refund = v1::RefundReceived;

TEST(FiguresCorrectionsTest, ARefundLowersExecutedFromItsOwnDayOn) {
  const Facts facts = {Named("v", Spent("03-01", "general.basic", 100'00)),
                       Refunded("05-01", "general.basic", 30'00, "v")};
  EXPECT_EQ(Ask(facts, "04-30", "general.executed"), "100.00");
  EXPECT_EQ(Ask(facts, "05-01", "general.executed"), "70.00");
}

TEST(FiguresCorrectionsTest, WhatCameBackInFullIsZeroAndNotBlank) {
  const Facts facts = {Named("v", Spent("03-01", "general.econ[302]", 5)),
                       Refunded("03-01", "general.econ[302]", 5, "v")};
  EXPECT_EQ(AtYearEnd(facts, "general.econ[302].executed"), "0.00");
}

TEST(FiguresCorrectionsTest, AReversedRefundIsAbsentFromThenOn) {
  const Facts facts = {Named("v", Spent("03-01", "general", 100'00)),
                       Named("r", Refunded("05-01", "general", 30'00, "v")),
                       Reversed("07-01", "r")};
  EXPECT_EQ(Ask(facts, "06-30", "general.executed"), "70.00");
  EXPECT_EQ(Ask(facts, "07-01", "general.executed"), "100.00");
}

TEST(FiguresCorrectionsTest, ARefundOfAPriorYearLeavesExecutedAlone) {
  const Facts facts = {Spent("03-01", "general", 100'00),
                       Refunded("05-01", "general.econ[302]", 30'00, "old",
                                Refund::KIND_PRIOR_YEAR),
                       By("payments", Refunded("05-01", "general.econ[302]", 9,
                                               "o", Refund::KIND_PRIOR_YEAR))};
  EXPECT_EQ(AtYearEnd(facts, "general.executed"), "100.00");
  EXPECT_EQ(AtYearEnd(facts, "general.prior_refunded"), "30.00");
  EXPECT_EQ(AtYearEnd(facts, "all.econ[302].prior_refunded"), "30.00");
  EXPECT_EQ(Ask(facts, "04-30", "general.prior_refunded"), "");
}

TEST(FiguresCorrectionsTest, AnAdvanceIsExecutedWhenItIsCleared) {
  const std::string row = "general.project[road]";
  const Facts facts = {
      Named("a", AdvancePaid("03-01", row, 100'00)),
      Cleared("04-01", row + ".econ[30211]", 60'00, "a"),
      Refunded("05-01", row, 10'00, "a", Refund::KIND_ADVANCE)};
  EXPECT_EQ(Ask(facts, "03-31", "general.executed"), "0.00");
  EXPECT_EQ(Ask(facts, "03-31", row + ".advances"), "100.00");
  EXPECT_EQ(Ask(facts, "04-01", row + ".econ[30211].executed"), "60.00");
  EXPECT_EQ(Ask(facts, "04-01", "all.advances"), "40.00");
  EXPECT_EQ(Ask(facts, "05-01", "all.advances"), "30.00");
  EXPECT_EQ(AtYearEnd(facts, row + ".econ[30211].advances"), "");
}

TEST(FiguresCorrectionsTest, ClearingsOfOtherSourcesAreControlFacts) {
  const Facts facts = {
      By("payments", Named("a", AdvancePaid("03-01", "general", 100'00))),
      By("payments", Cleared("04-01", "general", 60'00, "a"))};
  EXPECT_EQ(AtYearEnd(facts, "general.executed"), "0.00");
  EXPECT_EQ(AtYearEnd(facts, "general.advances"), "");
}

TEST(FiguresCorrectionsTest, AReclassificationMovesWithoutChangingTheSum) {
  const Facts facts = {
      Named("v", Spent("03-01", "general.econ[30201]", 100'00)),
      Reversed("03-01", "v"),
      Replacing("v", Spent("03-01", "general.econ[30211]", 100'00))};
  EXPECT_EQ(AtYearEnd(facts, "general.executed"), "100.00");
  EXPECT_EQ(AtYearEnd(facts, "general.econ[30201].executed"), "");
  EXPECT_EQ(AtYearEnd(facts, "general.econ[30211].executed"), "100.00");
}

TEST(FiguresCorrectionsTest, AllocatedCarryoverIsPartOfAvailableOnce) {
  const Facts facts = {OpeningCarryover("general", 50'00),
                       CarriedOver("02-01", "general", 30'00),
                       Approved("general", 100'00)};
  EXPECT_EQ(AtYearEnd(facts, "general.allocated_carryover"), "30.00");
  EXPECT_EQ(AtYearEnd(facts, "general.available"), "150.00");
}

TEST(FiguresCorrectionsTest, ARevisedTargetCountsFromItsDayOn) {
  const Facts facts = {
      Adopted(Policy()),
      Indicator("output.a"),
      Result("02-01", "output.a", People("80")),
      Revised("06-01", "output.a", People("80")),
  };
  EXPECT_EQ(Ask(facts, "05-31", "score.rule.indicator[output.a]"), "8.00");
  EXPECT_EQ(Ask(facts, "06-01", "score.rule.indicator[output.a]"), "10.00");
  const LedgerState ledger = Fold(facts);
  const Figures figures(ReportOf(ledger), DepartmentOf(ledger), Day("06-01"));
  const v1::IndicatorRow row = figures.IndicatorRows()[0];
  EXPECT_EQ(row.target().number().unscaled(), 80);
  EXPECT_EQ(row.initial_target().number().unscaled(), 100);
  const Figures before(ReportOf(ledger), DepartmentOf(ledger), Day("05-31"));
  EXPECT_FALSE(before.IndicatorRows()[0].has_initial_target());
}

TEST(FiguresCorrectionsTest, ATargetSetAfterARevisionReplacesIt) {
  Fact again = Indicator("output.a");
  const Facts facts = {Adopted(Policy()), Indicator("output.a"),
                       Result("02-01", "output.a", People("80")),
                       Revised("06-01", "output.a", People("80")),
                       Dated("07-01", again)};
  EXPECT_EQ(Ask(facts, "06-30", "score.rule.indicator[output.a]"), "10.00");
  EXPECT_EQ(Ask(facts, "07-01", "score.rule.indicator[output.a]"), "8.00");
}

TEST(FiguresCorrectionsTest, LateAdjustmentsAreCountedByTheirDay) {
  const auto late = [](const Facts& facts, const std::string& day) {
    const LedgerState ledger = Fold(facts);
    return Figures(ReportOf(ledger), DepartmentOf(ledger), Day(day))
        .LateAdjustments();
  };
  const Facts facts = {
      Corrected(Spent("03-01", "general", 1)),
      Closed("06-30"),
      Corrected(Named("v", Spent("03-31", "general", 1))),
      Corrected(Headcount("06-30", 5, 5)),
      Spent("07-01", "general", 1),
      Corrected(Reversed("05-01", "v")),
      Reopened("05-01"),
      Corrected(Spent("05-01", "general", 1)),
  };
  EXPECT_EQ(late(facts, "03-30"), 0);
  EXPECT_EQ(late(facts, "03-31"), 1);
  EXPECT_EQ(late(facts, "05-01"), 2);
  EXPECT_EQ(late(facts, "12-31"), 3);
}

}  // namespace
}  // namespace daybook::testing
