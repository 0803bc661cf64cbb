// Money: checked sums, and what is printed.

#include "core/budget/money.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace daybook {
namespace {

constexpr int64_t fen_max = std::numeric_limits<int64_t>::max();

TEST(MoneyTest, AddsExactly) {
  EXPECT_EQ(*Money(150).Plus(Money(-50)), Money(100));
}

TEST(MoneyTest, TheLargestSumFitsAndOneFenMoreDoesNot) {
  EXPECT_EQ(*Money(fen_max - 1).Plus(Money(1)), Money(fen_max));
  EXPECT_EQ(Money(fen_max).Plus(Money(1)).status().code(),
            absl::StatusCode::kOutOfRange);
  EXPECT_EQ(Money(-fen_max - 1).Plus(Money(-1)).status().code(),
            absl::StatusCode::kOutOfRange);
}

TEST(MoneyTest, WanYuanAreRoundedHalfAwayFromZero) {
  EXPECT_EQ(FormatWanYuanHalfAwayFromZero(Money(1'042'000)), "1.04");
  EXPECT_EQ(FormatWanYuanHalfAwayFromZero(Money(1'044'999)), "1.04");
  EXPECT_EQ(FormatWanYuanHalfAwayFromZero(Money(1'045'000)), "1.05");
  EXPECT_EQ(FormatWanYuanHalfAwayFromZero(Money(-1'045'000)), "-1.05");
}

TEST(MoneyTest, ZeroHasNoSign) {
  EXPECT_EQ(FormatWanYuanHalfAwayFromZero(Money(-4'999)), "0.00");
  EXPECT_EQ(FormatYuan(Money(0)), "0.00");
}

TEST(MoneyTest, YuanAreExact) {
  EXPECT_EQ(FormatYuan(Money(1'042'001)), "10420.01");
  EXPECT_EQ(FormatYuan(Money(-5)), "-0.05");
  EXPECT_EQ(FormatYuan(Money(std::numeric_limits<int64_t>::min())),
            "-92233720368547758.08");
}

}  // namespace
}  // namespace daybook
