// Form: rows and topic rows as data, and forms that are wrong.

#include "core/budget/form.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/support/status_matchers.h"

namespace daybook {
namespace {

using ::testing::HasSubstr;
using testing::StatusIs;

v1::Line Spending(const char* economic_code, v1::Nature nature) {
  v1::Line line;
  line.set_fund(v1::FUND_GENERAL);
  line.set_nature(nature);
  line.set_economic_code(economic_code);
  return line;
}

const TopicRow& Topic(const char* name) {
  return Form::Find("zhuzhou-2024")->topics().at(name);
}

TEST(FormTest, ThreePublicCountsItsCodesInAllSpending) {
  const TopicRow& topic = Topic("three_public");
  for (const char* code : {"30212", "30217", "30231", "31013"}) {
    EXPECT_TRUE(topic.Matches(Spending(code, v1::NATURE_PROJECT), false));
  }
  EXPECT_FALSE(topic.Matches(Spending("30201", v1::NATURE_PROJECT), false));
  EXPECT_FALSE(topic.Matches(Spending("", v1::NATURE_PROJECT), false));
}

TEST(FormTest, OfficeCountsOperatingSpendingAlone) {
  const TopicRow& topic = Topic("operating.office");
  EXPECT_TRUE(topic.Matches(Spending("30201", v1::NATURE_OPERATING), false));
  EXPECT_FALSE(topic.Matches(Spending("30201", v1::NATURE_PROJECT), false));
}

TEST(FormTest, ProcurementCountsWhatIsFlagged) {
  const TopicRow& topic = Topic("procurement");
  EXPECT_TRUE(topic.Matches(Spending("31003", v1::NATURE_PROJECT), true));
  EXPECT_FALSE(topic.Matches(Spending("31003", v1::NATURE_PROJECT), false));
}

TEST(FormTest, KnowsWhichTopicPathsItHas) {
  const Form& form = *Form::Find("zhuzhou-2024");
  EXPECT_NE(form.FindTopicFigure("three_public.executed")->row, nullptr);
  EXPECT_EQ(form.FindTopicFigure("construction")->row, nullptr);
  EXPECT_TRUE(form.FindTopicFigure("headcount.control_rate").has_value());
  EXPECT_FALSE(form.FindTopicFigure("three_public").has_value());
  EXPECT_FALSE(form.FindTopicFigure("three_public.adjusted").has_value());
  EXPECT_FALSE(form.FindTopicFigure("moon.executed").has_value());
}

TEST(FormTest, AnUnknownFormIsNone) {
  EXPECT_EQ(Form::Find("moon"), nullptr);
  EXPECT_EQ(Form::KnownIds(), "zhuzhou-2024");
}

TEST(FormTest, RowsForEachProjectStandTogetherByProject) {
  const Form form = *Form::Parse(
      "form,f,F\n"
      "row,all.executed,all,万元\n"
      "project_row,general.project[*].approved,{project} 预算,万元\n"
      "project_row,general.project[*].executed,{project} 决算,万元\n"
      "row,score.total,总分,分\n");
  std::string written;
  for (const FormRow& row : form.Rows({{"a", "甲"}, {"b", "乙"}})) {
    written += row.path + "=" + row.label + ";";
  }
  EXPECT_EQ(written,
            "all.executed=all;"
            "general.project[a].approved=甲 预算;"
            "general.project[a].executed=甲 决算;"
            "general.project[b].approved=乙 预算;"
            "general.project[b].executed=乙 决算;"
            "score.total=总分;");
  EXPECT_EQ(form.Rows({}).size(), 2u);
}

TEST(FormTest, WrongLinesAreNamed) {
  const auto refused = [](const std::string& lines, const char* words) {
    EXPECT_THAT(Form::Parse("form,f,F\n" + lines).status(),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(words)))
        << lines;
  };
  refused("moon,1", "line 2: a line is");
  refused("row,all.spent,x,y", "line 2: 'all.spent' is not a figure path");
  refused("row,all.executed,x,y\nrow,all.executed,x,y", "line 3: row");
  refused("row,moon.executed,x,y", "line 2: 'moon.executed' is no row");
  refused("topic,a,A,headcount,302", "is not a money row");
  refused("topic,a,A,all,", "names codes or procurement");
  refused("topic,a,A,all,302\ntopic,a,A,all,303", "stands twice");
  EXPECT_FALSE(Form::Parse("row,all.executed,x,y").ok());
}

}  // namespace
}  // namespace daybook
