// DecisionBuilder: what a decision leaves behind, accepted, refused or damaged.

#include "core/admission/decision_builder.h"

#include <string>

#include "core/admission/fact_keys.h"
#include "gtest/gtest.h"
#include "tests/support/event_builders.h"

namespace daybook {
namespace {

v1::Entry EntryOf(const v1::EventInput& input) {
  v1::Entry entry;
  entry.set_position(7);
  *entry.mutable_event() = input.event();
  return entry;
}

TEST(DecisionBuilderTest, AnAcceptedEventIsTheLastOfItsSubject) {
  const v1::Entry entry = EntryOf(testing::Spent("a", 1));
  const Facts facts;
  const auto decision = DecisionBuilder(entry, facts).Finish();
  ASSERT_TRUE(decision.ok());
  ASSERT_EQ(decision->updates.size(), 1u);
  internal::SubjectFact fact;
  ASSERT_TRUE(fact.ParseFromString(decision->updates[0].value));
  EXPECT_EQ(fact.last_position(), 7u);
}

TEST(DecisionBuilderTest, ARefusalNamesTheFieldAndUpdatesNothing) {
  const v1::Entry entry = EntryOf(testing::Spent("a", 1));
  const Facts facts;
  DecisionBuilder builder(entry, facts);
  builder.Update("k", internal::ProjectFact());
  builder.Refuse({.field = "subject", .message = "m"});
  const auto decision = builder.Finish();
  ASSERT_TRUE(decision.ok());
  EXPECT_EQ(decision->problems[0].field(), "event.subject");
  EXPECT_TRUE(decision->updates.empty());
}

TEST(DecisionBuilderTest, AnUnreadableFactFailsTheWholeDecision) {
  const v1::Entry entry = EntryOf(testing::Spent("a", 1));
  Facts facts;
  facts.values["k"] = "\xff";
  DecisionBuilder builder(entry, facts);
  EXPECT_FALSE(builder.Find<internal::BucketFact>("k").has_value());
  EXPECT_TRUE(absl::IsDataLoss(builder.Finish().status()));
}

}  // namespace
}  // namespace daybook
