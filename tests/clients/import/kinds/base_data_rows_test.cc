#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/clients/import/kinds/form_rows.h"

namespace daybook::importer {
namespace {

using testing::Cells;
using ::testing::ElementsAre;
using testing::EventOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::Problems;
using testing::ReadCells;
using testing::With;

const Cells base = {{"部门代码", "115001"}, {"年度", "2024"}};

TEST(RegistrationRowTest, HaveNoDay) {
  const FormRecord department = ReadCells(
      "department", {{"部门代码", "115001"}, {"部门名称", "示例（一）局"}});
  ASSERT_THAT(department.problems, IsEmpty());
  EXPECT_EQ(department.facts[0].key, "department/115001");
  const v1::Event event = EventOf(department);
  EXPECT_EQ(event.subject(), "ledgers/430203/departments/115001");
  EXPECT_FALSE(event.has_effective_date());
  EXPECT_EQ(event.department_registered().name(), "示例（一）局");
  EXPECT_THAT(Problems(ReadCells("department",
                                 {{"部门代码", "115/001"}, {"部门名称", ""}})),
              ::testing::AllOf(HasSubstr("部门代码 '115/001'"),
                               HasSubstr("部门名称: is blank")));
}

TEST(RegistrationRowTest, AliasesAndFundsAreLists) {
  const v1::ProjectRegistered project =
      EventOf(ReadCells("project", {{"部门代码", "115001"},
                                    {"项目代号", "rehabilitation"},
                                    {"项目名称", "残疾人康复"},
                                    {"别名", "康复资金；康复项目;康复"},
                                    {"项目类别", "特定目标类"}}))
          .project_registered();
  EXPECT_THAT(project.aliases(), ElementsAre("康复资金", "康复项目", "康复"));
  EXPECT_EQ(project.category(), v1::ProjectRegistered::CATEGORY_TARGETED);
  const Cells report = With(base, {{"资金范围", "一般公共预算；政府性基金预算"},
                                   {"记账来源", "accounting"},
                                   {"表样", "zhuzhou-2024"}});
  EXPECT_THAT(EventOf(ReadCells("report", report)).report_opened().funds(),
              ElementsAre(v1::FUND_GENERAL, v1::FUND_GOVERNMENT_FUND));
  EXPECT_THAT(
      Problems(ReadCells("report",
                         With(report, {{"资金范围", "彩票"}, {"表样", "x"}}))),
      ::testing::AllOf(HasSubstr("资金范围 '彩票'"),
                       HasSubstr("表样 'x': use one of: zhuzhou-2024")));
}

TEST(HeadcountRowTest, BlankZeroNoneAndNotApplicableAreFour) {
  const FormRecord record =
      ReadCells("headcount", With(base, {{"编制数", "4"},
                                         {"实际在职人数", "0"},
                                         {"在职在编", "无"},
                                         {"无固期人员", "——"}}));
  ASSERT_THAT(record.problems, IsEmpty()) << Problems(record);
  int stated = 0;
  for (const Fact& fact : record.facts) {
    if (!fact.input.has_value()) continue;
    const v1::Event& event = fact.input->event();
    if (event.has_headcount_recorded()) {
      EXPECT_EQ(event.headcount_recorded().quota(), 4);
      EXPECT_TRUE(event.headcount_recorded().has_actual());
      EXPECT_FALSE(event.headcount_recorded().has_permanent());
      continue;
    }
    ++stated;
    EXPECT_EQ(event.figure_stated().statement(),
              event.figure_stated().figure() == "headcount.permanent"
                  ? v1::FigureStated::STATEMENT_NONE
                  : v1::FigureStated::STATEMENT_NOT_APPLICABLE);
  }
  EXPECT_EQ(stated, 2);
  for (const Fact& fact : ReadCells("headcount", base).facts) {
    EXPECT_FALSE(fact.input.has_value());
  }
}

TEST(HeadcountRowTest, PeopleAreWhole) {
  for (const auto& [text, right] :
       std::map<std::string, bool>{{"10000000", true},
                                   {"10000001", false},
                                   {"-1", false},
                                   {"4.5", false},
                                   {"四", false}}) {
    EXPECT_EQ(
        ReadCells("headcount", With(base, {{"编制数", text}})).problems.empty(),
        right)
        << text;
  }
}

TEST(StatementRowTest, OnlyAnEmptinessIsStated) {
  const Cells row = With(base, {{"数据项", "三公经费 决算数"}});
  for (const auto& [text, statement] :
       std::map<std::string, v1::FigureStated::Statement>{
           {"0", v1::FigureStated::STATEMENT_ZERO},
           {"0.00", v1::FigureStated::STATEMENT_ZERO},
           {"无", v1::FigureStated::STATEMENT_NONE},
           {"—", v1::FigureStated::STATEMENT_NOT_APPLICABLE}}) {
    const v1::FigureStated stated =
        EventOf(ReadCells("statement", With(row, {{"填报值", text}})))
            .figure_stated();
    EXPECT_EQ(stated.figure(), "three_public.executed");
    EXPECT_EQ(stated.statement(), statement) << text;
  }
  EXPECT_FALSE(ReadCells("statement", With(row, {{"填报值", ""}}))
                   .facts.at(0)
                   .input.has_value());
  for (const char* const text : {"0.01", "没有"}) {
    EXPECT_THAT(Problems(ReadCells("statement", With(row, {{"填报值", text}}))),
                HasSubstr("填报值"));
  }
  EXPECT_THAT(
      Problems(ReadCells("statement", With(base, {{"数据项", "三公"}}))),
      HasSubstr("数据项 '三公'"));
}

TEST(PriorYearRowTest, ZeroIsAnAmount) {
  const Cells row = With(base, {{"数据项", "three_public.prior_executed"}});
  const auto event = [&](const char* amount) {
    return EventOf(
        ReadCells("prior-year", With(row, {{"上年决算数（元）", amount}})));
  };
  EXPECT_EQ(event("14.80").prior_year_figure_stated().amount_fen(), 1480);
  EXPECT_TRUE(event("0").has_prior_year_figure_stated());
  EXPECT_EQ(event("无").figure_stated().statement(),
            v1::FigureStated::STATEMENT_NONE);
  EXPECT_EQ(event("——").figure_stated().statement(),
            v1::FigureStated::STATEMENT_NOT_APPLICABLE);
  EXPECT_EQ(event("0").effective_date().month(), 1);
  EXPECT_FALSE(ReadCells("prior-year", With(row, {{"上年决算数（元）", ""}}))
                   .facts.at(0)
                   .input.has_value());
  EXPECT_THAT(
      Problems(ReadCells("prior-year", With(row, {{"数据项", "all.executed"},
                                                  {"上年决算数（元）", "1"}}))),
      HasSubstr("no value of last year"));
}

}  // namespace
}  // namespace daybook::importer
