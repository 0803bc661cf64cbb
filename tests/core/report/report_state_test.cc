// ReportState: money as sums by bucket and day, stated values as timelines, and
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

DayOfYear YearDay(const std::string& day) {
  return static_cast<DayOfYear>(absl::GetYearDay(Day(day)));
}

TEST(ReportStateTest, ABucketComesIntoBeingByItsFirstEvent) {
  EXPECT_THAT(ReportOf(Fold({})).money(), IsEmpty());
  const LedgerState ledger = Fold({Approved("general", 1'00)});
  EXPECT_EQ(ReportOf(ledger).money().size(), 1);
}

TEST(ReportStateTest, EventsOfOneBucketAndDayShareOneStep) {
  Facts facts;
  for (int i = 0; i < 100; ++i) facts.push_back(Spent("03-01", "general", 7));
  facts.push_back(Spent("03-02", "general", 5));
  const LedgerState ledger = Fold(facts);
  ASSERT_EQ(ReportOf(ledger).money().size(), 1);
  const MoneyTimeline& timeline = ReportOf(ledger).money()[0].timeline;
  ASSERT_EQ(timeline.steps().size(), 2);
  EXPECT_EQ(timeline.At(YearDay("03-01")), (MoneySum{700, 100}));
  EXPECT_EQ(timeline.At(YearDay("03-02")), (MoneySum{705, 101}));
}

TEST(ReportStateTest, ATimelineLoadedIsOneFolded) {
  const LedgerState folded = Fold({Spent("03-01", "general", 7)});
  const BucketState& bucket = ReportOf(folded).money()[0];
  ReportState loaded(ReportOf(folded).name());
  loaded.SetMoney(bucket.bucket, bucket.timeline);
  ASSERT_EQ(loaded.money().size(), 1);
  EXPECT_EQ(loaded.money()[0].timeline.At(366), (MoneySum{7, 1}));
  const MoneyPosting more{BucketKey(bucket.bucket), {Position(9), 61, {3, 1}}};
  ASSERT_TRUE(loaded.Apply(Posting{Position(9), {more}, {}}).ok());
  ASSERT_EQ(loaded.money().size(), 1);
  EXPECT_EQ(loaded.money()[0].timeline.At(366), (MoneySum{10, 2}));
}

TEST(ReportStateTest, MemoryGrowsWithBucketsAndStatementsNotWithVouchers) {
  Facts facts = {Spent("03-01", "general", 7)};
  const auto bytes = [&] {
    const LedgerState ledger = Fold(facts);
    return ReportOf(ledger).MemoryBytes();
  };
  const size_t one = bytes();
  for (int i = 0; i < 100; ++i) facts.push_back(Spent("03-01", "general", 7));
  EXPECT_EQ(bytes(), one);
  facts.push_back(Spent("03-01", "general.basic", 7));
  const size_t two = bytes();
  EXPECT_GT(two, one);
  facts.push_back(Narrative("intro", std::string(10'000, 'x')));
  EXPECT_GT(bytes(), two + 10'000);
}

TEST(ReportStateTest, AReversalTakesAmountAndEventOutOnItsOwnDay) {
  const LedgerState ledger = Fold(
      {Named("v1", Spent("03-01", "general", 7)), Reversed("06-01", "v1")});
  const MoneyTimeline& timeline = ReportOf(ledger).money()[0].timeline;
  EXPECT_EQ(timeline.At(YearDay("05-31")), (MoneySum{7, 1}));
  EXPECT_EQ(timeline.At(YearDay("06-01")), (MoneySum{0, 0}));
}

TEST(ReportStateTest, OnOneDayEventAndReversalLeaveNothing) {
  const LedgerState ledger = Fold(
      {Named("v1", Spent("03-01", "general", 7)), Reversed("03-01", "v1")});
  const MoneyTimeline& timeline = ReportOf(ledger).money()[0].timeline;
  EXPECT_EQ(timeline.At(YearDay("03-01")), (MoneySum{0, 0}));
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

TEST(ReportStateTest, WhatCanNotStandInAReportIsDamage) {
  const LedgerState ledger = Fold({});
  ReportState report(ReportOf(ledger).name());
  const auto apply = [&](const Fact& fact, uint32_t absent_from) {
    StatedPosting stated{Position(9), {}};
    *stated.row.mutable_event() = fact.event;
    stated.row.set_absent_from(absent_from);
    stated.row.set_target(5);
    return report.Apply(stated);
  };
  EXPECT_TRUE(apply(Headcount("03-01", 1, 1), 0).ok());
  Fact undated = Headcount("03-01", 1, 1);
  undated.event.clear_effective_date();
  EXPECT_TRUE(absl::IsDataLoss(apply(undated, 0)));
  Fact department = Headcount("03-01", 1, 1);
  department.event.mutable_department_registered();
  EXPECT_TRUE(absl::IsDataLoss(apply(department, 0)));
  EXPECT_TRUE(absl::IsDataLoss(apply(Headcount("03-01", 1, 1), 60)));
  EXPECT_TRUE(absl::IsDataLoss(apply(Narrative("intro", "x"), 60)));
}

}  // namespace
}  // namespace daybook::testing
