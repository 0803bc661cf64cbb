// What --known-at may say.

#include "clients/cli/known_at.h"

#include "gtest/gtest.h"

namespace daybook::cli {
namespace {

int64_t SecondsOf(const char* text) {
  const auto known_at = ParseKnownAt(text);
  EXPECT_TRUE(known_at.ok()) << known_at.status();
  return known_at.ok() ? known_at->time().seconds() : 0;
}

TEST(KnownAtTest, ASizeIsAWholeNumber) {
  EXPECT_EQ(ParseKnownAt("559")->size(), 559u);
  EXPECT_EQ(ParseKnownAt("1")->size(), 1u);
}

TEST(KnownAtTest, ADayMeansItsEnd) {
  const auto known_at = ParseKnownAt("2024-10-15");
  // 2024-10-15T15:59:59.999999Z
  EXPECT_EQ(known_at->time().seconds(), 1'729'007'999);
  EXPECT_EQ(known_at->time().nanos(), 999'999'000);
}

TEST(KnownAtTest, ATimeHasAZone) {
  EXPECT_EQ(SecondsOf("2024-10-15T12:00:00+08:00"), 1'728'964'800);
  EXPECT_EQ(SecondsOf("2024-10-15T04:00:00Z"), 1'728'964'800);
}

TEST(KnownAtTest, AnythingElseIsRefused) {
  for (const char* text :
       {"", "0", "-1", "1.5", "2024-13-01", "2024-10-15T12:00:00", "yesterday",
        "1969-12-31T00:00:00Z", "18446744073709551616"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(ParseKnownAt(text).status())) << text;
  }
}

}  // namespace
}  // namespace daybook::cli
