// MoneyTimeline against a sum over a list of deltas.

#include "core/report/money_timeline.h"

#include <cstdlib>
#include <iostream>
#include <random>
#include <utility>
#include <vector>

#include "gtest/gtest.h"

namespace daybook {
namespace {

TEST(MoneyTimelineTest, DaysBeforeTheFirstHaveNothing) {
  MoneyTimeline timeline;
  EXPECT_EQ(timeline.At(366), MoneySum());
  timeline.Add(10, {5, 1});
  EXPECT_EQ(timeline.At(9), MoneySum());
  EXPECT_EQ(timeline.At(10), (MoneySum{5, 1}));
  EXPECT_EQ(timeline.At(366), (MoneySum{5, 1}));
}

TEST(MoneyTimelineTest, AppendingIsAddingInOrder) {
  MoneyTimeline appended;
  MoneyTimeline added;
  for (const DayOfYear day : {DayOfYear{3}, DayOfYear{4}, DayOfYear{366}}) {
    appended.Append(day, {day, 1});
    added.Add(day, {day, 1});
  }
  for (DayOfYear day = 1; day <= 366; ++day) {
    ASSERT_EQ(appended.At(day), added.At(day)) << day;
  }
}

TEST(MoneyTimelineTest, AnyOrderGivesTheSumOfEachDay) {
  const char* given = std::getenv("DAYBOOK_SEED");
  const unsigned seed =
      given != nullptr ? static_cast<unsigned>(std::atoi(given)) : 1;
  std::cout << "seed " << seed << "\n";
  std::mt19937 random(seed);
  for (int round = 0; round < 50; ++round) {
    MoneyTimeline timeline;
    std::vector<std::pair<DayOfYear, MoneySum>> deltas;
    for (auto count = static_cast<int>(random() % 60); count > 0; --count) {
      const auto day = static_cast<DayOfYear>(1 + random() % 366);
      const MoneySum delta{static_cast<int64_t>(random() % 2001) - 1000,
                           random() % 2 == 0 ? 1 : -1};
      timeline.Add(day, delta);
      deltas.emplace_back(day, delta);
      MoneySum expected;
      const auto asked = static_cast<DayOfYear>(1 + random() % 366);
      for (const auto& [when, what] : deltas) {
        if (when > asked) continue;
        expected.fen += what.fen;
        expected.events += what.events;
      }
      ASSERT_EQ(timeline.At(asked), expected);
    }
    for (size_t i = 1; i < timeline.steps().size(); ++i) {
      ASSERT_LT(timeline.steps()[i - 1].day, timeline.steps()[i].day);
    }
  }
}

}  // namespace
}  // namespace daybook
