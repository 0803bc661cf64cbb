// What StatedTimeline promises: of what was stated about one thing, the latest
// by (effective date, position) holds, in whatever order it was recorded; a
// withdrawn statement is absent from a day on.

#include "core/report/stated_timeline.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace daybook {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr absl::CivilDay kMarch(2024, 3, 1);
constexpr absl::CivilDay kJune(2024, 6, 1);
constexpr absl::CivilDay kYearEnd(2024, 12, 31);

std::string At(const StatedTimeline<std::string>& timeline,
               absl::CivilDay day) {
  const std::string* value = timeline.At(day);
  return value == nullptr ? "(nothing)" : *value;
}

std::vector<std::string> UpTo(const StatedTimeline<std::string>& timeline,
                              absl::CivilDay day) {
  std::vector<std::string> values;
  for (const auto& held : timeline.UpTo(day)) values.push_back(*held.value);
  return values;
}

TEST(StatedTimelineTest, NothingHoldsWhereNothingWasStated) {
  const StatedTimeline<std::string> timeline;
  EXPECT_EQ(At(timeline, kYearEnd), "(nothing)");
  EXPECT_THAT(UpTo(timeline, kYearEnd), IsEmpty());
}

TEST(StatedTimelineTest, AStatementHoldsFromItsOwnDayOn) {
  StatedTimeline<std::string> timeline;
  timeline.State({kMarch, Position(5)}, "march");
  EXPECT_EQ(At(timeline, kMarch - 1), "(nothing)");
  EXPECT_EQ(At(timeline, kMarch), "march");
  EXPECT_EQ(At(timeline, kYearEnd), "march");
}

TEST(StatedTimelineTest, TheLaterDayHoldsEvenWhenItWasRecordedFirst) {
  StatedTimeline<std::string> timeline;
  timeline.State({kJune, Position(5)}, "june");
  timeline.State({kMarch, Position(6)}, "march");
  EXPECT_EQ(At(timeline, kJune - 1), "march");
  EXPECT_EQ(At(timeline, kJune), "june");
  EXPECT_THAT(UpTo(timeline, kJune), ElementsAre("march", "june"));
}

TEST(StatedTimelineTest, OnOneDayTheLaterPositionHolds) {
  StatedTimeline<std::string> timeline;
  timeline.State({kMarch, Position(6)}, "second");
  timeline.State({kMarch, Position(5)}, "first");
  EXPECT_EQ(At(timeline, kMarch), "second");
  EXPECT_THAT(UpTo(timeline, kMarch), ElementsAre("first", "second"));
}

TEST(StatedTimelineTest, WithdrawnOnItsOwnDayItNeverHeld) {
  StatedTimeline<std::string> timeline;
  timeline.State({kMarch, Position(5)}, "march");
  EXPECT_TRUE(timeline.Withdraw({kMarch, Position(5)}, kMarch));
  EXPECT_EQ(At(timeline, kMarch), "(nothing)");
  EXPECT_EQ(At(timeline, kYearEnd), "(nothing)");
}

TEST(StatedTimelineTest, WithdrawnLaterItHeldUntilTheDayBefore) {
  StatedTimeline<std::string> timeline;
  timeline.State({kMarch, Position(5)}, "march");
  EXPECT_TRUE(timeline.Withdraw({kMarch, Position(5)}, kJune));
  EXPECT_EQ(At(timeline, kJune - 1), "march");
  EXPECT_EQ(At(timeline, kJune), "(nothing)");
}

TEST(StatedTimelineTest, WhatStoodBeforeAWithdrawnStatementHoldsAgain) {
  StatedTimeline<std::string> timeline;
  timeline.State({kMarch, Position(5)}, "march");
  timeline.State({kJune, Position(6)}, "june");
  EXPECT_TRUE(timeline.Withdraw({kJune, Position(6)}, kYearEnd));
  EXPECT_EQ(At(timeline, kYearEnd - 1), "june");
  EXPECT_EQ(At(timeline, kYearEnd), "march");
}

TEST(StatedTimelineTest, WhatWasNotStatedCanNotBeWithdrawn) {
  StatedTimeline<std::string> timeline;
  timeline.State({kMarch, Position(5)}, "march");
  EXPECT_FALSE(timeline.Withdraw({kMarch, Position(6)}, kJune));
  EXPECT_FALSE(timeline.Withdraw({kJune, Position(5)}, kJune));
  EXPECT_EQ(At(timeline, kYearEnd), "march");
}

}  // namespace
}  // namespace daybook
