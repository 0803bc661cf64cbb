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

const Cells indicator = {
    {"部门代码", "115001"},   {"年度", "2024"},   {"指标编码", "output.a"},
    {"一级指标", "产出指标"}, {"三级指标", "甲"}, {"指标性质", "≥"},
    {"指标值", "98"},         {"计量单位", "%"},  {"分值", "5"}};

const Cells result = {{"部门代码", "115001"},   {"年度", "2024"},
                      {"指标编码", "output.a"}, {"截止日期", "2024-06-30"},
                      {"实际完成值", "71.50"},  {"计量单位", "%"}};

const Cells activity = {
    {"部门代码", "115001"},         {"年度", "2024"}, {"活动编码", "startups"},
    {"内容", "扶持（残疾人）创业"}, {"数量", "9"},    {"计量单位", "名"}};

TEST(IndicatorRowTest, ANumberHasItsUnitAndKeepsItsDecimals) {
  for (const char* const text : {"98", "98%", "９８％"}) {
    const FormRecord record =
        ReadCells("indicators", With(indicator, {{"指标值", text}}));
    ASSERT_THAT(record.problems, IsEmpty()) << Problems(record);
    const v1::IndicatorSet set = EventOf(record).indicator_set();
    EXPECT_EQ(set.level(), "output");
    EXPECT_EQ(set.target().quantity().value().unscaled(), 98);
    EXPECT_EQ(set.target().quantity().unit(), "%");
  }
  const v1::IndicatorSet set =
      EventOf(ReadCells("indicators", With(indicator, {{"指标值", "98.50"}})))
          .indicator_set();
  EXPECT_EQ(set.target().quantity().value().unscaled(), 9850);
  EXPECT_EQ(set.target().quantity().value().scale(), 2u);
}

TEST(IndicatorRowTest, DaysFiguresAndWordsAreTold) {
  const auto target = [](const Cells& changes) {
    const FormRecord record = ReadCells(
        "indicators", With(With(indicator, {{"计量单位", ""}}), changes));
    EXPECT_THAT(record.problems, IsEmpty()) << Problems(record);
    return EventOf(record).indicator_set().target();
  };
  EXPECT_EQ(target({{"指标值", "2024年6月30日"}}).date().day(), 30);
  EXPECT_EQ(target({{"指标值", "all.approved"}}).figure(), "all.approved");
  EXPECT_EQ(target({{"指标值", "年度资金总额 年初预算数"}}).figure(),
            "all.approved");
  EXPECT_EQ(target({{"指标值", "增加"}, {"指标性质", "定性"}}).word(), "增加");
  // A qualitative target is a word, whatever it looks like.
  EXPECT_EQ(target({{"指标值", "100"}, {"指标性质", "定性"}}).word(), "100");
  EXPECT_THAT(
      Problems(ReadCells("indicators", With(indicator, {{"指标值", "增加"}}))),
      HasSubstr("words go with 定性"));
}

TEST(IndicatorRowTest, NotApplicableTakesNothing) {
  const Cells none = With(indicator, {{"指标性质", "无"}});
  EXPECT_THAT(Problems(ReadCells("indicators", none)),
              AllOf(HasSubstr("指标值 '98'"), HasSubstr("分值 '5'")));
  const FormRecord record =
      ReadCells("indicators",
                With(none, {{"指标值", ""}, {"分值", ""}, {"计量单位", ""}}));
  ASSERT_THAT(record.problems, IsEmpty()) << Problems(record);
  EXPECT_FALSE(EventOf(record).indicator_set().has_target());
  EXPECT_THAT(
      Problems(ReadCells("indicators", With(indicator, {{"指标值", ""}}))),
      HasSubstr("指标值: is blank"));
}

