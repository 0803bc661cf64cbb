// The flags of filters: amounts and times as people write them.

#include "clients/cli/filter_flags.h"

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace daybook::cli {
namespace {

using ::daybook::testing::IsOkAndHolds;
using ::daybook::testing::StatusIs;
using ::testing::HasSubstr;
constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

TEST(FilterFlagsTest, YuanAreReadExactly) {
  EXPECT_THAT(ParseYuan("12.34"), IsOkAndHolds(1'234));
  EXPECT_THAT(ParseYuan("12.3"), IsOkAndHolds(1'230));
  EXPECT_THAT(ParseYuan("0"), IsOkAndHolds(0));
  EXPECT_THAT(ParseYuan("1000000000000"), IsOkAndHolds(100'000'000'000'000));
  for (const char* text :
       {"", "-1", "12.345", "1e3", "1000000000000.01", "12,30", "x"}) {
    EXPECT_THAT(ParseYuan(text), StatusIs(kInvalid, HasSubstr("yuan"))) << text;
  }
}

TEST(FilterFlagsTest, DaysBeginAndEndInChina) {
  // 2024-01-01T00:00:00+08:00.
  constexpr int64_t begin = 1'704'038'400'000'000;
  constexpr int64_t day = 86'400'000'000;
  EXPECT_THAT(ParseMoment("2024-01-01", false), IsOkAndHolds(begin));
  EXPECT_THAT(ParseMoment("2024-01-01", true), IsOkAndHolds(begin + day));
  EXPECT_THAT(ParseMoment("2024-01-01T08:00:00+08:00", true),
              IsOkAndHolds(begin + day / 3));
  for (const char* text : {"", "2024-13-01", "yesterday", "560"}) {
    EXPECT_THAT(ParseMoment(text, false), StatusIs(kInvalid, HasSubstr("day")))
        << text;
  }
}

TEST(FilterFlagsTest, WhatIsNotGivenStaysAway) {
  Command command;
  command.name = "audit find";
  for (const Flag& flag : WhoseFlags()) command.flags.push_back(flag);
  for (const Flag& flag : ContentFlags()) command.flags.push_back(flag);
  const auto parse = [&](const std::vector<std::string>& words) {
    const auto line = CommandLine::Parse(command, words, "x:1");
    EXPECT_TRUE(line.ok()) << line.status();
    return FilterOf(*line);
  };
  EXPECT_EQ(parse({})->ByteSizeLong(), 0u);
  const auto filter = parse({"--number=12", "--min-amount=1", "--kind=reversal",
                             "--kind=advance_paid", "--source=a"});
  ASSERT_TRUE(filter.ok());
  EXPECT_EQ(filter->number(), "12");
  EXPECT_EQ(filter->amount_from_fen(), 100);
  EXPECT_FALSE(filter->has_amount_through_fen());
  EXPECT_EQ(filter->kinds_size(), 2);
  EXPECT_EQ(filter->source(), "a");
  EXPECT_THAT(parse({"--max-amount=much"}),
              StatusIs(kInvalid, HasSubstr("--max-amount")));
}

}  // namespace
}  // namespace daybook::cli
