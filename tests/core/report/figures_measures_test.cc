// Derived measures: what the budget is after adjustments, what of it is left,
// and how much of it was spent. Blank where nothing can be said, never a
// perfect rate.

#include <string>

#include "core/report/figures.h"
#include "gtest/gtest.h"
#include "tests/core/report/story.h"

namespace daybook::testing {
namespace {

constexpr char kBlank[] = "";

TEST(FiguresMeasuresTest, AdjustedIsApprovedAndAdjustmentOfTheDay) {
  const Facts facts = {Approved("general", 100'00),
                       Adjusted("05-01", "general", 30'00),
                       Adjusted("09-01", "general", -50'00)};
  EXPECT_EQ(Ask(facts, "04-30", "general.adjusted"), "100.00");
  EXPECT_EQ(Ask(facts, "05-01", "general.adjusted"), "130.00");
  EXPECT_EQ(AtYearEnd(facts, "general.adjusted"), "80.00");
  EXPECT_EQ(AtYearEnd(facts, "general.approved"), "100.00");
}

TEST(FiguresMeasuresTest, EveryKindOfAdjustmentIsPartOfAdjustment) {
  const Facts facts = {Adjusted("05-01", "general", 1'00),
                       Recovered("05-01", "general", -20'00),
                       CarriedOver("05-01", "general", 300'00)};
  EXPECT_EQ(AtYearEnd(facts, "general.adjustment"), "281.00");
  EXPECT_EQ(AtYearEnd(facts, "general.adjusted"), "281.00");
}

TEST(FiguresMeasuresTest, AReallocationMovesMoneyBetweenRows) {
  Fact from = Adjusted("05-01", "general.project[road]", -10'00);
  Fact to = Adjusted("05-01", "general.project[school]", 10'00);
  for (Fact* side : {&from, &to}) {
    side->event.mutable_budget_adjusted()->set_kind(
        v1::BudgetAdjusted::KIND_REALLOCATION);
  }
  EXPECT_EQ(AtYearEnd({from, to}, "general.project[road].adjusted"), "-10.00");
  EXPECT_EQ(AtYearEnd({from, to}, "general.project[school].adjusted"), "10.00");
  EXPECT_EQ(AtYearEnd({from, to}, "general.adjustment"), "0.00");
}

TEST(FiguresMeasuresTest, RecoveredIsAPositiveNumber) {
  const Facts facts = {Adjusted("05-01", "general", -5'00),
                       Recovered("11-01", "general", -20'00)};
  EXPECT_EQ(Ask(facts, "10-31", "general.recovered"), kBlank);
  EXPECT_EQ(AtYearEnd(facts, "general.recovered"), "20.00");
  EXPECT_EQ(AtYearEnd(facts, "general.adjustment"), "-25.00");
}

TEST(FiguresMeasuresTest, ASumWithOneTermIsThatTerm) {
  EXPECT_EQ(AtYearEnd({Adjusted("05-01", "general.econ[302]", 5'00)},
                      "general.econ[302].adjusted"),
            "5.00");
  EXPECT_EQ(AtYearEnd({Approved("general.econ[302]", 5'00)},
                      "general.econ[302].balance"),
            "5.00");
  EXPECT_EQ(AtYearEnd({Spent("05-01", "general.econ[302]", 5'00)},
                      "general.econ[302].balance"),
            "-5.00");
}

TEST(FiguresMeasuresTest, AvailableHasTheCarryOverThatWasNotAllocated) {
  const Facts opened = {Approved("general", 100'00),
                        OpeningCarryover("general", 40'00)};
  EXPECT_EQ(AtYearEnd(opened, "general.adjusted"), "100.00");
  EXPECT_EQ(AtYearEnd(opened, "general.available"), "140.00");
}

TEST(FiguresMeasuresTest, AllocatedCarryOverIsNotCountedTwice) {
  const Facts facts = {Approved("general", 100'00),
                       OpeningCarryover("general", 40'00),
                       CarriedOver("03-01", "general", 30'00)};
  EXPECT_EQ(Ask(facts, "02-28", "general.available"), "140.00");
  EXPECT_EQ(Ask(facts, "03-01", "general.available"), "140.00");
  EXPECT_EQ(Ask(facts, "02-28", "general.adjusted"), "100.00");
  EXPECT_EQ(Ask(facts, "03-01", "general.adjusted"), "130.00");
}

TEST(FiguresMeasuresTest, BalanceIsWhatIsAvailableAndNotSpent) {
  const Facts facts = {
      Approved("general", 100'00), OpeningCarryover("general", 40'00),
      Recovered("10-01", "general", -15'00), Spent("06-01", "general", 90'00)};
  EXPECT_EQ(Ask(facts, "05-31", "general.balance"), "140.00");
  EXPECT_EQ(Ask(facts, "06-01", "general.balance"), "50.00");
  EXPECT_EQ(AtYearEnd(facts, "general.balance"), "35.00");
}

TEST(FiguresMeasuresTest, SpendingAboveTheBudgetIsANegativeBalance) {
  EXPECT_EQ(
      AtYearEnd({Approved("general", 10'00), Spent("06-01", "general", 10'01)},
                "general.balance"),
      "-0.01");
}

TEST(FiguresMeasuresTest, AllAddsUpDerivedMeasuresToo) {
  const Facts facts = {Approved("general", 100'00),
                       OpeningCarryover("government_fund", 40'00),
                       CarriedOver("03-01", "government_fund", 30'00),
                       Spent("06-01", "government_fund", 5'00)};
  EXPECT_EQ(AtYearEnd(facts, "all.adjusted"), "130.00");
  EXPECT_EQ(AtYearEnd(facts, "all.available"), "140.00");
  EXPECT_EQ(AtYearEnd(facts, "all.balance"), "135.00");
}

TEST(FiguresMeasuresTest, IncomeAndCarryOverAreRowsOfTheirOwn) {
  const Facts facts = {Income("02-01", "general", 1'00),
                       OpeningCarryover("general", 20'00),
                       ClosingCarryover("general", 300'00)};
  EXPECT_EQ(AtYearEnd(facts, "general.income"), "1.00");
  EXPECT_EQ(AtYearEnd(facts, "general.opening_carryover"), "20.00");
  EXPECT_EQ(Ask(facts, "12-30", "general.closing_carryover"), "0.00");
  EXPECT_EQ(AtYearEnd(facts, "general.closing_carryover"), "300.00");
  EXPECT_EQ(AtYearEnd(facts, "general.approved"), "0.00");
}

TEST(FiguresMeasuresTest, TheRateIsThatOfTheBudgetOfTheDay) {
  const Facts facts = {Approved("general", 100'00),
                       Spent("06-01", "general", 50'00),
                       Adjusted("09-01", "general", -20'00)};
  EXPECT_EQ(Ask(facts, "05-31", "general.execution_rate"), "0.00");
  EXPECT_EQ(Ask(facts, "06-01", "general.execution_rate"), "50.00");
  // 50 / 80.
  EXPECT_EQ(AtYearEnd(facts, "general.execution_rate"), "62.50");
  EXPECT_EQ(AtYearEnd(facts, "general.execution_rate_approved"), "50.00");
}

TEST(FiguresMeasuresTest, RatesAreRoundedHalfAwayFromZero) {
  // 1 / 3, 2 / 3, and 1 / 80,000 = 0.00125 %; 1 / 20,000 = 0.005 %.
  const auto rate = [](int64_t executed, int64_t budget) {
    return AtYearEnd(
        {Approved("general", budget), Spent("06-01", "general", executed)},
        "general.execution_rate");
  };
  EXPECT_EQ(rate(1, 3), "33.33");
  EXPECT_EQ(rate(2, 3), "66.67");
  EXPECT_EQ(rate(1, 80'000), "0.00");
  EXPECT_EQ(rate(1, 20'000), "0.01");
  EXPECT_EQ(rate(-1, 20'000), "-0.01");
  EXPECT_EQ(rate(-1, 80'000), "0.00");
  EXPECT_EQ(rate(19'999, 20'000), "100.00");
  EXPECT_EQ(rate(19'997, 20'000), "99.99");
  EXPECT_EQ(rate(30'000, 20'000), "150.00");
}

TEST(FiguresMeasuresTest, NothingBudgetedIsNoRateRatherThanAPerfectOne) {
  EXPECT_EQ(AtYearEnd({}, "general.execution_rate"), kBlank);
  EXPECT_EQ(
      AtYearEnd({Spent("06-01", "general", 1'00)}, "general.execution_rate"),
      kBlank);
}

TEST(FiguresMeasuresTest, ABudgetAtOrBelowZeroIsNoRate) {
  const auto rate = [](int64_t cut) {
    return AtYearEnd(
        {Approved("general", 10'00), Adjusted("05-01", "general", cut),
         Spent("06-01", "general", 1)},
        "general.execution_rate");
  };
  EXPECT_EQ(rate(-9'99), "100.00");
  EXPECT_EQ(rate(-10'00), kBlank);
  EXPECT_EQ(rate(-10'01), kBlank);
}

TEST(FiguresMeasuresTest, TheRateOfAllIsOfTheSumsAndNoSumOfRates) {
  const Facts facts = {Approved("general", 100'00),
                       Approved("government_fund", 300'00),
                       Spent("06-01", "general", 100'00)};
  EXPECT_EQ(AtYearEnd(facts, "all.execution_rate"), "25.00");
}

TEST(FiguresMeasuresTest, TheYearBeforeIsStatedForItsExactPath) {
  const Facts facts = {PriorYear("general.project[road].prior_executed", 5'00)};
  EXPECT_EQ(AtYearEnd(facts, "general.project[road].prior_executed"), "5.00");
  EXPECT_EQ(AtYearEnd(facts, "general.project.prior_executed"), kBlank);
  EXPECT_EQ(AtYearEnd(facts, "general.prior_executed"), kBlank);
  EXPECT_EQ(AtYearEnd(facts, "all.prior_executed"), kBlank);
  EXPECT_EQ(AtYearEnd(facts, "general.executed"), "0.00");
}

TEST(FiguresMeasuresTest, TheYearBeforeMayBeZeroAndTheLatestStatementHolds) {
  EXPECT_EQ(AtYearEnd({PriorYear("general.prior_executed", 0)},
                      "general.prior_executed"),
            "0.00");
  EXPECT_EQ(AtYearEnd({PriorYear("general.prior_executed", 1'00),
                       PriorYear("general.prior_executed", 2'00)},
                      "general.prior_executed"),
            "2.00");
  EXPECT_EQ(AtYearEnd({PriorYear("general.prior_executed", 1'00),
                       StatedNone("06-01", "general.prior_executed")},
                      "general.prior_executed"),
            "无");
}

}  // namespace
}  // namespace daybook::testing