TEST(IndicatorRowTest, LevelsMayBeOthers) {
  EXPECT_EQ(EventOf(ReadCells("indicators",
                              With(indicator, {{"一级指标", "process"}})))
                .indicator_set()
                .level(),
            "process");
  EXPECT_THAT(Problems(ReadCells("indicators",
                                 With(indicator, {{"一级指标", "过程"}}))),
              HasSubstr("一级指标 '过程'"));
}

TEST(IndicatorRowTest, PointsHaveARange) {
  for (const auto& [text, right] :
       std::map<std::string, bool>{{"0", true},
                                   {"1000", true},
                                   {"1000.01", false},
                                   {"5.25", true},
                                   {"5.255", false},
                                   {"-1", false},
                                   {"五", false},
                                   {"", true}}) {
    EXPECT_EQ(ReadCells("indicators", With(indicator, {{"分值", text}}))
                  .problems.empty(),
              right)
        << text;
  }
  // No points at all is not 0 points.
  EXPECT_FALSE(EventOf(ReadCells("indicators", With(indicator, {{"分值", ""}})))
                   .indicator_set()
                   .has_weight());
  EXPECT_TRUE(EventOf(ReadCells("indicators", With(indicator, {{"分值", "0"}})))
                  .indicator_set()
                  .has_weight());
}

TEST(RevisionRowTest, ABlankTargetTakesItBack) {
  const Cells revision = {{"部门代码", "115001"},   {"年度", "2024"},
                          {"指标编码", "output.a"}, {"调整日期", "2024-08-30"},
                          {"调整后指标值", "90"},   {"计量单位", "%"}};
  const FormRecord record = ReadCells("revisions", revision);
  ASSERT_THAT(record.problems, IsEmpty()) << Problems(record);
  EXPECT_EQ(EventOf(record)
                .indicator_revised()
                .target()
                .quantity()
                .value()
                .unscaled(),
            90);
  const FormRecord blank =
      ReadCells("revisions", With(revision, {{"调整后指标值", ""}}));
  EXPECT_FALSE(blank.facts.at(0).input.has_value());
  EXPECT_EQ(blank.facts[0].key, record.facts[0].key);
  EXPECT_EQ(EventOf(ReadCells("revisions",
                              With(revision, {{"计量单位", ""},
                                              {"调整后指标值", "明显增加"}})))
                .indicator_revised()
                .target()
                .word(),
            "明显增加");
}

TEST(ResultRowTest, ResultAndScoreAreTwoFacts) {
  const FormRecord record = ReadCells(
      "results",
      With(result, {{"自评得分", "0"}, {"偏差原因及改进措施", "晚"}}));
  ASSERT_THAT(record.problems, IsEmpty()) << Problems(record);
  ASSERT_EQ(record.facts.size(), 2u);
  EXPECT_EQ(record.facts[0].key, "results/115001/2024/r/output.a/2024-06-30");
  const v1::IndicatorResultRecorded recorded =
      record.facts[0].input->event().indicator_result_recorded();
  EXPECT_EQ(recorded.value().quantity().value().unscaled(), 7150);
  EXPECT_EQ(recorded.mode(), v1::IndicatorResultRecorded::MODE_CUMULATIVE);
  const v1::IndicatorAssessed assessed =
      record.facts[1].input->event().indicator_assessed();
  EXPECT_EQ(assessed.declared_score().unscaled(), 0);
  EXPECT_EQ(assessed.deviation_reason(), "晚");
}

TEST(ResultRowTest, BlankIsNoResultAndZeroIsOne) {
  const FormRecord blank =
      ReadCells("results", With(result, {{"实际完成值", ""}}));
  ASSERT_THAT(blank.problems, IsEmpty());
  EXPECT_FALSE(blank.facts[0].input.has_value());
  EXPECT_FALSE(blank.facts[1].input.has_value());
  EXPECT_EQ(EventOf(ReadCells("results", With(result, {{"实际完成值", "0"}})))
                .indicator_result_recorded()
                .value()
                .quantity()
                .value()
                .unscaled(),
            0);
  for (const char* const text : {"无", "——"}) {
    EXPECT_THAT(
        Problems(ReadCells("results", With(result, {{"实际完成值", text}}))),
        HasSubstr("set its 指标性质 to 无"));
  }
}

