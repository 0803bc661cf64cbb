// A report as clients see it: which rows it has and in what order, their labels
// and units, the coordinates, and that the same entries give the same bytes.

#include "core/report/report_view.h"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "core/budget/form.h"
#include "core/report/figure_text.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/core/report/story.h"

namespace daybook::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

v1::Report View(const Facts& facts, const std::string& day = "12-31") {
  const LedgerState ledger = Fold(facts);
  return BuildReport(ledger, ReportOf(ledger), Day(day));
}

std::vector<std::string> Paths(const v1::Report& view, bool in_form) {
  std::vector<std::string> paths;
  for (const v1::Figure& figure : view.figures()) {
    if (figure.in_form() == in_form) paths.push_back(figure.path());
  }
  return paths;
}

// The paths after the form's rows.
std::vector<std::string> Others(const Facts& facts,
                                const std::string& day = "12-31") {
  return Paths(View(facts, day), false);
}

v1::Figure Row(const v1::Report& view, const std::string& path) {
  for (const v1::Figure& figure : view.figures()) {
    if (figure.path() == path) return figure;
  }
  ADD_FAILURE() << "no row " << path;
  return {};
}

TEST(ReportViewTest, ItSaysWhatItIsOf) {
  const v1::Report view =
      View({Adopted(Policy()), Approved("general", 1)}, "06-30");
  EXPECT_EQ(view.name(), kReportName);
  EXPECT_EQ(view.department_name(), "残疾人联合会");
  EXPECT_EQ(view.as_of().month(), 6);
  EXPECT_EQ(view.as_of().day(), 30);
  EXPECT_EQ(view.size(), 7u);
  EXPECT_EQ(view.recorded_time_us(), 7'000'000);
  EXPECT_EQ(view.policy(), "test-2024@1");
  EXPECT_EQ(view.projection_version(), projection_version);
  EXPECT_EQ(view.form_title(), "部门整体支出绩效自评报告");
  EXPECT_EQ(View({}).policy(), "");
}

TEST(ReportViewTest, BeforeTheLastDayItIsInterim) {
  EXPECT_TRUE(View({}, "12-30").interim());
  EXPECT_FALSE(View({}, "12-31").interim());
}

TEST(ReportViewTest, TheRowsOfTheFormComeFirstAndInItsOrder) {
  const Form* form = Form::Find("zhuzhou-2024");
  ASSERT_NE(form, nullptr);
  std::vector<std::string> expected;
  for (const FormRow& row :
       form->Rows({{"road", "道路"}, {"school", "学校"}})) {
    expected.push_back(row.path);
  }
  // With facts whose rows are no form's rows.
  const v1::Report view = View({Spent("01-01", "general.unit[A]", 1),
                                Spent("01-01", "general.econ[302]", 1)});
  EXPECT_EQ(Paths(view, true), expected);
  for (int i = 0; i < view.figures_size(); ++i) {
    EXPECT_EQ(view.figures(i).in_form(), i < static_cast<int>(expected.size()));
  }
}

TEST(ReportViewTest, ProjectRowsStandTogetherOnceForEachProject) {
  const std::vector<std::string> paths = Paths(View({}), true);
  const auto first =
      std::find(paths.begin(), paths.end(), "general.project[road].approved");
  ASSERT_LE(10, paths.end() - first);
  EXPECT_THAT(std::vector<std::string>(first, first + 10),
              ElementsAre("general.project[road].approved",
                          "general.project[road].adjustment",
                          "general.project[road].adjusted",
                          "general.project[road].executed",
                          "general.project[road].prior_executed",
                          "general.project[school].approved",
                          "general.project[school].adjustment",
                          "general.project[school].adjusted",
                          "general.project[school].executed",
                          "general.project[school].prior_executed"));
  EXPECT_EQ(Row(View({}), "general.project[road].executed").label(),
            "道路 决算数");
}

TEST(ReportViewTest, WithoutEventsThereAreTheFormsRowsAlone) {
  EXPECT_THAT(Others({}), IsEmpty());
}

TEST(ReportViewTest, OtherRowsHaveAnEventOrAStatementAndStandInByteOrder) {
  const Facts facts = {
      Spent("01-01", "general.basic.econ[30201].unit[B]", 1),
      Spent("01-01", "general.function[2081104].unit[A]", 1),
      Income("01-01", "general.basic", 1),
      StatedNone("01-01", "government_fund.project.closing_carryover"),
      PriorYear("all.prior_executed", 1),
      Activity("01-01", "visits", "1"),
  };
  EXPECT_THAT(
      Others(facts),
      ElementsAre("activity[visits]", "all.basic.income", "all.prior_executed",
                  "general.basic.econ[30201].unit[B].executed",
                  "general.basic.income",
                  "general.function[2081104].unit[A].executed",
                  "government_fund.project.closing_carryover"));
}

