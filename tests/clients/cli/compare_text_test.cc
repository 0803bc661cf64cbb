// Differences between coordinates, and changes as they are recorded.

#include "clients/cli/compare_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <string>
#include <vector>

#include "tests/clients/text_proto.h"

namespace daybook::cli {
namespace {

using testing::FromText;
using ::testing::HasSubstr;
using ::testing::Not;

v1::FigureDifference Executed(const std::string& path) {
  auto figure = FromText<v1::FigureDifference>(R"(
    label: "执行数" unit: "万元"
    before { amount_fen: 300000 } after { amount_fen: 180000 }
    events { position: 9 source: "books" event_id: "r-1" kind: "reversal"
             principal: "local" side: SIDE_AFTER amount_fen: -120000 leaf: 1
             cancels: 5 reason: "记错" approver: "预算股"
             effective_date { year: 2024 month: 3 day: 1 } })");
  figure.set_path(path);
  return figure;
}

v1::CompareReportsResponse Sides() {
  return FromText<v1::CompareReportsResponse>(R"(
    before { name: "a" as_of { year: 2024 month: 12 day: 31 } size: 8 }
    after { name: "b" as_of { year: 2024 month: 12 day: 31 } size: 10 })");
}

v1::FigureValue Fen(int64_t fen) {
  v1::FigureValue value;
  value.set_amount_fen(fen);
  return value;
}

v1::FigureValue Number(int64_t unscaled, uint32_t scale) {
  v1::FigureValue value;
  value.mutable_number()->set_unscaled(unscaled);
  value.mutable_number()->set_scale(scale);
  return value;
}

TEST(CompareTextTest, BeforeAfterAndDifferenceStandSideBySide) {
  EXPECT_THAT(
      CompareText(Sides(), {Executed("all.executed")}, MoneyUnit::kYuan),
      HasSubstr("数据项  路径               前       后      差额  单位\n"
                "------  ------------  -------  -------  --------  ----\n"
                "执行数  all.executed  3000.00  1800.00  -1200.00  元\n"));
}

TEST(CompareTextTest, BothCoordinatesAreNamed) {
  const std::string text = CompareText(Sides(), {}, MoneyUnit::kYuan);
  EXPECT_THAT(text, HasSubstr("前：a\n    截至 2024-12-31，账本大小 8，"));
  EXPECT_THAT(text, HasSubstr("后：b\n    截至 2024-12-31，账本大小 10，"));
  EXPECT_THAT(text, HasSubstr("没有不同的数据项\n"));
}

TEST(CompareTextTest, FiguresThatDifferByTheSameEventsShareTheirTable) {
  v1::FigureDifference other = Executed("general.executed");
  other.mutable_events(0)->set_leaf(2);
  const std::string text =
      CompareText(Sides(), {Executed("all.executed"), other}, MoneyUnit::kYuan);
  EXPECT_THAT(text, HasSubstr("\n执行数 all.executed\n"
                              "执行数 general.executed\n"
                              "序号  侧  业务日期"));
  EXPECT_EQ(text.find("#9"), text.rfind("#9"));
  EXPECT_THAT(text,
              HasSubstr("books（local）    冲销 #5  记错（批准：预算股）"));
}

TEST(CompareTextTest, FiguresThatDifferByOtherEventsHaveTheirOwn) {
  v1::FigureDifference other = Executed("general.executed");
  other.mutable_events(0)->set_position(11);
  const std::string text =
      CompareText(Sides(), {Executed("all.executed"), other}, MoneyUnit::kYuan);
  EXPECT_THAT(text, HasSubstr("#9"));
  EXPECT_THAT(text, HasSubstr("#11"));
}

TEST(CompareTextTest, MoreEventsThanListedAreMentioned) {
  v1::FigureDifference figure = Executed("all.executed");
  EXPECT_THAT(CompareText(Sides(), {figure}, MoneyUnit::kYuan),
              Not(HasSubstr("还有更多")));
  figure.set_has_more_events(true);
  EXPECT_THAT(CompareText(Sides(), {figure}, MoneyUnit::kYuan),
              HasSubstr("还有更多"));
}

TEST(DifferenceTextTest, NumbersAreSubtractedExactly) {
  EXPECT_EQ(DifferenceText(Fen(100), Fen(350), MoneyUnit::kYuan), "+2.50");
  EXPECT_EQ(DifferenceText(Fen(350), Fen(100), MoneyUnit::kYuan), "-2.50");
  EXPECT_EQ(DifferenceText(Number(95, 0), Number(9650, 2), MoneyUnit::kYuan),
            "+1.50");
}

TEST(DifferenceTextTest, BlankIsNotZero) {
  v1::FigureValue blank;
  blank.set_empty(v1::EMPTINESS_BLANK);
  EXPECT_EQ(DifferenceText(blank, Fen(350), MoneyUnit::kYuan), "");
  EXPECT_EQ(DifferenceText(Number(1, 0), blank, MoneyUnit::kYuan), "");
  EXPECT_EQ(DifferenceText(Number(1, 0), Fen(1), MoneyUnit::kYuan), "");
}

TEST(DifferenceTextTest, WhatDoesNotFitIsLeftOut) {
  EXPECT_EQ(DifferenceText(Fen(-2), Fen(std::numeric_limits<int64_t>::max()),
                           MoneyUnit::kYuan),
            "");
}

TEST(ChangeTextTest, EventsAndFiguresHaveALineEach) {
  v1::ReportChange change;
  *change.add_events() = Executed("x").events(0);
  change.set_events_total(1);
  *change.add_figures() = Executed("all.executed");
  EXPECT_EQ(ChangeText(change, MoneyUnit::kYuan),
            "#9  1970-01-01 08:00:00  2024-03-01  冲销  r-1  -1200.00 元  "
            "books  冲销 #5  记错（批准：预算股）\n"
            "  all.executed 执行数  3000.00 → 1800.00 元\n");
}

TEST(ChangeTextTest, EventsThatWereLeftOutAreCounted) {
  v1::ReportChange change;
  change.add_events();
  change.set_events_total(101);
  EXPECT_THAT(ChangeText(change, MoneyUnit::kYuan),
              HasSubstr("另有 100 个事项未列\n"));
}

TEST(ChangeTextTest, NothingCommandsTheTerminal) {
  const auto change = FromText<v1::ReportChange>(R"(
    events { event_id: "\033\n" kind: "\033" source: "\033" reason: "\033" }
    figures { path: "\033" label: "\033" unit: "\033"
              after { word: "\033" } } events_total: 1)");
  const std::string text = ChangeText(change, MoneyUnit::kYuan);
  EXPECT_THAT(text, Not(HasSubstr("\033")));
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 2);
}

}  // namespace
}  // namespace daybook::cli
