// ReadTable: rows, comments and line numbers.

#include "core/budget/table_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace daybook {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(TableTextTest, CellsStandBetweenCommasWithoutBlanks) {
  const auto rows = ReadTable("a, b ,c\n");
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_THAT(rows[0].cells, ElementsAre("a", "b", "c"));
}

TEST(TableTextTest, CommentsAndEmptyLinesAreSkippedButCounted) {
  const auto rows = ReadTable("# a comment, with a comma\n\n  \nx\n");
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].line, 4);
}

TEST(TableTextTest, AnEmptyCellStaysACell) {
  EXPECT_THAT(ReadTable("row,all.executed,label,")[0].cells,
              ElementsAre("row", "all.executed", "label", ""));
}

TEST(TableTextTest, NothingIsNoRows) { EXPECT_THAT(ReadTable(""), IsEmpty()); }

}  // namespace
}  // namespace daybook
