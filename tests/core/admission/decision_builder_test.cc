// DecisionBuilder: what a decision leaves behind, accepted or refused.

#include "core/admission/decision_builder.h"

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
  Needed needed = Needs(entry.event(), "book");
  const Facts facts;
  const Decision decision = DecisionBuilder(entry, needed, facts).Finish();
  EXPECT_TRUE(decision.updates.empty());
  EXPECT_EQ(decision.subject.last_position(), 7u);
}

TEST(DecisionBuilderTest, ARefusalNamesTheFieldAndUpdatesNothing) {
  const v1::Entry entry = EntryOf(testing::Spent("a", 1));
  Needed needed = Needs(entry.event(), "book");
  const Facts facts;
  DecisionBuilder builder(entry, needed, facts);
  builder.Update("k", internal::ProjectFact());
  builder.Refuse({.field = "subject", .message = "m"});
  const Decision decision = builder.Finish();
  EXPECT_EQ(decision.problems[0].field(), "event.subject");
  EXPECT_TRUE(decision.updates.empty());
}

TEST(DecisionBuilderTest, AFactIsFoundByKeyAndKind) {
  const v1::Entry entry = EntryOf(testing::Spent("a", 1));
  Needed needed = Needs(entry.event(), "book");
  internal::BucketFact bucket;
  bucket.set_number(3);
  const Fact fact(bucket);
  Facts facts;
  facts.Put("k", &fact);
  facts.Put("none", nullptr);
  const DecisionBuilder builder(entry, needed, facts);
  ASSERT_NE(builder.Find<internal::BucketFact>("k"), nullptr);
  EXPECT_EQ(builder.Find<internal::BucketFact>("k")->number(), 3u);
  EXPECT_EQ(builder.Find<internal::ProjectFact>("k"), nullptr);
  EXPECT_EQ(builder.Find<internal::BucketFact>("none"), nullptr);
  EXPECT_EQ(builder.Find<internal::BucketFact>("other"), nullptr);
}

}  // namespace
}  // namespace daybook
