// A report as a workbook: what is in it, read back as others' programs would,
// and what is refused because it may show something else than it holds.

#include "clients/cli/report_xlsx.h"

#include <xlsxwriter.h>

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "clients/cli/report_difference.h"
#include "clients/cli/report_evidence.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/clients/printed_log.h"
#include "tests/clients/printed_story.h"
#include "tests/support/temporary_directory.h"

namespace daybook::cli {
namespace {

using ::daybook::testing::PrintedLog;
using ::daybook::testing::PrintedStory;
using ::testing::HasSubstr;

class ReportXlsxTest : public ::testing::Test {
 protected:
  std::string Path(const char* name = "report.xlsx") const {
    return (folder_.path() / name).string();
  }

  absl::StatusOr<PrintedSheets> WrittenAndRead(const PrintedSheets& sheets) {
    const absl::Status written = WriteReportXlsx(sheets, Path());
    if (!written.ok()) return written;
    return ReadReportXlsx(Path());
  }

  // Of a workbook with one sheet that `fill` fills.
  template <typename Fill>
  absl::Status ReadOther(Fill fill) {
    lxw_workbook* const workbook = workbook_new(Path().c_str());
    lxw_worksheet* const sheet = workbook_add_worksheet(workbook, "a");
    worksheet_write_number(sheet, 0, 0, 1, nullptr);
    fill(workbook, sheet);
    EXPECT_EQ(workbook_close(workbook), LXW_NO_ERROR);
    return ReadReportXlsx(Path()).status();
  }

