// Columns of a terminal, and lines that fit them.

#include "clients/cli/display_width.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace daybook::cli {
namespace {

using ::testing::ElementsAre;

TEST(DisplayWidthTest, ChineseTakesTwoColumnsAndLatinOne) {
  EXPECT_EQ(DisplayWidth(""), 0u);
  EXPECT_EQ(DisplayWidth("abc 1.5"), 7u);
  EXPECT_EQ(DisplayWidth("执行数"), 6u);
  EXPECT_EQ(DisplayWidth("（元）"), 6u);
  EXPECT_EQ(DisplayWidth("≥200—"), 5u);
}

TEST(DisplayWidthTest, BytesThatAreNoUtf8CountOneEach) {
  EXPECT_EQ(DisplayWidth("\xFF\xFE"), 2u);
  EXPECT_EQ(DisplayWidth("\xE6\x89"), 2u);
}

TEST(DisplayWidthTest, LinesBreakBetweenCharacters) {
  EXPECT_THAT(Wrap("一二三四五", 6), ElementsAre("一二三", "四五"));
  EXPECT_THAT(Wrap("一二三", 6), ElementsAre("一二三"));
}

TEST(DisplayWidthTest, ClosingMarksStayWithWhatTheyClose) {
  EXPECT_THAT(Wrap("一二三，四", 6), ElementsAre("一二", "三，四"));
}

TEST(DisplayWidthTest, NumbersStayWhole) {
  EXPECT_THAT(Wrap("一二492.91万", 8), ElementsAre("一二", "492.91万"));
}

TEST(DisplayWidthTest, CombiningMarksTakeNoColumn) {
  EXPECT_EQ(DisplayWidth("e\u0301"), 1u);
  EXPECT_EQ(DisplayWidth("字\uFE00"), 2u);
}

TEST(DisplayWidthTest, AWordLongerThanALineIsBroken) {
  EXPECT_THAT(Wrap("abcdefgh一", 3), ElementsAre("abc", "def", "gh", "一"));
  EXPECT_THAT(Wrap("。。。", 4), ElementsAre("。。", "。"));
}

TEST(DisplayWidthTest, ABreakTakesTheBlankItFallsOn) {
  EXPECT_THAT(Wrap("一二 三 四", 4), ElementsAre("一二", "三", "四"));
  EXPECT_THAT(Wrap(" 一二", 6), ElementsAre(" 一二"));
}

TEST(DisplayWidthTest, ATerminalIsGivenNothingToObey) {
  EXPECT_EQ(Printable("一\x1B[2J\r\n\x7F\u009B"),
            "一\uFFFD[2J\uFFFD\uFFFD\uFFFD\uFFFD");
  EXPECT_EQ(Printable("元 12.50\u00A0"), "元 12.50\u00A0");
  EXPECT_THAT(Wrap("一\a\n二", 8), ElementsAre("一\uFFFD", "二"));
}

TEST(DisplayWidthTest, LineEndsOfTheTextAreKept) {
  EXPECT_THAT(Wrap("一\n\n二", 8), ElementsAre("一", "", "二"));
}

TEST(DisplayWidthTest, ALineHoldsAtLeastOneCharacter) {
  EXPECT_THAT(Wrap("一二", 1), ElementsAre("一", "二"));
}

}  // namespace
}  // namespace daybook::cli
