// A report laid out for readers: sheets of headings, tables and text, whose
// cells say which figure they show.
//
// Text, HTML and workbooks are all written from these sheets, and those of a
// printed file are read back into them; so a print is checked by laying the
// report out again and comparing cell with cell.
//
// Thread safety: value types and pure functions.

#ifndef DAYBOOK_CLIENTS_CLI_REPORT_SHEETS_H_
#define DAYBOOK_CLIENTS_CLI_REPORT_SHEETS_H_

#include <string>
#include <vector>

#include "core/report/figure_text.h"
#include "daybook/v1/report_service.pb.h"

namespace daybook::cli {

struct PrintedCell {
  // Control characters but line ends are shown as U+FFFD.
  std::string text;

  // Path of the figure that it shows, or `section[KEY]`,
  // `indicator[KEY].target` and the like; empty for headings and labels.
  std::string figure = "";

  // Whether it is a number, or the heading of numbers: they stand to the right.
  bool is_number = false;

  friend bool operator==(const PrintedCell&, const PrintedCell&) = default;
};

struct PrintedRow {
  enum class Kind {
    kTitle,
    kHeading,
    kSubheading,
    // Headings of a table; the rows behind it are of the same width.
    kHeader,
    kCells,
    // As kCells, below a line.
    kTotals,
    // A line by itself, and a paragraph of the text.
    kLine,
    kProse,
  };

  Kind kind = Kind::kLine;
  // At least one; exactly one but for tables.
  std::vector<PrintedCell> cells;

  friend bool operator==(const PrintedRow&, const PrintedRow&) = default;
};

struct PrintedSheet {
  std::string name;
  std::vector<PrintedRow> rows;

  friend bool operator==(const PrintedSheet&, const PrintedSheet&) = default;
};

using PrintedSheets = std::vector<PrintedSheet>;

// Where the figures stand by themselves: 基础数据, 绩效自评, 报告正文.
PrintedSheets ReportSheets(const v1::Report& report, MoneyUnit unit);

// 全部数据项: path, label, value and unit of every figure.
PrintedSheet FiguresSheet(const v1::Report& report, MoneyUnit unit);

// All of these and the evidence (report_evidence.h): what a file holds.
PrintedSheets FileSheets(const v1::Report& report, MoneyUnit unit);

}  // namespace daybook::cli

#endif  // DAYBOOK_CLIENTS_CLI_REPORT_SHEETS_H_
