// PostingOf: what an entry does to the state of its subject.

#include "core/report/posting.h"

#include <vector>

#include "gtest/gtest.h"
#include "tests/core/report/story.h"

namespace daybook::testing {
namespace {

v1::Entry EntryOf(const Fact& fact, uint64_t position) {
  v1::Entry entry;
  entry.set_position(position);
  entry.set_source(fact.source);
  *entry.mutable_event() = fact.event;
  return entry;
}

TEST(PostingTest, MoneyIsARowOfItsBucket) {
  const auto posting =
      PostingOf(EntryOf(Spent("02-01", "general.basic", 5), 7), nullptr, false);
  ASSERT_TRUE(posting.ok());
  ASSERT_EQ(posting->money.size(), 1);
  EXPECT_FALSE(posting->stated.has_value());
  const MoneyPosting& money = posting->money[0];
  EXPECT_EQ(money.row, (MoneyRow{Position(7), 32, {5, 1}}));
  const auto bucket = ParseBucketKey(money.bucket_key);
  ASSERT_TRUE(bucket.ok());
  EXPECT_EQ(bucket->kind, MoneyKind::kExecuted);
  EXPECT_EQ(bucket->source, "book");
}

TEST(PostingTest, AReversalTakesItsTargetOutOfTheTargetsBucket) {
  const v1::Entry target =
      EntryOf(By("payments", Spent("02-01", "general.basic", 5)), 7);
  const auto posting =
      PostingOf(EntryOf(Reversed("12-31", "x"), 9), &target, false);
  ASSERT_TRUE(posting.ok());
  ASSERT_EQ(posting->money.size(), 1);
  EXPECT_FALSE(posting->stated.has_value());
  const MoneyPosting& money = posting->money[0];
  EXPECT_EQ(money.row, (MoneyRow{Position(9), 366, {-5, -1}}));
  EXPECT_EQ(ParseBucketKey(money.bucket_key)->source, "payments");
}

TEST(PostingTest, AReversalOfAStatementNamesItAndItsLastDay) {
  const v1::Entry target = EntryOf(Headcount("02-01", 5, 4), 7);
  const auto posting =
      PostingOf(EntryOf(Reversed("03-01", "x"), 9), &target, false);
  ASSERT_TRUE(posting.ok());
  EXPECT_TRUE(posting->money.empty());
  ASSERT_TRUE(posting->stated.has_value());
  const StatedPosting& stated = *posting->stated;
  EXPECT_EQ(stated.position, Position(9));
  EXPECT_EQ(stated.row.target(), 7u);
  EXPECT_EQ(stated.row.absent_from(), 61u);
  EXPECT_EQ(stated.row.event().headcount_recorded().quota(), 5);
}

TEST(PostingTest, AReversalTakesAllPartsOfItsTargetAway) {
  const v1::Entry target =
      EntryOf(Cleared("02-01", "general.econ[30211]", 5, "a"), 7);
  const auto posting =
      PostingOf(EntryOf(Reversed("03-01", "x"), 9), &target, false);
  ASSERT_TRUE(posting.ok());
  ASSERT_EQ(posting->money.size(), 2);
  EXPECT_EQ(posting->money[0].row.delta, (MoneySum{-5, -1}));
  EXPECT_EQ(posting->money[1].row.delta, (MoneySum{5, -1}));
}

TEST(PostingTest, WhatIsLateHasARowMore) {
  const auto late =
      PostingOf(EntryOf(Headcount("02-01", 5, 4), 7), nullptr, true);
  ASSERT_TRUE(late.ok());
  EXPECT_TRUE(late->stated.has_value());
  ASSERT_EQ(late->money.size(), 1);
  EXPECT_EQ(late->money[0].bucket_key, LateBucketKey());
  EXPECT_EQ(late->money[0].row, (MoneyRow{Position(7), 32, {0, 1}}));
}

TEST(PostingTest, WhatCanNotHaveBeenRecordedIsDamage) {
  Fact undated = Spent("02-01", "general", 5);
  undated.event.clear_effective_date();
  EXPECT_TRUE(absl::IsDataLoss(
      PostingOf(EntryOf(undated, 1), nullptr, false).status()));
  EXPECT_TRUE(absl::IsDataLoss(
      PostingOf(EntryOf(Reversed("03-01", "x"), 9), nullptr, false).status()));
}

}  // namespace
}  // namespace daybook::testing
