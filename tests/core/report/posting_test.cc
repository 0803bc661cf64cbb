// PostingOf: what an entry does to the state of its subject.

#include "core/report/posting.h"

#include <variant>
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
      PostingOf(EntryOf(Spent("02-01", "general.basic", 5), 7), nullptr);
  ASSERT_TRUE(posting.ok());
  const auto& money = std::get<MoneyPosting>(*posting);
  EXPECT_EQ(money.row, (MoneyRow{Position(7), 32, {5, 1}, std::nullopt}));
  EXPECT_EQ(money.bucket.kind, MoneyKind::kExecuted);
  EXPECT_EQ(money.bucket.source, "book");
}

TEST(PostingTest, AReversalTakesItsTargetOutOfTheTargetsBucket) {
  const v1::Entry target =
      EntryOf(By("payments", Spent("02-01", "general.basic", 5)), 7);
  const auto posting = PostingOf(EntryOf(Reversed("12-31", "x"), 9), &target);
  ASSERT_TRUE(posting.ok());
  const auto& money = std::get<MoneyPosting>(*posting);
  EXPECT_EQ(money.row, (MoneyRow{Position(9), 366, {-5, -1}, Position(7)}));
  EXPECT_EQ(money.bucket.source, "payments");
}

TEST(PostingTest, AReversalOfAStatementNamesItAndItsLastDay) {
  const v1::Entry target = EntryOf(Headcount("02-01", 5, 4), 7);
  const auto posting = PostingOf(EntryOf(Reversed("03-01", "x"), 9), &target);
  ASSERT_TRUE(posting.ok());
  const auto& stated = std::get<StatedPosting>(*posting);
  EXPECT_EQ(stated.position, Position(9));
  EXPECT_EQ(stated.row.target(), 7u);
  EXPECT_EQ(stated.row.absent_from(), 61u);
  EXPECT_EQ(stated.row.event().headcount_recorded().quota(), 5);
}

TEST(PostingTest, WhatCanNotHaveBeenRecordedIsDamage) {
  Fact undated = Spent("02-01", "general", 5);
  undated.event.clear_effective_date();
  EXPECT_TRUE(
      absl::IsDataLoss(PostingOf(EntryOf(undated, 1), nullptr).status()));
  EXPECT_TRUE(absl::IsDataLoss(
      PostingOf(EntryOf(Reversed("03-01", "x"), 9), nullptr).status()));
}

}  // namespace
}  // namespace daybook::testing