TEST(ResultRowTest, AWordNeedsItsAttainment) {
  const Cells word = With(result, {{"实际完成值", "增加"}, {"计量单位", ""}});
  EXPECT_THAT(Problems(ReadCells("results", word)), HasSubstr("完成程度"));
  for (const auto& [percent, right] : std::map<std::string, bool>{
           {"0", true}, {"100", true}, {"100.01", false}, {"80.555", false}}) {
    EXPECT_EQ(ReadCells("results", With(word, {{"完成程度（%）", percent}}))
                  .problems.empty(),
              right)
        << percent;
  }
  EXPECT_THAT(
      Problems(ReadCells("results", With(word, {{"实际完成值", ""},
                                                {"完成程度（%）", "100"}}))),
      HasSubstr("goes with a result"));
  EXPECT_THAT(
      Problems(ReadCells("results", With(word, {{"填报方式", "新增"},
                                                {"完成程度（%）", "90"}}))),
      HasSubstr("only a number can be 新增"));
}

TEST(ResultRowTest, RowsOfTheScoreSheetHaveScoresAlone) {
  for (const auto& [word, row] : std::map<std::string, std::string>{
           {"预算执行", "execution"}, {"总分", "total"}, {"total", "total"}}) {
    const FormRecord record = ReadCells(
        "results",
        With(result,
             {{"指标编码", word}, {"实际完成值", ""}, {"自评得分", "10"}}));
    ASSERT_THAT(record.problems, IsEmpty()) << Problems(record);
    EXPECT_EQ(EventOf(record).indicator_assessed().row(), row);
    EXPECT_THAT(
        Problems(ReadCells("results", With(result, {{"指标编码", word}}))),
        HasSubstr("实际完成值 '71.50'"));
  }
  EXPECT_THAT(Problems(ReadCells("results",
                                 With(result, {{"偏差原因及改进措施", "晚"}}))),
              HasSubstr("goes with a score"));
}

TEST(ActivityRowTest, TextStaysAsItIsPrinted) {
  const FormRecord record = ReadCells("activities", activity);
  ASSERT_THAT(record.problems, IsEmpty()) << Problems(record);
  const v1::ActivityRecorded recorded = EventOf(record).activity_recorded();
  EXPECT_EQ(recorded.label(), "扶持（残疾人）创业");
  EXPECT_EQ(recorded.qualifier(), v1::ActivityRecorded::QUALIFIER_EXACT);
  EXPECT_EQ(EventOf(record).effective_date().month(), 12);
  EXPECT_EQ(EventOf(ReadCells("activities", With(activity, {{"精确度", "约"}})))
                .activity_recorded()
                .qualifier(),
            v1::ActivityRecorded::QUALIFIER_ABOUT);
}

TEST(ActivityRowTest, ACountIsANumberOrBlank) {
  EXPECT_FALSE(ReadCells("activities", With(activity, {{"数量", ""}}))
                   .facts.at(0)
                   .input.has_value());
  EXPECT_EQ(EventOf(ReadCells("activities", With(activity, {{"数量", "0"}})))
                .activity_recorded()
                .quantity()
                .value()
                .unscaled(),
            0);
  for (const char* const text : {"无", "——", "30余", "2024-06-30"}) {
    EXPECT_THAT(
        Problems(ReadCells("activities", With(activity, {{"数量", text}}))),
        HasSubstr("is no number"))
        << text;
  }
  EXPECT_THAT(
      Problems(ReadCells("activities", With(activity, {{"活动编码", "A.b"}}))),
      HasSubstr("活动编码 'A.b': is no key"));
}

}  // namespace
}  // namespace daybook::importer
