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
using testing::Reversed;
using testing::Spent;

std::vector<std::string> ProjectKeys(const v1::Event& event) {
  std::vector<std::string> keys;
  for (const NamedProject& project : NamedProjects(event)) {
    keys.push_back(project.field + "=" + project.key);
  }
  return keys;
}

TEST(ReferencesTest, MoneyEventsHaveALine) {
  const v1::EventInput input = Spent("a", 100);
  EXPECT_EQ(LineOfEvent(input.event()),
            &input.event().expenditure_recorded().line());
  EXPECT_EQ(LineOfEvent(Department().event()), nullptr);
}

TEST(ReferencesTest, AReversalNamesATargetAndItsSourceUnlessItIsItsOwn) {
  v1::EventInput input = Reversed("b", "a");
  EXPECT_EQ(TargetOf(input.event(), "s")->source(), "s");
  input.mutable_event()->mutable_reversal()->set_target_source("t");
  EXPECT_EQ(TargetOf(input.event(), "s")->source(), "t");
  EXPECT_EQ(TargetOf(input.event(), "s")->event_id(), "a");
  EXPECT_FALSE(PaymentOf(input.event(), "s").has_value());
}

TEST(ReferencesTest, RefundsAndClearingsNameAPaymentOfTheirOwnSource) {
  v1::EventInput input = Spent("b", 1);
  EXPECT_FALSE(TargetOf(input.event(), "s").has_value());
  auto& refund = *input.mutable_event()->mutable_refund_received();
  EXPECT_FALSE(PaymentOf(input.event(), "s").has_value());
  refund.set_payment_event_id("a");
  EXPECT_EQ(PaymentOf(input.event(), "s")->source(), "s");
  EXPECT_EQ(TargetOf(input.event(), "s")->event_id(), "a");
  input.mutable_event()->mutable_advance_cleared()->set_advance_event_id("c");
  EXPECT_EQ(PaymentOf(input.event(), "s")->event_id(), "c");
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
