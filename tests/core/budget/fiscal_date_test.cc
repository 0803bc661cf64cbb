// Dates: which exist, how they are written, and what a report is as of.

#include "core/budget/fiscal_date.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/status_matchers.h"

namespace daybook {
namespace {

using ::testing::HasSubstr;
using testing::StatusIs;

v1::Date DateOf(int year, int month, int day) {
  v1::Date date;
  date.set_year(year);
  date.set_month(month);
  date.set_day(day);
  return date;
}

TEST(FiscalDateTest, ALeapDayExistsInLeapYearsAlone) {
  EXPECT_EQ(*ToCivilDay(DateOf(2024, 2, 29)), absl::CivilDay(2024, 2, 29));
  EXPECT_FALSE(ToCivilDay(DateOf(2023, 2, 29)).ok());
}

TEST(FiscalDateTest, DaysThatDoNotExistAreRefused) {
  for (const v1::Date& date :
       {DateOf(0, 1, 1), DateOf(10'000, 1, 1), DateOf(2024, 0, 1),
        DateOf(2024, 13, 1), DateOf(2024, 4, 31), DateOf(2024, 1, 0),
        DateOf(-2024, 1, 1), v1::Date()}) {
    EXPECT_THAT(ToCivilDay(date).status(),
                StatusIs(absl::StatusCode::kInvalidArgument))
        << date.ShortDebugString();
  }
  EXPECT_TRUE(ToCivilDay(DateOf(9999, 12, 31)).ok());
}

TEST(FiscalDateTest, TextIsReadInOneSpelling) {
  EXPECT_EQ(*ParseDay("2024-06-30"), absl::CivilDay(2024, 6, 30));
  for (const char* text : {"2024-6-30", "2024/06/30", "20240630", "",
                           "2024-06-31", "2024-06-3x", " 2024-06-30"}) {
    EXPECT_FALSE(ParseDay(text).ok()) << text;
  }
}

TEST(FiscalDateTest, WhatIsFormattedReadsBack) {
  const absl::CivilDay day(2024, 1, 5);
  EXPECT_EQ(FormatDay(day), "2024-01-05");
  EXPECT_EQ(*ParseDay(FormatDay(day)), day);
  EXPECT_EQ(*ToCivilDay(ToDate(day)), day);
}

absl::Time Utc(const char* text) {
  absl::Time time;
  EXPECT_TRUE(absl::ParseTime(absl::RFC3339_full, text, &time, nullptr));
  return time;
}

TEST(FiscalDateTest, TheDefaultIsTodayInUtcPlus8WithinTheYear) {
  // 16:00 UTC is midnight in UTC+8.
  EXPECT_EQ(DefaultAsOf(2024, Utc("2024-06-30T15:59:59Z")),
            absl::CivilDay(2024, 6, 30));
  EXPECT_EQ(DefaultAsOf(2024, Utc("2024-06-30T16:00:00Z")),
            absl::CivilDay(2024, 7, 1));
  EXPECT_EQ(DefaultAsOf(2024, Utc("2026-01-01T00:00:00Z")),
            absl::CivilDay(2024, 12, 31));
  EXPECT_EQ(DefaultAsOf(2024, Utc("2023-01-01T00:00:00Z")),
            absl::CivilDay(2024, 1, 1));
}

TEST(FiscalDateTest, ADayOutsideTheYearIsRefusedAndItsEndsAreNot) {
  const absl::Time now = Utc("2024-06-30T00:00:00Z");
  for (const v1::Date& date : {DateOf(2024, 1, 1), DateOf(2024, 12, 31)}) {
    EXPECT_TRUE(ResolveAsOf(2024, &date, now).ok());
  }
  for (const v1::Date& date : {DateOf(2023, 12, 31), DateOf(2025, 1, 1)}) {
    EXPECT_THAT(ResolveAsOf(2024, &date, now).status(),
                StatusIs(absl::StatusCode::kInvalidArgument,
                         HasSubstr("outside fiscal year 2024")));
  }
  EXPECT_EQ(*ResolveAsOf(2024, nullptr, now), absl::CivilDay(2024, 6, 30));
}

}  // namespace
}  // namespace daybook
