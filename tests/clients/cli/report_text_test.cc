// The report as text: blank and 0 are told apart, and points add up.

#include "clients/cli/report_text.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace daybook::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

v1::Report Report() {
  v1::Report report;
  report.set_name("ledgers/1/departments/1/reports/2024");
  report.set_department_name("残联");
  report.mutable_as_of()->set_year(2024);
  report.mutable_as_of()->set_month(12);
  report.mutable_as_of()->set_day(31);
  report.add_funds(v1::FUND_GENERAL);
  return report;
}

void AddAmount(v1::Report& report, const std::string& path, int64_t fen) {
  v1::Figure& figure = *report.add_figures();
  figure.set_path(path);
  figure.mutable_value()->set_amount_fen(fen);
}

// The row of the money table that begins with `name`.
std::string RowOf(const v1::Report& report, const std::string& name) {
  const std::string text = ReportTables(report, MoneyUnit::kYuan);
  const size_t begin = text.find("\n" + name + " ");
  if (begin == std::string::npos) return "no row";
  return text.substr(begin + 1, text.find('\n', begin + 1) - begin - 1);
}

TEST(ReportTextTest, WithoutEventsARowOfAnOpenedFundIsZero) {
  v1::Report report = Report();
  AddAmount(report, "general.approved", 500);
  const std::string row = RowOf(report, "一般公共预算");
  EXPECT_THAT(row, HasSubstr("5.00"));
  EXPECT_THAT(row, HasSubstr("0.00"));
}

TEST(ReportTextTest, WithoutEventsARowOfAnotherFundIsBlank) {
  v1::Report report = Report();
  AddAmount(report, "state_capital.approved", 500);
  const std::string row = RowOf(report, "国有资本经营预算");
  EXPECT_THAT(row, HasSubstr("5.00"));
  EXPECT_THAT(row, Not(HasSubstr("0.00")));
}

TEST(ReportTextTest, TheTotalSaysOutOfHowMany) {
  v1::Report report = Report();
  report.add_indicators()->set_name("指标");
  for (const int points : {10, 90}) {
    v1::LevelRow& level = *report.add_levels();
    level.set_label("级");
    level.mutable_weight()->mutable_number()->set_unscaled(points);
  }
  EXPECT_THAT(RowOf(report, "总分"), HasSubstr("100"));
  report.mutable_levels(0)->mutable_weight()->set_empty(v1::EMPTINESS_BLANK);
  EXPECT_THAT(RowOf(report, "总分"), Not(HasSubstr("90")));
}

TEST(ReportTextTest, ARevisedTargetStandsBesideTheInitialOne) {
  v1::Report report = Report();
  v1::IndicatorRow& row = *report.add_indicators();
  row.set_name("指标");
  row.set_printed_operator("≥");
  row.mutable_target()->mutable_number()->set_unscaled(100);
  EXPECT_THAT(ReportTables(report, MoneyUnit::kYuan), Not(HasSubstr("原")));
  row.mutable_initial_target()->mutable_number()->set_unscaled(80);
  EXPECT_THAT(ReportTables(report, MoneyUnit::kYuan),
              HasSubstr("≥100 (原 80)"));
}

TEST(ReportTextTest, AResultInAnotherUnitStandsWithIt) {
  v1::Report report = Report();
  v1::IndicatorRow& row = *report.add_indicators();
  row.set_name("指标");
  row.set_unit("人");
  row.mutable_actual()->mutable_number()->set_unscaled(70'707);
  EXPECT_THAT(ReportTables(report, MoneyUnit::kYuan),
              Not(HasSubstr("70707 户")));
  row.set_actual_unit("户");
  EXPECT_THAT(ReportTables(report, MoneyUnit::kYuan), HasSubstr("70707 户"));
}

TEST(ReportTextTest, ClosingPublishingAndLateAdjustmentsFollowTheTitle) {
  v1::Report report = Report();
  const std::string before = ReportTables(report, MoneyUnit::kYuan);
  EXPECT_THAT(before, Not(HasSubstr("结账")));
  EXPECT_THAT(before, Not(HasSubstr("发布")));
  *report.mutable_closed_through() = report.as_of();
  report.set_late_adjustments(2);
  v1::Publication& publication = *report.add_publications();
  publication.set_position(12);
  *publication.mutable_published()->mutable_as_of() = report.as_of();
  publication.mutable_published()->set_size(11);
  EXPECT_THAT(ReportTables(report, MoneyUnit::kYuan),
              HasSubstr("已结账至 2024-12-31\n"
                        "结账后调整 2 笔：daybook report late "
                        "ledgers/1/departments/1/reports/2024\n"
                        "已发布 #12：截至 2024-12-31，账本大小 11\n"));
}

TEST(ReportTextTest, ATitleCanNotCommandTheTerminal) {
  v1::Report report = Report();
  report.set_department_name("残\x1b[2J联");
  EXPECT_THAT(ReportTables(report, MoneyUnit::kYuan), Not(HasSubstr("\x1b")));
}

}  // namespace
}  // namespace daybook::cli
