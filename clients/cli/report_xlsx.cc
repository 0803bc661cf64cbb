#include "clients/cli/report_xlsx.h"

#include <xlsxwriter.h>

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "clients/cli/display_width.h"
#include "clients/cli/report_html.h"
#include "clients/import/table_reader.h"
#include "clients/import/xlsx_container.h"
#include "clients/import/xlsx_table.h"
#include "clients/import/xlsx_workbook.h"
#include "core/base/decimal.h"
#include "core/base/status_macros.h"

namespace daybook::cli {
namespace {

// A workbook writes characters that XML does not have as "_xHHHH_". Where a
// text has such letters of its own, its underscore is written so.
std::string Unambiguous(const std::string& text) {
  return absl::StrReplaceAll(text, {{"_x", "_x005F_x"}});
}

using Kind = PrintedRow::Kind;

// Number formats that every spreadsheet has: 0 and 0.00.
constexpr uint8_t whole_format = 1;
constexpr uint8_t cents_format = 2;
// And those that show a text or number as it is.
const std::set<int> plain_formats = {0, whole_format, cents_format, 49};

// Digits that a spreadsheet keeps of a number.
constexpr size_t digits_max = 15;

constexpr double width_min = 8;
constexpr double width_max = 60;
constexpr double prose_width = 90;
constexpr uint8_t paper_a4 = 9;
// The same for every file, so that equal sheets are equal files: 2024-01-01.
constexpr time_t created = 1'704'067'200;

// The format that shows all decimals of a number; 0: none does.
uint8_t NumberFormatOf(const PrintedCell& cell) {
  if (!cell.is_number) return 0;
  const absl::StatusOr<Decimal> number = Decimal::Parse(cell.text);
  if (!number.ok() || cell.text.size() > digits_max) return 0;
  if (number->scale() == 0) return whole_format;
  return number->scale() == 2 ? cents_format : 0;
}

class WorkbookWriter {
 public:
  explicit WorkbookWriter(lxw_workbook* workbook) : workbook_(workbook) {}

  // Errors: those of libxlsxwriter.
  lxw_error Write(const PrintedSheets& sheets) {
    lxw_doc_properties properties = {};
    properties.created = created;
    workbook_set_properties(workbook_, &properties);
    for (const PrintedSheet& sheet : sheets) WriteSheet(sheet);
    return error_;
  }

 private:
  void Note(lxw_error error) {
    if (error_ == LXW_NO_ERROR) error_ = error;
  }

  lxw_format* FormatOf(Kind kind, uint8_t number) {
    lxw_format*& format = formats_[{kind, number}];
    if (format != nullptr) return format;
    format = workbook_add_format(workbook_);
    format_set_font_name(format, "宋体");
    format_set_font_size(format, kind == Kind::kTitle     ? 16
                                 : kind == Kind::kHeading ? 13
                                                          : 11);
    format_set_align(format, LXW_ALIGN_VERTICAL_CENTER);
    if (kind != Kind::kCells && kind != Kind::kLine && kind != Kind::kProse) {
      format_set_bold(format);
    }
    if (kind == Kind::kProse) format_set_text_wrap(format);
    if (kind == Kind::kHeader || kind == Kind::kCells ||
        kind == Kind::kTotals) {
      format_set_border(format, LXW_BORDER_THIN);
      format_set_text_wrap(format);
    }
    if (kind == Kind::kHeader) format_set_bg_color(format, 0xEEEEEE);
    if (number != 0) format_set_num_format_index(format, number);
    return format;
  }

  void WriteSheet(const PrintedSheet& printed) {
    lxw_worksheet* const sheet =
        workbook_add_worksheet(workbook_, printed.name.c_str());
    if (sheet == nullptr) return Note(LXW_ERROR_SHEETNAME_ALREADY_USED);
    SetWidths(printed, sheet);
    worksheet_set_paper(sheet, paper_a4);
    worksheet_fit_to_pages(sheet, 1, 0);
    for (size_t row = 0; row < printed.rows.size(); ++row) {
      WriteRow(printed.rows[row], static_cast<lxw_row_t>(row), sheet);
    }
  }