TEST(ReportViewTest, AnApprovalShowsTheBudgetThatItAddsUpTo) {
  EXPECT_THAT(
      Others({Approved("government_fund.basic.unit[A]", 1),
              Adjusted("05-01", "general.econ[302]", 1)}),
      ElementsAre("all.basic.adjusted", "all.basic.approved",
                  "general.econ[302].adjusted", "general.econ[302].adjustment",
                  "government_fund.basic.adjusted",
                  "government_fund.basic.approved",
                  "government_fund.basic.unit[A].adjusted",
                  "government_fund.basic.unit[A].approved"));
}

TEST(ReportViewTest, ARowThatOnlyLaterFactsSpeakAboutIsLeftOut) {
  const Facts facts = {Spent("06-01", "general.econ[302]", 1),
                       StatedNone("06-01", "other.executed"),
                       Activity("06-01", "visits", "1")};
  EXPECT_THAT(Others(facts, "05-31"), IsEmpty());
  EXPECT_THAT(Others(facts, "06-01"),
              ElementsAre("activity[visits]", "general.econ[302].executed",
                          "other.executed"));
}

TEST(ReportViewTest, AReversedFactsRowIsLeftOut) {
  const Facts facts = {Named("v1", Spent("01-01", "general.econ[302]", 1)),
                       Reversed("06-01", "v1")};
  EXPECT_THAT(Others(facts, "05-31"),
              ElementsAre("general.econ[302].executed"));
  EXPECT_THAT(Others(facts, "06-01"), IsEmpty());
}

TEST(ReportViewTest, ControlFactsAndOfWhichApprovalsMakeNoRows) {
  EXPECT_THAT(Others({By("payments", Spent("01-01", "general.econ[302]", 1)),
                      OfWhich("general.econ[30217]", 1)}),
              IsEmpty());
}

TEST(ReportViewTest, AFundThatIsNotOpenedShowsWhereItHasEvents) {
  const v1::Report view = View({Spent("01-01", "other", 1'000'000)});
  EXPECT_EQ(FormatFigureValue(Row(view, "other.executed").value()), "1.00");
  EXPECT_EQ(FormatFigureValue(Row(view, "all.executed").value()), "0.00");
}

TEST(ReportViewTest, TheUnitStandsWhereTheValueIsBlank) {
  const v1::Report view = View({});
  const v1::Figure blank = Row(view, "three_public.executed");
  EXPECT_EQ(blank.value().empty(), v1::EMPTINESS_BLANK);
  EXPECT_EQ(blank.unit(), "万元");
  EXPECT_EQ(Row(view, "all.execution_rate").unit(), "%");
  EXPECT_EQ(Row(view, "headcount.quota").unit(), "人");
  EXPECT_EQ(Row(view, "headcount.control_rate").unit(), "%");
  EXPECT_EQ(Row(view, "score.total").unit(), "分");
}

TEST(ReportViewTest, TheUnitIsEmptyForWords) {
  const v1::Report view = View(
      {StatedNone("01-01", "three_public.executed"),
       StatedNotApplicable("01-01", "headcount.contract"), Adopted(Policy()),
       Approved("general", 1), Spent("01-01", "general", 1)});
  EXPECT_EQ(Row(view, "three_public.executed").unit(), "");
  EXPECT_EQ(Row(view, "headcount.contract").unit(), "");
  EXPECT_EQ(Row(view, "score.grade").unit(), "");
  EXPECT_EQ(Row(view, "score.grade").value().word(), "差");
  EXPECT_EQ(Row(view, "construction").unit(), "");
  // 未报 is a word as well.
  EXPECT_EQ(Row(View({Adopted(Policy())}), "score.total").unit(), "");
}

TEST(ReportViewTest, RowsOfNoFormHaveLabelsToo) {
  const v1::Report view = View(
      {Spent("01-01", "general.project[road].function[2081104].unit[A]", 1),
       Activity("01-01", "visits", "1"),
       Spent("01-01", "general.econ[39999]", 1)});
  EXPECT_EQ(
      Row(view, "general.project[road].function[2081104].unit[A].executed")
          .label(),
      "一般公共预算 项目支出 道路 2081104 残疾人康复 单位 A 执行数");
  EXPECT_EQ(Row(view, "activity[visits]").label(), "活动 visits");
  EXPECT_EQ(Row(view, "activity[visits]").unit(), "人");
  // A code that the year's list lacks.
  EXPECT_EQ(Row(view, "general.econ[39999].executed").label(),
            "一般公共预算 39999 执行数");
}

