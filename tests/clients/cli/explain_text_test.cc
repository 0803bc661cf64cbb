// An explanation as a tree, and an event with the figures that it enters.

#include "clients/cli/explain_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/clients/explanation_builders.h"

namespace daybook::cli {
namespace {

using testing::BalancePages;
using testing::FromText;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(ExplainTextTest, TheFormulaIsATreeThatLinesUp) {
  EXPECT_THAT(
      ExplainText(BalancePages()[0], MoneyUnit::kYuan),
      HasSubstr(
          "数据项       路径                  数值  单位  算法      事项\n"
          "-----------  -----------------  -------  ----  --------  --------\n"
          "余额         general.balance    2000.00  元    合计\n"
          "├─ 可用数    general.available  5000.00  元    事项之和  [1] 1 笔\n"
          "└─ - 执行数  general.executed   3000.00  元    事项之和  [2] 1 笔\n"
          "\n公式\n"
          "  general.balance = general.available - general.executed\n"));
}

TEST(ExplainTextTest, TheHeadSaysValueAndCoordinates) {
  const std::string text = ExplainText(BalancePages()[0], MoneyUnit::kWanYuan);
  EXPECT_THAT(text, HasSubstr("余额：0.20 万元\n"
                              "ledgers/1/departments/1/reports/2024\n"
                              "截至 2024-12-31，账本大小 9，"));
}

TEST(ExplainTextTest, ABlankValueIsSaidToBeBlank) {
  EXPECT_THAT(ExplainText(FromText<v1::ExplainFigureResponse>(R"(
                explanation { figure { path: "other.executed" unit: "万元"
                                       value { empty: EMPTINESS_BLANK } }
                              kind: KIND_NOTHING })"),
                          MoneyUnit::kWanYuan),
              HasSubstr("other.executed：（空）\n"));
}

TEST(ExplainTextTest, DeepBranchesKeepTheirTrunk) {
  const auto page = FromText<v1::ExplainFigureResponse>(R"(
    explanation { figure { path: "a" } kind: KIND_PERCENTAGE
      terms { sign: 1 explanation { figure { path: "b" } kind: KIND_ADDITION
        terms { sign: 1 explanation { figure { path: "c" } } } } }
      terms { sign: 1 explanation { figure { path: "d" } kind: KIND_FIRST_OF
        terms { sign: 1 explanation { figure { path: "e" } } } } } })");
  const std::string text = ExplainText(page, MoneyUnit::kWanYuan);
  EXPECT_THAT(text, HasSubstr("├─ b "));
  EXPECT_THAT(text, HasSubstr("│  └─ c "));
  EXPECT_THAT(text, HasSubstr("└─ d "));
  EXPECT_THAT(text, HasSubstr("   └─ e "));
  EXPECT_THAT(text, HasSubstr("相除"));
  EXPECT_THAT(text, HasSubstr("先有者"));
}

TEST(ExplainTextTest, AScoreShowsTargetResultAndRule) {
  const auto page = FromText<v1::ExplainFigureResponse>(R"(
    explanation {
      figure { path: "score.rule.indicator[jobs]" label: "就业人数 规则分"
               unit: "分" value { number { unscaled: 950 scale: 2 } } }
      kind: KIND_RULE formula: "10 × 95 / 100"
      terms { sign: 1 explanation { figure { path: "jobs.target"
        label: "目标值" unit: "人" value { number { unscaled: 100 } } } 
        kind: KIND_STATED leaf: 1 } }
      terms { sign: 1 explanation { figure { path: "jobs.actual"
        label: "实际完成值" unit: "人" value { number { unscaled: 95 } } } 
        kind: KIND_STATED leaf: 2 } } }
    leaves { figure: "jobs.target" total_events: 1 }
    leaves { figure: "jobs.actual" total_events: 2 })");
  const std::string text = ExplainText(page, MoneyUnit::kWanYuan);
  EXPECT_THAT(text, HasSubstr("规则"));
  EXPECT_THAT(text, HasSubstr("├─ 目标值"));
  EXPECT_THAT(text, HasSubstr("└─ 实际完成值"));
  EXPECT_THAT(text, HasSubstr("[2] 2 笔"));
  EXPECT_THAT(text,
              HasSubstr("  score.rule.indicator[jobs] = 10 × 95 / 100\n"));
}

TEST(ExplainTextTest, NothingCommandsTheTerminal) {
  const auto page = FromText<v1::ExplainFigureResponse>(R"(
    coordinates { name: "\033" policy: "\033" }
    explanation { figure { path: "\033p" label: "\033l" unit: "\033"
                           value { word: "\033" } }
                  kind: KIND_RULE formula: "\033" leaf: 1 }
    leaves { figure: "\033" } leaves { figure: "\033" })");
  EXPECT_THAT(ExplainText(page, MoneyUnit::kWanYuan), Not(HasSubstr("\033")));
  EXPECT_THAT(CheckedText(page, 1, true), Not(HasSubstr("\033")));
  EXPECT_THAT(TraceText(FromText<v1::TraceEventResponse>(R"(
                coordinates { name: "\033" }
                event { source: "\033" event_id: "\033" }
                figures { figure { label: "\033" } leaves: "\033" })"),
                        MoneyUnit::kWanYuan),
              Not(HasSubstr("\033")));
}

TEST(CheckedTextTest, EachLeafHasItsSum) {
  EXPECT_EQ(CheckedText(BalancePages()[1], 4, true),
            "核对：2 笔（4 行），与图表相符\n"
            "  [1] general.available：1 笔，合计 5000.00 元\n"
            "  [2] general.executed：1 笔，合计 3000.00 元\n");
}

TEST(CheckedTextTest, OneLeafNeedsOneLine) {
  v1::ExplainFigureResponse page = BalancePages()[1];
  page.mutable_leaves()->RemoveLast();
  EXPECT_EQ(CheckedText(page, 1, true),
            "核对：1 笔，合计 5000.00 元，与图表相符\n");
}

TEST(CheckedTextTest, AnIncompleteCheckSaysSo) {
  const std::string text = CheckedText(BalancePages()[0], 3, false);
  EXPECT_THAT(text, HasSubstr("核对：前 3 笔，"));
  EXPECT_THAT(text, HasSubstr("全部 2 笔，用 --all"));
  EXPECT_THAT(text, Not(HasSubstr("与图表相符")));
}

TEST(TraceTextTest, AnEventIsFollowedByItsFigures) {
  const std::string text = TraceText(FromText<v1::TraceEventResponse>(R"(
    event { position: 5 source: "books" event_id: "v-1"
            kind: "expenditure_recorded" statement: "一般公共预算 1200.00 元" }
    figures { figure { path: "all.executed" label: "执行数" unit: "万元"
                       value { amount_fen: 300000 } }
              leaves: "general.executed" })"),
                                     MoneyUnit::kYuan);
  EXPECT_THAT(text, HasSubstr("事项 books/v-1\n"));
  EXPECT_THAT(text, HasSubstr("#5"));
  EXPECT_THAT(text, HasSubstr("归入 1 个数据项\n"));
  EXPECT_THAT(
      text,
      HasSubstr("执行数  all.executed  3000.00  元    general.executed\n"));
}

TEST(TraceTextTest, AnEventMayEnterNothing) {
  EXPECT_THAT(TraceText({}, MoneyUnit::kYuan), HasSubstr("不归入任何数据项\n"));
}

}  // namespace
}  // namespace daybook::cli