  void WriteRow(const PrintedRow& printed, lxw_row_t row,
                lxw_worksheet* sheet) {
    for (size_t i = 0; i < printed.cells.size(); ++i) {
      const PrintedCell& cell = printed.cells[i];
      const auto column = static_cast<lxw_col_t>(i);
      const uint8_t number = NumberFormatOf(cell);
      lxw_format* const format = FormatOf(printed.kind, number);
      double value = 0;
      if (number != 0 && absl::SimpleAtod(cell.text, &value)) {
        Note(worksheet_write_number(sheet, row, column, value, format));
      } else if (cell.text.empty()) {
        Note(worksheet_write_blank(sheet, row, column, format));
      } else {
        Note(worksheet_write_string(sheet, row, column,
                                    Unambiguous(cell.text).c_str(), format));
      }
    }
  }

  static void SetWidths(const PrintedSheet& printed, lxw_worksheet* sheet) {
    std::vector<double> widths;
    for (const PrintedRow& row : printed.rows) {
      widths.resize(std::max(widths.size(), row.cells.size()), width_min);
      const bool prose = row.kind == Kind::kProse;
      if (row.cells.size() == 1 && !prose) continue;
      for (size_t i = 0; i < row.cells.size(); ++i) {
        const double width =
            prose
                ? prose_width
                : std::min(
                      width_max,
                      static_cast<double>(DisplayWidth(row.cells[i].text)) + 2);
        widths[i] = std::max(widths[i], width);
      }
    }
    for (size_t i = 0; i < widths.size(); ++i) {
      const auto column = static_cast<lxw_col_t>(i);
      worksheet_set_column(sheet, column, column, widths[i], nullptr);
    }
  }

  lxw_workbook* const workbook_;
  std::map<std::pair<Kind, uint8_t>, lxw_format*> formats_;
  lxw_error error_ = LXW_NO_ERROR;
};

// Which cell formats show what a cell holds.
class StyleVisitor : public importer::XmlVisitor {
 public:
  void Start(absl::string_view name,
             const importer::XmlAttributes& attributes) override {
    if (name == "cellXfs") in_cells_ = true;
    if (name != "xf" || !in_cells_) return;
    int format = -1;
    const absl::string_view stated = attributes.Get("numFmtId");
    if (stated.empty()) format = 0;
    const bool known = stated.empty() || absl::SimpleAtoi(stated, &format);
    plain.push_back(known && plain_formats.contains(format));
  }

  void End(absl::string_view name) override {
    if (name == "cellXfs") in_cells_ = false;
  }

  // By number of the cell format.
  std::vector<bool> plain;

 private:
  bool in_cells_ = false;
};

// Refuses what lets a sheet show something else than its cells hold.
class CoverVisitor : public importer::XmlVisitor {
 public:
  CoverVisitor(const std::string& sheet, const std::vector<bool>& plain)
      : sheet_(sheet), plain_(plain) {}

  void Start(absl::string_view name,
             const importer::XmlAttributes& attributes) override {
    if (name == "row") row_ = std::string(attributes.Get("r"));
    const absl::string_view hidden = attributes.Get("hidden");
    if ((name == "row" || name == "col") && !hidden.empty() && hidden != "0") {
      return Refuse("a row or column is hidden");
    }
    static const auto* const covers =
        new std::map<absl::string_view, const char*>{
            {"f", "a cell has a formula"},
            {"mergeCell", "cells are merged"},
            {"conditionalFormatting", "cells are formatted by conditions"},
            {"drawing", "there is a drawing"},
            {"legacyDrawing", "there is a drawing"},
            {"picture", "there is a picture"},
            {"oleObject", "there is an object"},
            {"control", "there is a control"},
            {"tablePart", "there is a table"},
            {"headerFooter", "printed pages have a header or footer"}};
    const auto cover = covers->find(name);
    if (cover != covers->end()) return Refuse(cover->second);
    if (name != "c") return;
    size_t format = 0;
    const absl::string_view stated = attributes.Get("s");
    const bool known = stated.empty() || absl::SimpleAtoi(stated, &format);
    if (known && (format < plain_.size() ? plain_[format] : format == 0))
      return;
    Refuse("a cell has a number format that may show another value");
  }

