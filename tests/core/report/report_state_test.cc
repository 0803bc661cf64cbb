// ReportState: money as sums by line and day, stated values as timelines, and
// reversals that take out exactly what they name.
//
// What figures these make is tested in figures_*_test.cc.

#include "core/report/report_state.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/core/report/story.h"

namespace daybook::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(ReportStateTest, ALineComesIntoBeingByItsFirstEvent) {
  EXPECT_THAT(ReportOf(Fold({})).money(), IsEmpty());
  const LedgerState ledger = Fold({Approved("general", 1'00)});
  EXPECT_EQ(ReportOf(ledger).money().size(), 1);
}

TEST(ReportStateTest, EventsOfOneLineAndDayShareOneDelta) {
  Facts facts;
  for (int i = 0; i < 100; ++i) facts.push_back(Spent("03-01", "general", 7));
  facts.push_back(Spent("03-02", "general", 5));
  const LedgerState ledger = Fold(facts);
  ASSERT_EQ(ReportOf(ledger).money().size(), 1);
  const MoneyTimeline& days = ReportOf(ledger).money().begin()->second;
  ASSERT_EQ(days.size(), 2);
  EXPECT_EQ(days.at(Day("03-01")).fen, 700);
  EXPECT_EQ(days.at(Day("03-01")).events, 100);
  EXPECT_EQ(days.at(Day("03-02")).fen, 5);
}

TEST(ReportStateTest, EveryPartOfALineSetsItApart) {
  Fact quota = Spent("03-01", "general", 1);
  quota.event.mutable_expenditure_recorded()->mutable_line()->set_quota_id("q");
  Fact government = Spent("03-01", "general", 1);
  government.event.mutable_expenditure_recorded()
      ->mutable_line()
      ->set_government_economic_code("502");
  const LedgerState ledger = Fold({
      Spent("03-01", "general", 1),
      Spent("03-01", "government_fund", 1),
      Spent("03-01", "general.basic", 1),
      Spent("03-01", "general.project[road]", 1),
      Spent("03-01", "general.function[208]", 1),
      Spent("03-01", "general.econ[302]", 1),
      Spent("03-01", "general.source[current]", 1),
      Spent("03-01", "general.unit[A]", 1),
      quota,
      government,
      Procured(Spent("03-01", "general", 1)),
      By("payments", Spent("03-01", "general", 1)),
      Income("03-01", "general", 1),
  });
  EXPECT_EQ(ReportOf(ledger).money().size(), 13);
}

TEST(ReportStateTest, WhoStatesABudgetDoesNotSetItsLineApart) {
  const LedgerState ledger =
      Fold({Approved("general", 1), By("budget", Approved("general", 2))});
  ASSERT_EQ(ReportOf(ledger).money().size(), 1);
  EXPECT_EQ(ReportOf(ledger).money().begin()->second.at(Day("01-01")).fen, 3);
}

TEST(ReportStateTest, EachKindOfMoneyIsKeptApart) {
  const LedgerState ledger =
      Fold({Approved("general", 1), OfWhich("general", 1),
            Adjusted("02-01", "general", 1), Recovered("02-01", "general", -1),
            CarriedOver("02-01", "general", 1), Income("02-01", "general", 1),
            OpeningCarryover("general", 1), ClosingCarryover("general", 1),
            Spent("02-01", "general", 1)});
  std::vector<MoneyKind> kinds;
  for (const auto& [line, days] : ReportOf(ledger).money()) {
    kinds.push_back(line.kind);
  }
  EXPECT_THAT(kinds,
              ElementsAre(MoneyKind::kApproved, MoneyKind::kApprovedOfWhich,
                          MoneyKind::kAdjustment, MoneyKind::kRecovery,
                          MoneyKind::kCarriedOverAllocation, MoneyKind::kIncome,
                          MoneyKind::kOpeningCarryover,
                          MoneyKind::kClosingCarryover, MoneyKind::kExecuted));
}

TEST(ReportStateTest, AReversalTakesAmountAndEventOutOnItsOwnDay) {
  const LedgerState ledger = Fold(
      {Named("v1", Spent("03-01", "general", 7)), Reversed("06-01", "v1")});
  const MoneyTimeline& days = ReportOf(ledger).money().begin()->second;
  EXPECT_EQ(days.at(Day("03-01")).events, 1);
  EXPECT_EQ(days.at(Day("06-01")).fen, -7);
  EXPECT_EQ(days.at(Day("06-01")).events, -1);
}

TEST(ReportStateTest, OnOneDayEventAndReversalLeaveNothing) {
  const LedgerState ledger = Fold(
      {Named("v1", Spent("03-01", "general", 7)), Reversed("03-01", "v1")});
  const MoneyTimeline& days = ReportOf(ledger).money().begin()->second;
  EXPECT_EQ(days.at(Day("03-01")).fen, 0);
  EXPECT_EQ(days.at(Day("03-01")).events, 0);
}

TEST(ReportStateTest, EveryStatedValueCanBeReversed) {
  const LedgerState ledger = Fold({
      Named("1", Indicator("output.a")),
      Named("2", Result("01-01", "output.a", People("1"))),
      Named("3", Assessed("01-01", "output.a", "1")),
      Named("4", Activity("01-01", "visits", "1")),
      Named("5", Headcount("01-01", 1, 1)),
      Named("6", PriorYear("general.prior_executed", 1)),
      Named("7", StatedNone("01-01", "construction")),
      Named("8", Narrative("intro", "text")),
      Reversed("02-01", "1"),
      Reversed("02-01", "2"),
      Reversed("02-01", "3"),
      Reversed("02-01", "4"),
      Reversed("02-01", "5"),
      Reversed("02-01", "6"),
      Reversed("02-01", "7"),
      Reversed("02-01", "8"),
  });
  const ReportState& report = ReportOf(ledger);
  const auto held = [](const auto& timeline) {
    return timeline.At(Day("01-31")) != nullptr &&
           timeline.At(Day("02-01")) == nullptr;
  };
  EXPECT_TRUE(held(report.indicator("output.a")));
  EXPECT_TRUE(held(report.results().at("output.a")));
  EXPECT_TRUE(held(report.assessments().at("output.a")));
  EXPECT_TRUE(held(report.activities().at("visits")));
  EXPECT_TRUE(held(report.headcount().at("quota")));
  EXPECT_TRUE(held(report.headcount().at("actual")));
  EXPECT_TRUE(held(report.statements().at("general.prior_executed")));
  EXPECT_TRUE(held(report.statements().at("construction")));
  EXPECT_TRUE(held(report.narrative().at("intro")));
}

TEST(ReportStateTest, TheLatestReportOpenedAndPolicyAreKept) {
  v1::ScoringPolicy second = Policy();
  second.set_version(2);
  const LedgerState before = Fold({});
  EXPECT_EQ(ReportOf(before).policy(), nullptr);
  const LedgerState ledger =
      Fold({Adopted(Policy()), Adopted(second), Opened({v1::FUND_OTHER})});
  EXPECT_EQ(ReportOf(ledger).policy()->version(), 2u);
  EXPECT_THAT(ReportOf(ledger).opened().funds(), ElementsAre(v1::FUND_OTHER));
}

TEST(ReportStateDeathTest, ReversingWhatIsNotThereIsABug) {
  EXPECT_DEATH(Fold({Reversed("03-01", "v1")}), "broken invariant");
}

TEST(ReportStateDeathTest, ASecondReversalIsABug) {
  EXPECT_DEATH(Fold({Named("v1", Spent("03-01", "general", 7)),
                     Reversed("03-01", "v1"), Reversed("03-01", "v1")}),
               "broken invariant");
}

TEST(ReportStateDeathTest, ReversingAReversalIsABug) {
  EXPECT_DEATH(
      Fold({Named("v1", Spent("03-01", "general", 7)),
            Named("r1", Reversed("03-01", "v1")), Reversed("03-01", "r1")}),
      "broken invariant");
}

}  // namespace
}  // namespace daybook::testing