  testing::TemporaryDirectory folder_;
};

PrintedSheets Sheets() {
  return FileSheets(PrintedLog(PrintedStory()).Report(), MoneyUnit::kYuan);
}

std::string BytesOf(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST_F(ReportXlsxTest, WhatWasWrittenIsRead) {
  const PrintedSheets sheets = Sheets();
  const auto read = WrittenAndRead(sheets);
  ASSERT_TRUE(read.ok()) << read.status();
  const PrintedDifferences differences =
      CompareSheets(*read, sheets, CellsEqual::kByValue);
  EXPECT_EQ(differences.total, 0u)
      << differences.first[0].sheet << " " << differences.first[0].row << " "
      << differences.first[0].printed;
  EXPECT_TRUE(ReadEvidence(*read).ok());
}

TEST_F(ReportXlsxTest, ItHasASheetForEachPart) {
  const auto read = WrittenAndRead(Sheets());
  ASSERT_TRUE(read.ok());
  std::vector<std::string> names;
  for (const PrintedSheet& sheet : *read) names.push_back(sheet.name);
  EXPECT_THAT(names, ::testing::ElementsAre("基础数据", "绩效自评", "报告正文",
                                            "全部数据项", "校验"));
}

TEST_F(ReportXlsxTest, AmountsAreNumbersAndWordsAreNot) {
  PrintedSheets sheets = {{"a",
                           {{PrintedRow::Kind::kCells,
                             {{"1.50", "", true},
                              {"-0.01", "", true},
                              {"12", "", true},
                              {"341.5", "", true},
                              {"无", "", true},
                              {"1.50", "", false},
                              {"9999999999999999.99", "", true},
                              {"_x0041_ =1+1", "", false}}}}}};
  const auto read = WrittenAndRead(sheets);
  ASSERT_TRUE(read.ok()) << read.status();
  const std::vector<PrintedCell>& cells = (*read)[0].rows[0].cells;
  ASSERT_EQ(cells.size(), 8u);
  EXPECT_EQ(cells[0], (PrintedCell{"1.5", "", true}));
  EXPECT_EQ(cells[1], (PrintedCell{"-0.01", "", true}));
  EXPECT_EQ(cells[2], (PrintedCell{"12", "", true}));
  EXPECT_EQ(cells[3], (PrintedCell{"341.5", "", false}));
  EXPECT_EQ(cells[4], (PrintedCell{"无", "", false}));
  EXPECT_EQ(cells[5], (PrintedCell{"1.50", "", false}));
  EXPECT_EQ(cells[6], (PrintedCell{"9999999999999999.99", "", false}));
  EXPECT_EQ(cells[7], (PrintedCell{"_x0041_ =1+1", "", false}));
}

TEST_F(ReportXlsxTest, TheSameSheetsAreTheSameFile) {
  ASSERT_TRUE(WriteReportXlsx(Sheets(), Path("a.xlsx")).ok());
  ASSERT_TRUE(WriteReportXlsx(Sheets(), Path("b.xlsx")).ok());
  EXPECT_EQ(BytesOf(Path("a.xlsx")), BytesOf(Path("b.xlsx")));
}

TEST_F(ReportXlsxTest, ALongTextGoesOnInTheNextRow) {
  v1::Report report = PrintedLog(PrintedStory()).Report();
  std::string text(59'000, 'x');
  report.mutable_sections(0)->set_text(text);
  const PrintedSheets sheets = FileSheets(report, MoneyUnit::kYuan);
  const auto read = WrittenAndRead(sheets);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(CompareSheets(*read, sheets, CellsEqual::kByValue).total, 0u);
}

TEST_F(ReportXlsxTest, AFolderThatIsNotThereIsNamed) {
  EXPECT_TRUE(absl::IsFailedPrecondition(
      WriteReportXlsx(Sheets(), Path("none/report.xlsx"))));
}

TEST_F(ReportXlsxTest, WhatMayShowSomethingElseIsRefused) {
  const auto refused = [](const absl::Status& status, const char* why) {
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << why << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr(why));
  };
  EXPECT_TRUE(ReadOther([](lxw_workbook*, lxw_worksheet*) {}).ok());
  refused(ReadOther([](lxw_workbook*, lxw_worksheet* sheet) {
            worksheet_write_formula(sheet, 1, 0, "=A1+1", nullptr);
          }),
          "formula");
  refused(ReadOther([](lxw_workbook*, lxw_worksheet* sheet) {
            lxw_row_col_options options = {1, 0, 0};
            worksheet_set_row_opt(sheet, 0, 15, nullptr, &options);
          }),
          "hidden");
  refused(ReadOther([](lxw_workbook*, lxw_worksheet* sheet) {
            lxw_row_col_options options = {1, 0, 0};
            worksheet_set_column_opt(sheet, 0, 0, 15, nullptr, &options);
          }),
          "hidden");
  refused(ReadOther([](lxw_workbook* workbook, lxw_worksheet* sheet) {
            lxw_format* const format = workbook_add_format(workbook);
            format_set_num_format(format, "\"999.00\"");
            worksheet_write_number(sheet, 1, 0, 1, format);
          }),
          "number format");
  refused(ReadOther([](lxw_workbook*, lxw_worksheet* sheet) {
            worksheet_merge_range(sheet, 1, 0, 1, 3, "x", nullptr);
          }),
          "merged");
  refused(ReadOther([](lxw_workbook*, lxw_worksheet* sheet) {
            worksheet_set_header(sheet, "&C经审计");
          }),
          "header");
  refused(ReadOther([](lxw_workbook*, lxw_worksheet* sheet) {
            worksheet_write_comment(sheet, 0, 0, "999.00");
          }),
          "drawing");
  refused(ReadOther([](lxw_workbook* workbook, lxw_worksheet*) {
            worksheet_hide(workbook_add_worksheet(workbook, "b"));
          }),
          "is hidden");
}

TEST_F(ReportXlsxTest, ACutFileIsRefused) {
  ASSERT_TRUE(WriteReportXlsx(Sheets(), Path()).ok());
  const std::string bytes = BytesOf(Path());
  for (const size_t size : {size_t{0}, bytes.size() / 2, bytes.size() - 1}) {
    std::ofstream(Path("cut.xlsx"), std::ios::binary) << bytes.substr(0, size);
    EXPECT_FALSE(ReadReportXlsx(Path("cut.xlsx")).ok()) << size;
  }
}

}  // namespace
}  // namespace daybook::cli
