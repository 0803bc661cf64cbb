// Change points: which figures stay, and how days are printed.

#include "clients/cli/history_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/clients/text_proto.h"

namespace daybook::cli {
namespace {

using testing::FromText;

v1::GetReportTimelineResponse Year() {
  return FromText<v1::GetReportTimelineResponse>(R"(
    points {
      date { year: 2024 month: 1 day: 1 }
      figures { path: "all.executed" label: "执行数" unit: "万元" in_form: true
                value { amount_fen: 0 } }
      figures { path: "all.prior_executed" label: "上年" unit: "万元"
                in_form: true value { empty: EMPTINESS_BLANK } }
      figures { path: "general.function[208].executed" in_form: true
                value { amount_fen: 0 } }
      figures { path: "headcount.quota" in_form: true
                value { number { unscaled: 4 } } } }
    points {
      date { year: 2024 month: 3 day: 1 }
      figures { path: "general.unit[1].executed" value { amount_fen: 5 } } }
    points {
      date { year: 2024 month: 3 day: 2 }
      figures { path: "all.executed" label: "执行数" unit: "万元" in_form: true
                value { amount_fen: 120000 } }
      figures { path: "all.prior_executed" label: "上年" unit: "万元"
                in_form: true value { amount_fen: 1 } } }
    points {
      date { year: 2024 month: 3 day: 3 }
      figures { path: "all.prior_executed" label: "上年" unit: "万元"
                in_form: true value { empty: EMPTINESS_BLANK } } })");
}

TEST(HistoryTextTest, PlainRowsOfTheFormStayUnlessFiguresAreNamed) {
  v1::GetReportTimelineResponse page = Year();
  KeepFigures({}, page);
  ASSERT_EQ(page.points_size(), 3);
  EXPECT_EQ(page.points(0).figures_size(), 2);
  EXPECT_EQ(page.points(1).date().day(), 2);
}

TEST(HistoryTextTest, NamedFiguresStayAndNoOthers) {
  v1::GetReportTimelineResponse page = Year();
  KeepFigures({"general.unit[1].executed", "headcount.quota"}, page);
  ASSERT_EQ(page.points_size(), 2);
  EXPECT_EQ(page.points(0).figures(0).path(), "headcount.quota");
  EXPECT_EQ(page.points(1).figures(0).path(), "general.unit[1].executed");
}

TEST(HistoryTextTest, ADayStandsBeforeItsFirstFigure) {
  v1::GetReportTimelineResponse page = Year();
  KeepFigures({}, page);
  Table table = TimelineTable();
  AddTimeline(page, MoneyUnit::kYuan, table);
  EXPECT_EQ(table.TakeRows(),
            "日期        路径                数据项     数值  单位\n"
            "----------  ------------------  ------  -------  ----\n"
            "2024-01-01  all.executed        执行数     0.00  元\n"
            "2024-03-02  all.executed        执行数  1200.00  元\n"
            "            all.prior_executed  上年       0.01  元\n"
            "2024-03-03  all.prior_executed  上年     （空）\n");
}

TEST(HistoryTextTest, CsvKeepsBlankValues) {
  v1::GetReportTimelineResponse page = Year();
  KeepFigures({"all.prior_executed"}, page);
  EXPECT_EQ(TimelineCsv(page, MoneyUnit::kYuan),
            "2024-01-01,all.prior_executed,上年,,元\n"
            "2024-03-02,all.prior_executed,上年,0.01,元\n"
            "2024-03-03,all.prior_executed,上年,,元\n");
}

TEST(HistoryTextTest, WithoutClosingThereIsNothingToSay) {
  EXPECT_EQ(ClosingText({}), "");
}

}  // namespace
}  // namespace daybook::cli
