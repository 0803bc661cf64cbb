#include <string>
#include <utility>

#include "clients/import/spreadsheet_values.h"
#include "clients/import/table_reader.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/clients/import/table_file.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temporary_directory.h"

namespace daybook::importer {
namespace {

using ::daybook::testing::IsOkAndHolds;
using ::daybook::testing::ReadLines;
using ::daybook::testing::StatusIs;
using ::daybook::testing::WorkbookParts;
using ::daybook::testing::WriteZip;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Optional;
using Parts = std::map<std::string, std::string>;

class XlsxTableTest : public ::testing::Test {
 protected:
  std::string Write(const Parts& parts) {
    std::string path = (directory_.path() / "table.xlsx").string();
    WriteZip(path, parts);
    return path;
  }
  std::string Sheet(const std::string& rows) {
    return Write(WorkbookParts({"<sheetData>" + rows + "</sheetData>"}));
  }

  testing::TemporaryDirectory directory_;
};

TEST_F(XlsxTableTest, EveryKindOfCellIsRead) {
  const std::string path = Write(
      WorkbookParts({"<sheetData><row r=\"2\"><c r=\"A2\" t=\"s\"><v>1</v></c>"
                     "<c r=\"C2\"><v>0.30000000000000004</v></c>"
                     "<c r=\"D2\" s=\"1\"><v>45356</v></c>"
                     "<c r=\"E2\" t=\"inlineStr\"><is><t>行内</t></is></c>"
                     "<c r=\"F2\" t=\"str\"><f>A1</f><v>公式</v></c>"
                     "<c r=\"G2\" t=\"e\"><v>#REF!</v></c>"
                     "<c r=\"H2\" s=\"1\"/></row></sheetData>"},
                    "<si><t>不用</t></si><si><r><t>凭</t></r><r><t>证</t></r>"
                    "<rPh><t>ping</t></rPh></si>",
                    "<xf numFmtId=\"0\"/><xf numFmtId=\"170\"/>"));
  EXPECT_THAT(
      ReadLines(path),
      IsOkAndHolds(ElementsAre("表1:2:凭证||0.3|2024-03-05|行内|公式|#REF!")));
  const auto table = TableReader::Open(path);
  ASSERT_TRUE(table.ok());
  EXPECT_EQ((*table)->format(), TableReader::Format::kXlsx);
  EXPECT_TRUE((*table)
                  ->ForEachRow([](const Row& row) {
                    EXPECT_EQ(row.cells[2].kind, Cell::Kind::kNumber);
                    EXPECT_EQ(row.cells[3].kind, Cell::Kind::kDate);
                    EXPECT_EQ(row.cells[6].kind, Cell::Kind::kError);
                    return absl::OkStatus();
                  })
                  .ok());
}

TEST_F(XlsxTableTest, DatesCountFrom1904WhereTheWorkbookSaysSo) {
  EXPECT_THAT(
      ReadLines(Write(WorkbookParts(
          {"<sheetData><row><c s=\"0\"><v>43894</v></c></row></sheetData>"}, "",
          "<xf numFmtId=\"14\"/>", "<workbookPr date1904=\"1\"/>"))),
      IsOkAndHolds(ElementsAre("表1:1:2024-03-05")));
}

TEST_F(XlsxTableTest, ReferencesMayBeLeftOut) {
  EXPECT_THAT(ReadLines(Sheet("<row><c><v>1</v></c><c><v>2</v></c></row>"
                              "<row><c r=\"B2\"><v>3</v></c><c><v>4</v></c>"
                              "</row>")),
              IsOkAndHolds(ElementsAre("表1:1:1|2", "表1:2:|3|4")));
}

TEST_F(XlsxTableTest, SheetsFollowOneAnotherAndHiddenOnesAreLeftOut) {
  Parts parts =
      WorkbookParts({"<sheetData><row><c><v>1</v></c></row></sheetData>",
                     "<sheetData><row><c><v>2</v></c></row></sheetData>",
                     "<sheetData><row><c><v>3</v></c></row></sheetData>"});
  std::string& workbook = parts["xl/workbook.xml"];
  workbook.replace(workbook.find("name=\"表2\""), 0, "state=\"hidden\" ");
  EXPECT_THAT(ReadLines(Write(parts)),
              IsOkAndHolds(ElementsAre("表1:1:1", "表3:1:3")));
}

TEST_F(XlsxTableTest, AMergedValueStandsInEachOfItsRows) {
  const std::string path = Write(WorkbookParts(
      {"<sheetData><row r=\"1\"><c r=\"A1\"><v>7</v></c><c r=\"B1\"><v>1</v>"
       "</c></row><row r=\"2\"><c r=\"B2\"><v>2</v></c></row>"
       "<row r=\"3\"><c r=\"B3\"><v>3</v></c></row></sheetData>"
       "<mergeCells><mergeCell ref=\"A1:A2\"/></mergeCells>"}));
  EXPECT_THAT(ReadLines(path),
              IsOkAndHolds(ElementsAre("表1:1:7|1", "表1:2:7|2", "表1:3:|3")));
  const auto table = TableReader::Open(path);
  ASSERT_TRUE(table.ok());
  EXPECT_TRUE((*table)
                  ->ForEachRow([](const Row& row) {
                    EXPECT_EQ(row.cells[0].merged, row.number == 2);
                    return absl::OkStatus();
                  })
                  .ok());
}

TEST_F(XlsxTableTest, WhatIsHostileIsRefused) {
  EXPECT_THAT(ReadLines(Sheet("<row><c t=\"s\"><v>0</v></c></row>")),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("row 1")));
  EXPECT_THAT(ReadLines(Sheet("<row r=\"2\"/><row r=\"1\"/>")),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(
      ReadLines(Sheet("<row>")),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("damaged")));
  std::string deep;
  for (int i = 0; i < 100; ++i) deep += "<a>";
  EXPECT_THAT(ReadLines(Sheet(deep)), StatusIs(absl::StatusCode::kOutOfRange));
  Parts parts = WorkbookParts({"<sheetData/>"});
  parts["xl/worksheets/0.xml"] =
      "<!DOCTYPE w [<!ENTITY a \"aa\">]><worksheet>&a;</worksheet>";
  EXPECT_THAT(
      ReadLines(Write(parts)),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("document type")));
  parts.erase("xl/workbook.xml");
  EXPECT_THAT(ReadLines(Write(parts)),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(XlsxTableTest, WhatIsPackedToHarmIsRefused) {
  EXPECT_THAT(ReadLines(Sheet(std::string(32 << 20, ' '))),
              StatusIs(absl::StatusCode::kOutOfRange, HasSubstr("times")));
}

TEST_F(XlsxTableTest, LimitsHoldOnceUnpacked) {
  TableOptions options;
  options.limits.unpacked_bytes_max = 1 << 20;
  // A megabyte of blanks packs into a few kilobytes.
  EXPECT_THAT(ReadLines(Sheet(std::string(2 << 20, ' ')), options),
              StatusIs(absl::StatusCode::kOutOfRange));
  options.limits.columns_max = 2;
  EXPECT_THAT(ReadLines(Sheet("<row><c r=\"C1\"><v>1</v></c></row>"), options),
              StatusIs(absl::StatusCode::kOutOfRange, HasSubstr("columns")));
  options.limits.rows_max = 1;
  EXPECT_THAT(ReadLines(Sheet("<row/><row/>"), options),
              StatusIs(absl::StatusCode::kOutOfRange, HasSubstr("rows")));
  options.limits.sheets_max = 1;
  EXPECT_THAT(ReadLines(Write(WorkbookParts({"", ""})), options),
              StatusIs(absl::StatusCode::kOutOfRange, HasSubstr("sheets")));
}

TEST(SpreadsheetValues, NumbersLoseTheTraceOfBinaryArithmetic) {
  for (const auto& [stored, plain] :
       std::initializer_list<std::pair<const char*, const char*>>{
           {"0", "0"},
           {"-0", "0"},
           {"1234.5", "1234.5"},
           {"1234.50", "1234.5"},
           {"0.30000000000000004", "0.3"},
           {"1.1000000000000001E-2", "0.011"},
           {"1.5E7", "15000000"},
           {"-2.5E-3", "-0.0025"},
           {"9.9999999999999999", "10"},
           {"999999999999.99", "999999999999.99"},
           {"1000000000000.01", "1000000000000.01"},
           {"1234567890123456", "1234567890123460"}}) {
    EXPECT_THAT(PlainNumber(stored), Optional(std::string(plain))) << stored;
  }
  for (const char* const wrong : {"", "x", "1.2.3", "1E99", "--1", "."}) {
    EXPECT_EQ(PlainNumber(wrong), std::nullopt) << wrong;
  }
}

TEST(SpreadsheetValues, SerialNumbersAreDays) {
  EXPECT_THAT(DayOfSerial("1", false), Optional(std::string("1900-01-01")));
  EXPECT_THAT(DayOfSerial("59", false), Optional(std::string("1900-02-28")));
  EXPECT_EQ(DayOfSerial("60", false), std::nullopt);
  EXPECT_THAT(DayOfSerial("61", false), Optional(std::string("1900-03-01")));
  EXPECT_THAT(DayOfSerial("45356", false), Optional(std::string("2024-03-05")));
  EXPECT_THAT(DayOfSerial("45356.5", false),
              Optional(std::string("2024-03-05 12:00:00")));
  EXPECT_THAT(DayOfSerial("45356.999999", false),
              Optional(std::string("2024-03-06")));
  EXPECT_THAT(DayOfSerial("2958465", false),
              Optional(std::string("9999-12-31")));
  EXPECT_EQ(DayOfSerial("2958466", false), std::nullopt);
  EXPECT_EQ(DayOfSerial("0", false), std::nullopt);
  EXPECT_EQ(DayOfSerial("-1", false), std::nullopt);
}

TEST(SpreadsheetValues, DateFormatsAreToldFromNumberFormats) {
  for (const char* const date :
       {"yyyy-mm-dd", "m/d/yy h:mm", "[$-804]yyyy\"年\"m\"月\"", "d-mmm"}) {
    EXPECT_TRUE(IsDateFormat(date)) << date;
  }
  for (const char* const number :
       {"General", "0.00", "#,##0.00;[Red]-#,##0.00", "0.00E+00", "\"day\"0",
        "\\d0", "[Red]0", "@", "0_d"}) {
    EXPECT_FALSE(IsDateFormat(number)) << number;
  }
}

}  // namespace
}  // namespace daybook::importer
