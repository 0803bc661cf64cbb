// FigureLabel: what a figure is called where no form prints it.

#include "core/report/figure_label.h"

#include <string>

#include "gtest/gtest.h"
#include "tests/core/report/story.h"

namespace daybook::testing {
namespace {

std::string LabelAtYearEnd(const std::string& path) {
  const LedgerState ledger = Fold({Adopted(Policy()), Indicator("output.a")});
  const Figures figures(ReportOf(ledger), DepartmentOf(ledger), Day("12-31"));
  const auto parsed = FigurePath::Parse(path);
  EXPECT_TRUE(parsed.ok()) << path;
  return FigureLabel(figures, *parsed);
}

TEST(FigureLabelTest, PartsOfTheRowThenTheMeasure) {
  EXPECT_EQ(LabelAtYearEnd("general.project[road].advances"),
            "一般公共预算 项目支出 道路 暂付款余额");
  EXPECT_EQ(LabelAtYearEnd("general.prior_refunded"),
            "一般公共预算 上年支出收回数");
  EXPECT_EQ(LabelAtYearEnd("general.econ[302].unit[A].executed"),
            "一般公共预算 302 商品和服务支出 单位 A 执行数");
}

TEST(FigureLabelTest, ScoresSayWhose) {
  EXPECT_EQ(LabelAtYearEnd("score.execution"), "预算执行 得分");
  EXPECT_EQ(LabelAtYearEnd("score.rule.total"), "总分 规则分");
}

}  // namespace
}  // namespace daybook::testing
