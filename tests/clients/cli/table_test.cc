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

}  // namespace
}  // namespace daybook::cli
