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
  const auto money = MoneyFactsOf(fact.event, fact.source);
  return money.empty() ? "no money" : money[0].bucket_key;
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

TEST(BucketTest, AnAdvanceStandsWithoutCodesUntilItIsCleared) {
  const auto paid =
      MoneyFactsOf(AdvancePaid("03-01", "general.econ[302]", 9).event, "book");
  ASSERT_EQ(paid.size(), 1);
  EXPECT_EQ(paid[0].fen, 9);
  const auto cleared = MoneyFactsOf(
      Cleared("03-02", "general.econ[30211]", 4, "a").event, "book");
  ASSERT_EQ(cleared.size(), 2);
  const auto executed = ParseBucketKey(cleared[0].bucket_key);
  ASSERT_TRUE(executed.ok());
  EXPECT_EQ(executed->kind, MoneyKind::kExecuted);
  EXPECT_EQ(executed->line.economic_code(), "30211");
  EXPECT_EQ(cleared[0].fen, 4);
  EXPECT_EQ(cleared[1].bucket_key, paid[0].bucket_key);
  EXPECT_EQ(cleared[1].fen, -4);
}

TEST(BucketTest, ARefundTakesFromWhatItsKindSays) {
  using Refund = v1::RefundReceived;
  const auto money = [](Refund::Kind kind) {
    return MoneyFactsOf(
        Refunded("03-01", "general.econ[302]", 5, "a", kind).event, "book")[0];
  };
  EXPECT_EQ(money(Refund::KIND_CURRENT_YEAR).bucket_key,
            KeyOf(Spent("03-01", "general.econ[302]", 5)));
  EXPECT_EQ(money(Refund::KIND_CURRENT_YEAR).fen, -5);
  EXPECT_EQ(money(Refund::KIND_ADVANCE).bucket_key,
            KeyOf(AdvancePaid("03-01", "general", 5)));
  EXPECT_EQ(money(Refund::KIND_ADVANCE).fen, -5);
  EXPECT_EQ(ParseBucketKey(money(Refund::KIND_PRIOR_YEAR).bucket_key)->kind,
            MoneyKind::kPriorRefund);
  EXPECT_EQ(money(Refund::KIND_PRIOR_YEAR).fen, 5);
}

TEST(BucketTest, OtherEventsHaveNone) {
  EXPECT_EQ(KeyOf(Headcount("03-01", 1, 1)), "no money");
  EXPECT_EQ(KeyOf(Reversed("03-01", "x")), "no money");
}

TEST(BucketTest, BytesThatAreNoKeyAreDamage) {
  const std::string key = KeyOf(Spent("03-01", "general", 1));
  for (const std::string& bytes : {std::string(), key.substr(1), key + '\x1f',
                                   "0" + key.substr(1), "13" + key.substr(1)}) {
    EXPECT_TRUE(absl::IsDataLoss(ParseBucketKey(bytes).status())) << bytes;
  }
}

}  // namespace
}  // namespace daybook::testing