 private:
  void Refuse(absl::string_view what) {
    Fail(absl::InvalidArgumentError(absl::StrCat(
        "sheet ", Printable(sheet_), row_.empty() ? "" : ", near row ",
        Printable(row_), ": ", what,
        ", so that it may show something else than it holds; take the "
        "original file")));
  }

  const std::string& sheet_;
  const std::vector<bool>& plain_;
  std::string row_;
};

importer::TableOptions ReadingOptions() {
  importer::TableOptions options;
  options.limits.columns_max = 64;
  options.limits.rows_max = 200'000;
  options.limits.unpacked_bytes_max = 4 * report_file_bytes_max;
  options.limits.shared_text_bytes_max = report_file_bytes_max;
  options.limits.sheets_max = 16;
  return options;
}

absl::Status CheckCovers(const std::string& path,
                         const importer::TableLimits& limits) {
  ASSIGN_OR_RETURN(
      const std::unique_ptr<importer::XlsxContainer> container,
      importer::XlsxContainer::Open(path, limits.unpacked_bytes_max));
  ASSIGN_OR_RETURN(const importer::XlsxWorkbook workbook,
                   importer::ReadXlsxWorkbook(*container, limits));
  StyleVisitor styles;
  if (container->Has("xl/styles.xml")) {
    RETURN_IF_ERROR(container->Parse("xl/styles.xml", styles));
  }
  for (size_t i = 0; i < workbook.sheets.size(); ++i) {
    const importer::Sheet& sheet = workbook.sheets[i];
    if (sheet.hidden) {
      return absl::InvalidArgumentError(
          absl::StrCat("sheet ", Printable(sheet.name),
                       " is hidden; take the original file"));
    }
    CoverVisitor covers(sheet.name, styles.plain);
    RETURN_IF_ERROR(container->Parse(workbook.parts[i], covers));
  }
  return absl::OkStatus();
}

void AddRow(const importer::Row& read, PrintedSheet& sheet) {
  PrintedRow row{Kind::kCells, {}};
  for (const importer::Cell& cell : read.cells) {
    row.cells.push_back(
        {cell.text, "", cell.kind == importer::Cell::Kind::kNumber});
  }
  if (row.cells.empty()) return;
  sheet.rows.resize(static_cast<size_t>(read.number) - 1,
                    PrintedRow{Kind::kCells, {}});
  sheet.rows.push_back(std::move(row));
}

}  // namespace

absl::Status WriteReportXlsx(const PrintedSheets& sheets,
                             const std::string& path) {
  const auto failed = [&](absl::string_view why) {
    return absl::FailedPreconditionError(
        absl::StrCat(path, ": can not be written", why.empty() ? "" : ": ", why,
                     "; name another --output"));
  };
  lxw_workbook* const workbook = workbook_new(path.c_str());
  if (workbook == nullptr) return failed("");
  const lxw_error written = WorkbookWriter(workbook).Write(sheets);
  const lxw_error closed = workbook_close(workbook);
  const lxw_error error = written != LXW_NO_ERROR ? written : closed;
  return error == LXW_NO_ERROR ? absl::OkStatus() : failed(lxw_strerror(error));
}

absl::StatusOr<PrintedSheets> ReadReportXlsx(const std::string& path) {
  const importer::TableOptions options = ReadingOptions();
  RETURN_IF_ERROR(CheckCovers(path, options.limits));
  ASSIGN_OR_RETURN(const std::unique_ptr<importer::TableReader> table,
                   importer::OpenXlsxTable(path, options));
  PrintedSheets sheets;
  std::set<std::string> names;
  for (const importer::Sheet& sheet : table->sheets()) {
    sheets.push_back({sheet.name, {}});
    if (names.insert(sheet.name).second) continue;
    return absl::InvalidArgumentError(absl::StrCat("there are two sheets ",
                                                   Printable(sheet.name),
                                                   "; take the original file"));
  }
  size_t current = 0;
  RETURN_IF_ERROR(table->ForEachRow([&](const importer::Row& row) {
    if (row.number > options.limits.rows_max) {
      return absl::OutOfRangeError(absl::StrCat("sheet ", Printable(row.sheet),
                                                " has a row ", row.number));
    }
    while (sheets[current].name != row.sheet) ++current;
    AddRow(row, sheets[current]);
    return absl::OkStatus();
  }));
  return sheets;
}

}  // namespace daybook::cli
