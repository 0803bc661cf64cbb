// FactTable: what a group and a batch changed, and that a batch can be undone.

#include "services/engine/fact_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"

namespace daybook::services {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

Fact Numbered(uint32_t number) {
  internal::BucketFact fact;
  fact.set_number(number);
  return fact;
}

uint32_t NumberOf(const Fact* fact) {
  return std::get<internal::BucketFact>(*fact).number();
}

class FactTableTest : public ::testing::Test {
 protected:
  FactTableTest() {
    table_.BeginGroup();
    table_.BeginBatch();
  }

  FactTable table_;
};

TEST_F(FactTableTest, AFactIsUnknownUntilItIsLearnt) {
  FactTable::Slot& slot = table_.At("a");
  EXPECT_FALSE(slot.is_known());
  EXPECT_DEATH(slot.fact(), "broken invariant");
  table_.Learn(slot, std::nullopt);
  EXPECT_TRUE(slot.is_known());
  EXPECT_EQ(slot.fact(), nullptr);
  table_.Learn(table_.At("b"), Numbered(1));
  EXPECT_EQ(NumberOf(table_.At("b").fact()), 1u);
  EXPECT_EQ(&table_.At("a"), &slot);
}

TEST_F(FactTableTest, WhatAGroupChangedIsListedOnceInOrder) {
  table_.Learn(table_.At("read"), Numbered(1));
  table_.Change(table_.At("b"), Numbered(2));
  table_.Change(table_.At("a"), Numbered(3));
  table_.BeginBatch();
  table_.Change(table_.At("b"), Numbered(4));
  EXPECT_THAT(table_.Changed(), ElementsAre(Pair("a", FactBytes(Numbered(3))),
                                            Pair("b", FactBytes(Numbered(4)))));
  table_.BeginGroup();
  EXPECT_THAT(table_.Changed(), IsEmpty());
  EXPECT_EQ(NumberOf(table_.At("b").fact()), 4u);
}

TEST_F(FactTableTest, AnUndoneBatchLeavesWhatWasBefore) {
  table_.Learn(table_.At("known"), Numbered(1));
  table_.Learn(table_.At("absent"), std::nullopt);
  table_.Change(table_.At("group's"), Numbered(2));
  table_.BeginBatch();
  for (const char* key : {"known", "absent", "group's", "unknown", "known"}) {
    table_.Change(table_.At(key), Numbered(9));
  }
  EXPECT_EQ(NumberOf(table_.BeforeBatch(table_.At("known"))), 1u);
  EXPECT_EQ(table_.BeforeBatch(table_.At("absent")), nullptr);
  table_.UndoBatch();
  EXPECT_EQ(NumberOf(table_.At("known").fact()), 1u);
  EXPECT_EQ(table_.At("absent").fact(), nullptr);
  EXPECT_TRUE(table_.At("absent").is_known());
  EXPECT_EQ(NumberOf(table_.At("group's").fact()), 2u);
  EXPECT_FALSE(table_.At("unknown").is_known());
  // A fact that stands as it did may be listed, and one that does not, not.
  EXPECT_THAT(table_.Changed(),
              ElementsAre(Pair("group's", FactBytes(Numbered(2))),
                          Pair("known", FactBytes(Numbered(1)))));
}

TEST_F(FactTableTest, AnUndoneFactCanChangeAgain) {
  table_.Change(table_.At("a"), Numbered(1));
  table_.UndoBatch();
  table_.BeginBatch();
  table_.Change(table_.At("a"), Numbered(2));
  EXPECT_THAT(table_.Changed(), ElementsAre(Pair("a", FactBytes(Numbered(2)))));
}

TEST_F(FactTableTest, TooManyAreLetGoOfBetweenGroups) {
  for (size_t i = 0; i <= FactTable::facts_max; ++i) {
    table_.Learn(table_.At(absl::StrCat(i)), std::nullopt);
  }
  EXPECT_TRUE(table_.At("0").is_known());
  table_.BeginGroup();
  EXPECT_FALSE(table_.At("0").is_known());
}

}  // namespace
}  // namespace daybook::services
