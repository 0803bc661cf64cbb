// DifferencesOf: what differs, in which order, and what is the same.

#include "core/report/figure_difference.h"

#include <string>
#include <vector>

#include "core/base/decimal.h"
#include "core/scoring/score_sheet.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace daybook {
namespace {

using ::testing::ElementsAre;

v1::Figure Amount(const std::string& path, int64_t fen) {
  v1::Figure figure;
  figure.set_path(path);
  figure.set_label("label of " + path);
  figure.mutable_value()->set_amount_fen(fen);
  return figure;
}

TEST(FigureDifferenceTest, ValuesAreComparedAndNotTheirSpelling) {
  EXPECT_TRUE(
      SameValue(NumberValue(Decimal(10, 1)), NumberValue(Decimal(1, 0))));
  EXPECT_FALSE(
      SameValue(NumberValue(Decimal(10, 1)), NumberValue(Decimal(2, 0))));
  EXPECT_FALSE(
      SameValue(Amount("a", 0).value(), EmptyValue(v1::EMPTINESS_BLANK)));
  EXPECT_FALSE(SameValue(EmptyValue(v1::EMPTINESS_NONE),
                         EmptyValue(v1::EMPTINESS_BLANK)));
}

TEST(FigureDifferenceTest, InTheOrderOfTheSecondThenWhatOnlyTheFirstHas) {
  std::vector<std::string> found;
  for (const v1::FigureDifference& difference :
       DifferencesOf({Amount("gone", 1), Amount("same", 2), Amount("b", 3)},
                     {Amount("b", 4), Amount("same", 2), Amount("new", 0)})) {
    found.push_back(difference.path());
    EXPECT_EQ(difference.label(), "label of " + difference.path());
  }
  EXPECT_THAT(found, ElementsAre("b", "new", "gone"));
}

TEST(FigureDifferenceTest, WhatASideDoesNotListIsBlankThere) {
  const auto differences = DifferencesOf({}, {Amount("new", 0)});
  ASSERT_EQ(differences.size(), 1u);
  EXPECT_EQ(differences[0].before().empty(), v1::EMPTINESS_BLANK);
  EXPECT_EQ(differences[0].after().amount_fen(), 0);
  v1::Figure blank = Amount("x", 0);
  *blank.mutable_value() = EmptyValue(v1::EMPTINESS_BLANK);
  EXPECT_TRUE(DifferencesOf({}, {blank}).empty());
}

}  // namespace
}  // namespace daybook
