// Table: columns line up whatever the script.

#include "clients/cli/table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace daybook::cli {
namespace {

TEST(TableTest, CellsAlignByDisplayWidth) {
  Table table({{"项目"}, {"数值", Table::Align::kRight}, {"单位"}});
  table.AddRow({"a", "1.00", "万元"});
  table.AddRow({"人员经费", "-10.00", ""});
  EXPECT_EQ(table.ToString(),
            "项目        数值  单位\n"
            "--------  ------  ----\n"
            "a           1.00  万元\n"
            "人员经费  -10.00\n");
}

TEST(TableTest, ARuleStandsBetweenRows) {
  Table table({{"a"}});
  table.AddRow({"1"});
  table.AddRule();
  table.AddRow({"2"});
  EXPECT_EQ(table.ToString(), "a\n-\n1\n-\n2\n");
}

TEST(TableTest, WithoutRowsThereAreTitles) {
  EXPECT_EQ(Table({{"a"}, {"b"}}).ToString(), "a  b\n-  -\n");
}

TEST(TableTest, RowsAreTakenOnceAndLineUpWithThoseBefore) {
  Table table({{"a"}, {"b"}});
  table.AddRow({"long", "1"});
  EXPECT_EQ(table.TakeRows(), "a     b\n----  -\nlong  1\n");
  table.AddRow({"x", "2"});
  EXPECT_EQ(table.TakeRows(), "x     2\n");
  table.AddRow({"longer", "3"});
  EXPECT_EQ(table.TakeRows(), "longer  3\n");
  EXPECT_EQ(table.TakeRows(), "");
}

}  // namespace
}  // namespace daybook::cli