TEST(ReportViewTest, ScoresOfIndicatorsAreRowsOnceTheyExist) {
  const Facts facts = {Adopted(Policy()), Indicator("output.jobs"),
                       Result("06-01", "output.jobs", People("100"))};
  EXPECT_THAT(Others(facts, "05-31"), IsEmpty());
  EXPECT_THAT(Others(facts, "06-01"), Contains("score.indicator[output.jobs]"));
  EXPECT_THAT(Others(facts, "06-01"),
              Contains("score.rule.indicator[output.jobs]"));
  EXPECT_THAT(Others(facts, "06-01"),
              Not(Contains("score.declared.indicator[output.jobs]")));
  EXPECT_EQ(Row(View(facts), "score.indicator[output.jobs]").label(),
            "指标 output.jobs 得分");
}

TEST(ReportViewTest, LevelsStandInThePolicysOrderAfterExecution) {
  const v1::Report view = View(
      {Adopted(Policy()), Approved("general", 1), Spent("01-01", "general", 1),
       Indicator("output.jobs"), Result("06-01", "output.jobs", People("80")),
       Assessed("12-31", "output.jobs", "9")});
  std::vector<std::string> levels;
  for (const v1::LevelRow& row : view.levels()) {
    levels.push_back(row.level() + " " + row.label() + " " +
                     FormatFigureValue(row.weight()) + " " +
                     FormatFigureValue(row.rule_score()) + " " +
                     FormatFigureValue(row.score()));
  }
  EXPECT_THAT(
      levels,
      ElementsAre("execution 预算执行 10 10.00 10.00",
                  "output 产出指标 40 8.00 9.00", "benefit 效益指标 20  ",
                  "satisfaction 满意度指标 10  ", "cost 成本指标 20  "));
}

TEST(ReportViewTest, SectionsStandInByteOrderWithFiguresPutIn) {
  const v1::Report view =
      View({Narrative("b", "支出{{all.executed}}万元"),
            Dated("12-31", Narrative("c", "later")), Narrative("a", "first")},
           "12-30");
  ASSERT_EQ(view.sections_size(), 2);
  EXPECT_EQ(view.sections(0).section(), "a");
  EXPECT_EQ(view.sections(1).title(), "标题 b");
  EXPECT_EQ(view.sections(1).text(), "支出0.00万元");
}

TEST(ReportViewTest, ProjectsStandInByteOrderOfTheirKeys) {
  const v1::Report view = View({});
  ASSERT_EQ(view.projects_size(), 2);
  EXPECT_EQ(view.projects(0).key(), "road");
  EXPECT_EQ(view.projects(1).key(), "school");
}

TEST(ReportViewTest, TheSameEntriesGiveTheSameBytes) {
  const Facts facts = {Adopted(Policy()),
                       Approved("general", 100'00),
                       Spent("03-01", "general.econ[30217].unit[A]", 50'00),
                       Indicator("output.jobs"),
                       Result("06-01", "output.jobs", People("80")),
                       Headcount("01-01", 3, 2),
                       Narrative("a", "{{score.earned}}")};
  for (const char* day : {"01-01", "06-01", "12-31"}) {
    EXPECT_EQ(View(facts, day).SerializeAsString(),
              View(facts, day).SerializeAsString());
  }
}

TEST(ReportViewTest, LaterDatedFactsLeaveTheFiguresOfEarlierDaysAlone) {
  const Facts before = {Approved("general", 100'00),
                        Spent("03-01", "general", 50'00)};
  Facts after = before;
  after.push_back(Spent("09-01", "general.econ[302]", 1'00));
  v1::Report early = View(before, "08-31");
  v1::Report late = View(after, "08-31");
  EXPECT_EQ(late.size(), early.size() + 1);
  for (v1::Report* view : {&early, &late}) {
    view->clear_size();
    view->clear_recorded_time_us();
  }
  EXPECT_EQ(early.SerializeAsString(), late.SerializeAsString());
}

TEST(ReportViewTest, TheSummaryQuotesTheSameFigures) {
  const LedgerState ledger =
      Fold({Adopted(Policy()), Approved("general", 100'00),
            Spent("03-01", "general", 25'00)});
  const v1::ReportSummary summary =
      BuildSummary(ledger, ReportOf(ledger), Day("12-31"));
  EXPECT_EQ(summary.name(), kReportName);
  EXPECT_EQ(summary.adjusted().amount_fen(), 100'00);
  EXPECT_EQ(summary.executed().amount_fen(), 25'00);
  EXPECT_EQ(FormatFigureValue(summary.execution_rate()), "25.00");
  EXPECT_EQ(FormatFigureValue(summary.total()), "2.50");
  EXPECT_EQ(summary.grade().word(), "差");
  EXPECT_FALSE(summary.interim());
  const v1::ReportSummary interim =
      BuildSummary(ledger, ReportOf(ledger), Day("02-29"));
  EXPECT_EQ(interim.executed().amount_fen(), 0);
  EXPECT_EQ(interim.total().empty(), v1::EMPTINESS_BLANK);
  EXPECT_TRUE(interim.interim());
}

}  // namespace
}  // namespace daybook::testing
