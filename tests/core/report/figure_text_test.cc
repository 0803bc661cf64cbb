// How figures read: five ways of having no number kept apart, money rounded
// once and half away from zero, other numbers as recorded.

#include "core/report/figure_text.h"

#include <cstdint>
#include <string>

#include "gtest/gtest.h"

namespace daybook {
namespace {

v1::FigureValue Amount(int64_t fen) {
  v1::FigureValue value;
  value.set_amount_fen(fen);
  return value;
}

v1::FigureValue Number(int64_t unscaled, uint32_t scale) {
  v1::FigureValue value;
  value.mutable_number()->set_unscaled(unscaled);
  value.mutable_number()->set_scale(scale);
  return value;
}

v1::FigureValue Empty(v1::Emptiness empty) {
  v1::FigureValue value;
  value.set_empty(empty);
  return value;
}

TEST(FigureTextTest, BlankZeroNoneNotApplicableAndNotReportedReadDifferently) {
  EXPECT_EQ(FormatFigureValue(Empty(v1::EMPTINESS_BLANK)), "");
  EXPECT_EQ(FormatFigureValue(Amount(0)), "0.00");
  EXPECT_EQ(FormatFigureValue(Empty(v1::EMPTINESS_NONE)), "无");
  EXPECT_EQ(FormatFigureValue(Empty(v1::EMPTINESS_NOT_APPLICABLE)), "——");
  EXPECT_EQ(FormatFigureValue(Empty(v1::EMPTINESS_NOT_REPORTED)), "未报");
}

TEST(FigureTextTest, AValueThatIsNotSetReadsAsBlank) {
  EXPECT_EQ(FormatFigureValue(v1::FigureValue()), "");
}

TEST(FigureTextTest, WanYuanAreRoundedHalfAwayFromZero) {
  // 1 万元 is 1,000,000 fen; half of its last printed digit is 5,000 fen.
  EXPECT_EQ(FormatFigureValue(Amount(1'234'999)), "1.23");
  EXPECT_EQ(FormatFigureValue(Amount(1'235'000)), "1.24");
  EXPECT_EQ(FormatFigureValue(Amount(-1'234'999)), "-1.23");
  EXPECT_EQ(FormatFigureValue(Amount(-1'235'000)), "-1.24");
}

TEST(FigureTextTest, NothingReadsAsMinusZero) {
  EXPECT_EQ(FormatFigureValue(Amount(-4'999)), "0.00");
  EXPECT_EQ(FormatFigureValue(Amount(-5'000)), "-0.01");
  EXPECT_EQ(FormatFigureValue(Amount(0), MoneyUnit::kYuan), "0.00");
}

TEST(FigureTextTest, YuanAreExact) {
  EXPECT_EQ(FormatFigureValue(Amount(1'234'999), MoneyUnit::kYuan), "12349.99");
  EXPECT_EQ(FormatFigureValue(Amount(-1), MoneyUnit::kYuan), "-0.01");
}

TEST(FigureTextTest, NumbersKeepTheDecimalsTheyHave) {
  EXPECT_EQ(FormatFigureValue(Number(3415, 1)), "341.5");
  EXPECT_EQ(FormatFigureValue(Number(34150, 2)), "341.50");
  EXPECT_EQ(FormatFigureValue(Number(100, 0)), "100");
  // The unit of money is not that of numbers.
  EXPECT_EQ(FormatFigureValue(Number(100, 0), MoneyUnit::kYuan), "100");
}

TEST(FigureTextTest, WordsAndDaysReadAsTheyAre) {
  v1::FigureValue value;
  value.set_word("优");
  EXPECT_EQ(FormatFigureValue(value), "优");
  value.mutable_date()->set_year(2024);
  value.mutable_date()->set_month(6);
  value.mutable_date()->set_day(5);
  EXPECT_EQ(FormatFigureValue(value), "2024-06-05");
}

TEST(FigureTextTest, OnlyWanYuanIsExchangedForYuan) {
  EXPECT_EQ(FormatUnit("万元", MoneyUnit::kWanYuan), "万元");
  EXPECT_EQ(FormatUnit("万元", MoneyUnit::kYuan), "元");
  EXPECT_EQ(FormatUnit("人", MoneyUnit::kYuan), "人");
  EXPECT_EQ(FormatUnit("", MoneyUnit::kYuan), "");
}

}  // namespace
}  // namespace daybook
