// What an event refers to.

#include "core/admission/references.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/support/event_builders.h"

namespace daybook {
namespace {

using testing::Dated;
using testing::Department;
using ::testing::ElementsAre;
using testing::Indicator;
using testing::Result;
using testing::Spent;

std::vector<std::string> ProjectKeys(const v1::Event& event) {
  std::vector<std::string> keys;
  for (const NamedProject& project : NamedProjects(event)) {
    keys.push_back(project.field + "=" + project.key);
  }
  return keys;
}

TEST(ReferencesTest, MoneyEventsHaveLineAndAmount) {
  const v1::EventInput input = Spent("a", 100);
  EXPECT_EQ(MoneyOfEvent(input.event()).fen, 100);
  EXPECT_EQ(MoneyOfEvent(input.event()).line,
            &input.event().expenditure_recorded().line());
  EXPECT_EQ(MoneyOfEvent(Department().event()).line, nullptr);
}

TEST(ReferencesTest, ALineNamesItsProject) {
  v1::EventInput input = Spent("a", 100);
  EXPECT_THAT(ProjectKeys(input.event()), ElementsAre());
  input.mutable_event()
      ->mutable_expenditure_recorded()
      ->mutable_line()
      ->set_project("p");
  EXPECT_THAT(ProjectKeys(input.event()),
              ElementsAre("expenditure_recorded.line.project=p"));
}

TEST(ReferencesTest, TextNamesTheProjectsOfItsFigures) {
  v1::EventInput input = Dated("a");
  input.mutable_event()->mutable_narrative_section_recorded()->set_text(
      "{{general.project[p].executed}} {{project[q].all.executed}}");
  EXPECT_EQ(NamedFigures(input.event()).size(), 2u);
  EXPECT_THAT(ProjectKeys(input.event()),
              ElementsAre("narrative_section_recorded.text=p",
                          "narrative_section_recorded.text=q"));
}

TEST(ReferencesTest, ResultsAndScoresNameTheirIndicator) {
  EXPECT_EQ(IndicatorOf(Indicator("a").event()), "a");
  EXPECT_EQ(IndicatorOf(Result("r", "a", 1).event()), "a");
  v1::EventInput input = Dated("s");
  v1::IndicatorAssessed& assessed =
      *input.mutable_event()->mutable_indicator_assessed();
  assessed.set_row("a");
  EXPECT_EQ(IndicatorOf(input.event()), "a");
  for (const char* row : {"execution", "total"}) {
    assessed.set_row(row);
    EXPECT_EQ(IndicatorOf(input.event()), "");
  }
}

}  // namespace
}  // namespace daybook
