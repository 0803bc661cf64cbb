// Bucket: which events share one, and its key.

#include "core/report/bucket.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/core/report/story.h"

namespace daybook::testing {
namespace {

std::string KeyOf(const Fact& fact) {
  const auto money = MoneyFactOf(fact.event, fact.source);
  return money.has_value() ? BucketKey(money->bucket) : "no money";
}

TEST(BucketTest, EveryPartThatAFigureAsksForSetsABucketApart) {
  const std::vector<Fact> facts = {
      Spent("03-01", "general", 1),
      Spent("03-01", "government_fund", 1),
      Spent("03-01", "general.basic", 1),
      Spent("03-01", "general.project[road]", 1),
      Spent("03-01", "general.function[208]", 1),
      Spent("03-01", "general.econ[302]", 1),
      Spent("03-01", "general.source[current]", 1),
      Spent("03-01", "general.unit[A]", 1),
      Procured(Spent("03-01", "general", 1)),
      By("payments", Spent("03-01", "general", 1)),
      Approved("general", 1),
      OfWhich("general", 1),
      Procured(Approved("general", 1)),
      Adjusted("03-01", "general", 1),
      Recovered("03-01", "general", 1),
      CarriedOver("03-01", "general", 1),
      Income("03-01", "general", 1),
      OpeningCarryover("general", 1),
      ClosingCarryover("general", 1),
  };
  std::vector<std::string> keys;
  for (const Fact& fact : facts) keys.push_back(KeyOf(fact));
  for (const std::string& key : keys) {
    EXPECT_EQ(std::count(keys.begin(), keys.end(), key), 1) << key;
    const auto parsed = ParseBucketKey(key);
    ASSERT_TRUE(parsed.ok()) << parsed.status();
    EXPECT_EQ(BucketKey(*parsed), key);
  }
}

TEST(BucketTest, WhatNoFigureAsksForDoesNot) {
  Fact fact = Spent("03-01", "general", 1);
  v1::ExpenditureRecorded& spent = *fact.event.mutable_expenditure_recorded();
  const std::string key = KeyOf(fact);
  spent.mutable_line()->set_quota_id("q");
  spent.mutable_line()->set_government_economic_code("502");
  spent.set_amount_fen(2);
  spent.set_voucher_number("V-1");
  EXPECT_EQ(KeyOf(Dated("04-01", fact)), key);
  // Who states a budget does not matter either.
  EXPECT_EQ(KeyOf(By("bureau", Approved("general", 1))),
            KeyOf(Approved("general", 1)));
}

TEST(BucketTest, OtherEventsHaveNone) {
  EXPECT_EQ(KeyOf(Headcount("03-01", 1, 1)), "no money");
  EXPECT_EQ(KeyOf(Reversed("03-01", "x")), "no money");
}

TEST(BucketTest, BytesThatAreNoKeyAreDamage) {
  const std::string key = KeyOf(Spent("03-01", "general", 1));
  for (const std::string& bytes : {std::string(), key.substr(1), key + '\x1f',
                                   "0" + key.substr(1), "10" + key.substr(1)}) {
    EXPECT_TRUE(absl::IsDataLoss(ParseBucketKey(bytes).status())) << bytes;
  }
}

}  // namespace
}  // namespace daybook::testing
