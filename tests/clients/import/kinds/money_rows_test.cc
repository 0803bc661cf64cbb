#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/clients/import/kinds/form_rows.h"

namespace daybook::importer {
namespace {

using ::testing::AllOf;
using testing::Cells;
using testing::EventOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::Problems;
using testing::ReadCells;
using testing::With;

const Cells quota = {{"部门代码", "115001"},       {"年度", "2024"},
                     {"资金性质", "一般公共预算"}, {"支出性质", "项目支出"},
                     {"项目代号", "other"},        {"金额（元）", "2,015.00"},
                     {"文号", "示例〔2024〕1号"}};

const Cells adjustment = {
    {"部门代码", "115001"},       {"年度", "2024"},
    {"资金性质", "一般公共预算"}, {"调整日期", "2024-08-30"},
    {"调整类型", "调减"},         {"金额（元）", "-100"}};

const Cells carryover = {{"部门代码", "115001"},
                         {"年度", "2024"},
                         {"时点", "年初"},
                         {"资金性质", "政府性基金预算"},
                         {"金额（元）", "5.00"}};

const Cells income = {{"部门代码", "115001"},
                      {"年度", "2024"},
                      {"到账日期", "2024-01-08"},
                      {"资金性质", "一般公共预算"},
                      {"金额（元）", "1513000"}};

TEST(QuotaRowTest, AnAmountIsApprovedOnTheFirstDay) {
  const FormRecord record = ReadCells("quota", quota);
  ASSERT_THAT(record.problems, IsEmpty()) << Problems(record);
  EXPECT_EQ(record.amount_fen, 201'500);
  const v1::Event event = EventOf(record);
  EXPECT_EQ(event.subject(), "ledgers/430203/departments/115001/reports/2024");
  EXPECT_EQ(event.effective_date().month(), 1);
  EXPECT_EQ(event.effective_date().day(), 1);
  const v1::BudgetApproved& approved = event.budget_approved();
  EXPECT_EQ(approved.amount_fen(), 201'500);
  EXPECT_EQ(approved.line().fund(), v1::FUND_GENERAL);
  EXPECT_EQ(approved.line().nature(), v1::NATURE_PROJECT);
  EXPECT_EQ(approved.line().project(), "other");
  EXPECT_FALSE(approved.of_which());
  EXPECT_EQ(approved.document_number(), "示例〔2024〕1号");
}

TEST(QuotaRowTest, BlankZeroNoneAndNotApplicableAreFour) {
  const FormRecord blank =
      ReadCells("quota", With(quota, {{"金额（元）", ""}}));
  ASSERT_THAT(blank.problems, IsEmpty());
  ASSERT_EQ(blank.facts.size(), 1u);
  EXPECT_FALSE(blank.facts[0].input.has_value());
  for (const auto& [text, statement] :
       std::map<std::string, v1::FigureStated::Statement>{
           {"0", v1::FigureStated::STATEMENT_ZERO},
           {"无", v1::FigureStated::STATEMENT_NONE},
           {"——", v1::FigureStated::STATEMENT_NOT_APPLICABLE}}) {
    const FormRecord record =
        ReadCells("quota", With(quota, {{"金额（元）", text}}));
    ASSERT_THAT(record.problems, IsEmpty()) << text;
    const v1::FigureStated stated = EventOf(record).figure_stated();
    EXPECT_EQ(stated.figure(), "general.project[other].approved");
    EXPECT_EQ(stated.statement(), statement) << text;
    // The row keeps its key, so that one takes the place of the other.
    EXPECT_EQ(record.facts[0].key, blank.facts[0].key);
  }
}

TEST(QuotaRowTest, APartStatesNoEmptiness) {
  EXPECT_THAT(Problems(ReadCells(
                  "quota", With(quota, {{"其中", "是"}, {"金额（元）", "0"}}))),
              HasSubstr("零与无"));
  EXPECT_THAT(Problems(ReadCells("quota", With(quota, {{"指标编号", "q1"},
                                                       {"金额（元）", "无"}}))),
              HasSubstr("指标编号 'q1'"));
  const FormRecord part = ReadCells("quota", With(quota, {{"其中", "是"}}));
  ASSERT_THAT(part.problems, IsEmpty());
  EXPECT_TRUE(EventOf(part).budget_approved().of_which());
}

TEST(QuotaRowTest, AllProblemsComeAtOnce) {
  const FormRecord record =
      ReadCells("quota", With(quota, {{"年度", "今年"},
                                      {"资金性质", "一般预算"},
                                      {"政府采购", "对"},
                                      {"金额（元）", "1.234"},
                                      {"文件日期", "2024-02-30"}}));
  EXPECT_THAT(Problems(record),
              AllOf(HasSubstr("年度 '今年'"), HasSubstr("资金性质 '一般预算'"),
                    HasSubstr("政府采购 '对': use one of: 是, 否"),
                    HasSubstr("金额（元） '1.234'"), HasSubstr("文件日期")));
  EXPECT_THAT(record.facts, IsEmpty());
  EXPECT_THAT(Problems(ReadCells("quota", With(quota, {{"资金性质", ""}}))),
              HasSubstr("资金性质: is blank; fill it in"));
}

TEST(QuotaRowTest, TheQuotaIsTheKeyWhereThereIsOne) {
  const auto key = [](const Cells& changes) {
    return ReadCells("quota", With(quota, changes)).facts.at(0).key;
  };
  const Cells first = {{"指标编号", "q1"}};
  EXPECT_EQ(key(first), "quota/115001/2024/id/q1");
  EXPECT_EQ(key(With(first, {{"功能分类科目", "2081199"}})), key(first));
  EXPECT_NE(key({{"功能分类科目", "2081199"}}), key({}));
  EXPECT_NE(key({{"序号", "1"}}), key({{"序号", "2"}}));
  EXPECT_EQ(key({{"金额（元）", "7"}}), key({}));
  EXPECT_LE(key({{"文号", std::string(120, 'x')}}).size(), 58u);
}

TEST(QuotaRowTest, TheHeadingSaysTheUnit) {
  Cells wan = quota;
  wan.erase("金额（元）");
  wan["金额(万元)"] = "0.2015";
  const FormRecord record = ReadCells("quota", wan);
  ASSERT_THAT(record.problems, IsEmpty()) << Problems(record);
  EXPECT_EQ(record.amount_fen, 201'500);
}

TEST(QuotaRowTest, AnExampleIsNeverRecorded) {
  for (const char* const code : {"示例115001", "示例", " 示例 115001"}) {
    const FormRecord record =
        ReadCells("quota", With(quota, {{"部门代码", code}}));
    EXPECT_TRUE(record.example) << code;
    EXPECT_THAT(record.facts, IsEmpty());
  }
}

TEST(AdjustmentRowTest, TheSignIsThatOfTheKind) {
  for (const auto& [kind, sign] : std::map<std::string, int>{{"追加", 1},
                                                             {"调减", -1},
                                                             {"下达", 1},
                                                             {"收回", -1},
                                                             {"结转下达", 1}}) {
    for (const char* const amount : {"-0.01", "0.01"}) {
      const FormRecord record = ReadCells(
          "adjustment",
          With(adjustment, {{"调整类型", kind}, {"金额（元）", amount}}));
      const bool right = (amount[0] == '-') == (sign < 0);
      EXPECT_EQ(record.problems.empty(), right) << kind << amount;
    }
  }
  EXPECT_THAT(Problems(ReadCells("adjustment",
                                 With(adjustment, {{"金额（元）", "0"}}))),
              HasSubstr("an adjustment has an amount"));
  EXPECT_THAT(Problems(ReadCells("adjustment",
                                 With(adjustment, {{"金额（元）", "无"}}))),
              HasSubstr("an adjustment has an amount"));
}

TEST(AdjustmentRowTest, AReallocationHasTwoSides) {
  const Cells moved = With(adjustment, {{"调整类型", "调剂"}});
  EXPECT_THAT(Problems(ReadCells("adjustment", moved)), HasSubstr("调剂编号"));
  const FormRecord side =
      ReadCells("adjustment", With(moved, {{"调剂编号", "t1"}}));
  ASSERT_THAT(side.problems, IsEmpty()) << Problems(side);
  EXPECT_EQ(side.transfer, "t1");
  EXPECT_EQ(EventOf(side).budget_adjusted().transfer_id(), "t1");
  EXPECT_THAT(
      Problems(ReadCells("adjustment", With(adjustment, {{"调剂编号", "t1"}}))),
      HasSubstr("only 调剂 has one"));
}

TEST(AdjustmentRowTest, TheDayLiesWithinTheYear) {
  for (const auto& [day, right] :
       std::map<std::string, bool>{{"2023-12-31", false},
                                   {"2024-01-01", true},
                                   {"2024年12月31日", true},
                                   {"2025/1/1", false}}) {
    EXPECT_EQ(ReadCells("adjustment", With(adjustment, {{"调整日期", day}}))
                  .problems.empty(),
              right)
        << day;
  }
  EXPECT_THAT(
      Problems(ReadCells("adjustment", With(adjustment, {{"调整日期", ""}}))),
      HasSubstr("调整日期: is blank"));
}

TEST(CarryoverRowTest, OpeningIsTheFirstDayAndClosingTheLast) {
  const v1::Event opened = EventOf(ReadCells("carryover", carryover));
  EXPECT_EQ(opened.carryover_opened().amount_fen(), 500);
  EXPECT_EQ(opened.effective_date().month(), 1);
  const v1::Event closed =
      EventOf(ReadCells("carryover", With(carryover, {{"时点", "年末"}})));
  EXPECT_EQ(closed.carryover_closed().amount_fen(), 500);
  EXPECT_EQ(closed.effective_date().month(), 12);
  EXPECT_EQ(closed.effective_date().day(), 31);
}

TEST(CarryoverRowTest, ZeroIsStatedOfTheFigure) {
  const v1::Event opened = EventOf(
      ReadCells("carryover", With(carryover, {{"金额（元）", "0.00"}})));
  EXPECT_EQ(opened.figure_stated().figure(),
            "government_fund.opening_carryover");
  EXPECT_EQ(opened.figure_stated().statement(),
            v1::FigureStated::STATEMENT_ZERO);
  const v1::Event closed = EventOf(ReadCells(
      "carryover", With(carryover, {{"时点", "年末"}, {"金额（元）", "——"}})));
  EXPECT_EQ(closed.figure_stated().figure(),
            "government_fund.closing_carryover");
  EXPECT_EQ(closed.figure_stated().statement(),
            v1::FigureStated::STATEMENT_NOT_APPLICABLE);
}

TEST(IncomeRowTest, TheDayTellsIncomeApart) {
  const FormRecord record = ReadCells("income", income);
  ASSERT_THAT(record.problems, IsEmpty()) << Problems(record);
  EXPECT_EQ(EventOf(record).income_received().amount_fen(), 151'300'000);
  EXPECT_NE(ReadCells("income", With(income, {{"到账日期", "2024-01-09"}}))
                .facts[0]
                .key,
            record.facts[0].key);
  // However the day is written.
  EXPECT_EQ(ReadCells("income", With(income, {{"到账日期", "2024/1/8"}}))
                .facts[0]
                .key,
            record.facts[0].key);
  EXPECT_THAT(Problems(ReadCells("income", With(income, {{"到账日期", ""}}))),
              HasSubstr("到账日期: is blank"));
}

}  // namespace
}  // namespace daybook::importer
