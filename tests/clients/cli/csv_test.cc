// CsvRow: quoting where it must be, and nowhere else.

#include "clients/cli/csv.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace daybook::cli {
namespace {

TEST(CsvTest, PlainCellsStayPlain) {
  EXPECT_EQ(CsvRow({"all.executed", "执行 数", "", "万元"}),
            "all.executed,执行 数,,万元\n");
}

TEST(CsvTest, CommasQuotesAndLineEndsAreQuoted) {
  EXPECT_EQ(CsvRow({"a,b", "c\"d", "e\nf"}), "\"a,b\",\"c\"\"d\",\"e\nf\"\n");
}

}  // namespace
}  // namespace daybook::cli
