// What Decimal promises: exact values within 63 bits and 9 decimals, an error
// and never a wrong number beyond, and rounding half away from zero.

#include "core/base/decimal.h"

#include <cstdint>
#include <limits>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace daybook {
namespace {

using ::daybook::testing::IsOk;
using ::daybook::testing::IsOkAndHolds;
using ::daybook::testing::StatusIs;
using ::testing::HasSubstr;

constexpr int64_t kHighest = std::numeric_limits<int64_t>::max();
constexpr int64_t kLowest = std::numeric_limits<int64_t>::min();

// The text after parsing and printing, or the name of the error's code.
std::string Echo(absl::string_view text) {
  const absl::StatusOr<Decimal> parsed = Decimal::Parse(text);
  return parsed.ok() ? parsed->ToString()
                     : absl::StatusCodeToString(parsed.status().code());
}

std::string Rounded(int64_t unscaled, uint32_t from, uint32_t to) {
  const absl::StatusOr<Decimal> rounded =
      Decimal(unscaled, from).RoundHalfAwayFromZero(to);
  return rounded.ok() ? rounded->ToString()
                      : absl::StatusCodeToString(rounded.status().code());
}

std::string Quotient(Int128 numerator, Int128 denominator, uint32_t scale) {
  const absl::StatusOr<Decimal> quotient =
      Decimal::DivideRoundHalfAwayFromZero(numerator, denominator, scale);
  return quotient.ok() ? quotient->ToString()
                       : absl::StatusCodeToString(quotient.status().code());
}

TEST(DecimalTest, ParsedTextIsPrintedWithTheDecimalsItHas) {
  for (const char* text : {"0", "12", "-12", "341.50", "-0.5", "0.000000001",
                           "0.00", "1000000000.123456789"}) {
    EXPECT_EQ(Echo(text), text);
  }
}

TEST(DecimalTest, LeadingZerosAreDropped) {
  EXPECT_EQ(Echo("007"), "7");
  EXPECT_EQ(Echo("-00.50"), "-0.50");
}

TEST(DecimalTest, NegativeZeroIsZero) {
  EXPECT_EQ(Echo("-0"), "0");
  EXPECT_EQ(Echo("-0.00"), "0.00");
  EXPECT_EQ(Rounded(-4, 1, 0), "0");
  EXPECT_EQ(Quotient(-1, 300, 2), "0.00");
}

TEST(DecimalTest, ParseKeepsTheScale) {
  const auto parsed = Decimal::Parse("341.50");
  ASSERT_THAT(parsed, IsOk());
  EXPECT_EQ(parsed->unscaled(), 34'150);
  EXPECT_EQ(parsed->scale(), 2u);
}

TEST(DecimalTest, OtherTextIsRefused) {
  for (const char* text :
       {"", "-", ".", "-.", "1.", ".5", "-.5", "+1", "--1", "1e3", "1,000",
        " 1", "1 ", "0x10", "1.2.3", "1.-2", "201.5.5", "nan", "１"}) {
    EXPECT_EQ(Echo(text), "INVALID_ARGUMENT") << text;
  }
  EXPECT_EQ(Echo(absl::string_view("1\0", 2)), "INVALID_ARGUMENT");
}

TEST(DecimalTest, RefusalQuotesTheText) {
  EXPECT_THAT(
      Decimal::Parse("201.5.5"),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("'201.5.5'")));
}

TEST(DecimalTest, NineDecimalsAreParsedAndTenAreNot) {
  EXPECT_EQ(Echo("0.123456789"), "0.123456789");
  EXPECT_EQ(Echo("0.1234567890"), "OUT_OF_RANGE");
}

TEST(DecimalTest, HighestAndLowestAreParsedAndTheNextAreNot) {
  EXPECT_EQ(Echo("9223372036854775807"), "9223372036854775807");
  EXPECT_EQ(Echo("9223372036854775808"), "OUT_OF_RANGE");
  EXPECT_EQ(Echo("-9223372036854775808"), "-9223372036854775808");
  EXPECT_EQ(Echo("-9223372036854775809"), "OUT_OF_RANGE");
  EXPECT_EQ(Echo("9223372036.854775807"), "9223372036.854775807");
  EXPECT_EQ(Echo("9223372036.854775808"), "OUT_OF_RANGE");
}

TEST(DecimalTest, ValuesAreComparedWhateverTheirScale) {
  EXPECT_EQ(Decimal(10, 1), Decimal(1, 0));
  EXPECT_EQ(Decimal(0, 9), Decimal());
  EXPECT_LT(Decimal(99, 2), Decimal(1, 0));
  EXPECT_GT(Decimal(-99, 2), Decimal(-1, 0));
  EXPECT_NE(Decimal(1, 1), Decimal(1, 2));
}

TEST(DecimalTest, ComparisonOfTheExtremesDoesNotOverflow) {
  EXPECT_GT(Decimal(kHighest, 0), Decimal(kHighest, 9));
  EXPECT_LT(Decimal(kLowest, 0), Decimal(kLowest, 9));
  EXPECT_LT(Decimal(kLowest, 0), Decimal(kHighest, 9));
}

TEST(DecimalTest, SumIsExactInTheLargerScale) {
  const auto sum = Decimal(1, 1).Plus(Decimal(25, 2));
  ASSERT_THAT(sum, IsOk());
  EXPECT_EQ(sum->ToString(), "0.35");
  EXPECT_THAT(Decimal(25, 2).Plus(Decimal(-25, 2)), IsOkAndHolds(Decimal()));
}

TEST(DecimalTest, SumAtTheLimitFitsAndBeyondItDoesNot) {
  EXPECT_THAT(Decimal(kHighest - 1, 0).Plus(Decimal(1, 0)),
              IsOkAndHolds(Decimal(kHighest, 0)));
  EXPECT_THAT(Decimal(kHighest, 0).Plus(Decimal(1, 0)),
              StatusIs(absl::StatusCode::kOutOfRange));
  EXPECT_THAT(Decimal(kLowest + 1, 9).Plus(Decimal(-1, 9)),
              IsOkAndHolds(Decimal(kLowest, 9)));
  EXPECT_THAT(Decimal(kLowest, 9).Plus(Decimal(-1, 9)),
              StatusIs(absl::StatusCode::kOutOfRange));
  EXPECT_THAT(Decimal(kHighest, 0).Plus(Decimal(0, 9)),
              StatusIs(absl::StatusCode::kOutOfRange));
}

TEST(DecimalTest, HalvesAreRoundedAwayFromZeroOnBothSides) {
  EXPECT_EQ(Rounded(14, 1, 0), "1");
  EXPECT_EQ(Rounded(15, 1, 0), "2");
  EXPECT_EQ(Rounded(25, 1, 0), "3");
  EXPECT_EQ(Rounded(-14, 1, 0), "-1");
  EXPECT_EQ(Rounded(-15, 1, 0), "-2");
  EXPECT_EQ(Rounded(-25, 1, 0), "-3");
  EXPECT_EQ(Rounded(1'005, 3, 2), "1.01");
  EXPECT_EQ(Rounded(-1'005, 3, 2), "-1.01");
}

TEST(DecimalTest, RoundingIsDoneOnceFromTheExactValue) {
  EXPECT_EQ(Rounded(149, 2, 0), "1");
  EXPECT_EQ(Rounded(-149, 2, 0), "-1");
}

TEST(DecimalTest, RoundingToMoreDecimalsPads) {
  EXPECT_EQ(Rounded(15, 1, 3), "1.500");
  EXPECT_EQ(Rounded(15, 1, 1), "1.5");
}

TEST(DecimalTest, PaddingThatDoesNotFitIsOutOfRange) {
  EXPECT_EQ(Rounded(9'223'372'036, 0, 9), "9223372036.000000000");
  EXPECT_EQ(Rounded(9'223'372'037, 0, 9), "OUT_OF_RANGE");
  EXPECT_EQ(Rounded(kLowest, 0, 1), "OUT_OF_RANGE");
}

TEST(DecimalTest, ExtremesAreRoundedExactly) {
  EXPECT_EQ(Rounded(kHighest, 9, 0), "9223372037");
  EXPECT_EQ(Rounded(kLowest, 9, 0), "-9223372037");
  EXPECT_EQ(Rounded(kHighest, 9, 8), "9223372036.85477581");
}

TEST(DecimalTest, QuotientIsRoundedHalfAwayFromZeroOnBothSides) {
  EXPECT_EQ(Quotient(2, 3, 2), "0.67");
  EXPECT_EQ(Quotient(1, 3, 2), "0.33");
  EXPECT_EQ(Quotient(1, 8, 2), "0.13");
  EXPECT_EQ(Quotient(-1, 8, 2), "-0.13");
  EXPECT_EQ(Quotient(1, -8, 2), "-0.13");
  EXPECT_EQ(Quotient(-1, -8, 2), "0.13");
  EXPECT_EQ(Quotient(1, 2, 0), "1");
  EXPECT_EQ(Quotient(-1, 2, 0), "-1");
  EXPECT_EQ(Quotient(0, -7, 2), "0.00");
}

TEST(DecimalTest, QuotientAtTheLimitFitsAndBeyondItDoesNot) {
  EXPECT_EQ(Quotient(kHighest, 1, 0), "9223372036854775807");
  EXPECT_EQ(Quotient(Int128{kHighest} + 1, 1, 0), "OUT_OF_RANGE");
  EXPECT_EQ(Quotient(kLowest, 1, 0), "-9223372036854775808");
  EXPECT_EQ(Quotient(Int128{kLowest} - 1, 1, 0), "OUT_OF_RANGE");
  EXPECT_EQ(Quotient(PowerOfTen(28) - 1, PowerOfTen(28), 9), "1.000000000");
}

TEST(DecimalTest, DivisionByZeroIsABug) {
  EXPECT_DEATH(Quotient(1, 0, 2), "broken invariant");
}

TEST(DecimalTest, UnscaledAtALargerScaleIsMultiplied) {
  EXPECT_TRUE(Decimal(15, 1).UnscaledAt(3) == 1'500);
  EXPECT_TRUE(Decimal(-15, 1).UnscaledAt(1) == -15);
  EXPECT_TRUE(Decimal(kLowest, 0).UnscaledAt(9) ==
              Int128{kLowest} * 1'000'000'000);
  EXPECT_DEATH(static_cast<void>(Decimal(15, 1).UnscaledAt(0)),
               "broken invariant");
}

TEST(DecimalTest, PowersOfTenReachThe37th) {
  EXPECT_TRUE(PowerOfTen(0) == 1);
  EXPECT_TRUE(PowerOfTen(18) == 1'000'000'000'000'000'000);
  EXPECT_TRUE(PowerOfTen(37) / PowerOfTen(36) == 10);
  EXPECT_DEATH(PowerOfTen(38), "broken invariant");
}

}  // namespace
}  // namespace daybook
