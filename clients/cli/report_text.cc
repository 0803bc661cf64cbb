#include "clients/cli/report_text.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "clients/cli/csv.h"
#include "clients/cli/display_width.h"
#include "clients/cli/report_evidence.h"
#include "clients/cli/report_sheets.h"
#include "clients/cli/table.h"

namespace daybook::cli {
namespace {

using Kind = PrintedRow::Kind;

constexpr size_t text_columns = 80;

// Writes sheets one below the other.
class SheetPrinter {
 public:
  std::string Print(const PrintedSheets& sheets) {
    for (const PrintedSheet& sheet : sheets) {
      for (const PrintedRow& row : sheet.rows) PrintRow(row);
      EndTable();
    }
    return std::move(out_);
  }

 private:
  void PrintRow(const PrintedRow& row) {
    const std::string& text = row.cells.front().text;
    switch (row.kind) {
      case Kind::kTitle:
      case Kind::kLine:
        EndTable();
        absl::StrAppend(&out_, Printable(text), "\n");
        return;
      case Kind::kHeading:
      case Kind::kSubheading:
        EndTable();
        absl::StrAppend(&out_, "\n", Printable(text), "\n");
        return;
      case Kind::kProse:
        EndTable();
        for (const std::string& line : Wrap(text, text_columns)) {
          absl::StrAppend(&out_, line, "\n");
        }
        return;
      case Kind::kHeader:
        EndTable();
        return BeginTable(row);
      case Kind::kTotals:
        if (!in_totals_) table_->AddRule();
        in_totals_ = true;
        [[fallthrough]];
      case Kind::kCells:
        return table_->AddRow(TextsOf(row));
    }
  }

  static std::vector<std::string> TextsOf(const PrintedRow& row) {
    std::vector<std::string> texts;
    for (const PrintedCell& cell : row.cells) texts.push_back(cell.text);
    return texts;
  }

  void BeginTable(const PrintedRow& header) {
    std::vector<Table::Column> columns;
    for (const PrintedCell& cell : header.cells) {
      columns.push_back({cell.text, cell.is_number ? Table::Align::kRight
                                                   : Table::Align::kLeft});
    }
    table_ = std::make_unique<Table>(std::move(columns));
  }

  void EndTable() {
    if (table_ == nullptr) return;
    absl::StrAppend(&out_, "\n", table_->ToString());
    table_ = nullptr;
    in_totals_ = false;
  }

  std::string out_;
  // Null outside of a table.
  std::unique_ptr<Table> table_;
  bool in_totals_ = false;
};

}  // namespace

std::string ReportText(const v1::Report& report, MoneyUnit unit) {
  std::string text = SheetPrinter().Print(ReportSheets(report, unit));
  const std::string evidence = EvidenceText(report);
  if (!evidence.empty()) absl::StrAppend(&text, "\n", evidence);
  return text;
}

std::string ReportTables(const v1::Report& report, MoneyUnit unit) {
  PrintedSheets sheets = ReportSheets(report, unit);
  // The last is the text.
  sheets.pop_back();
  return SheetPrinter().Print(sheets);
}

std::string ReportCsv(const v1::Report& report, MoneyUnit unit) {
  std::string csv = CsvRow({"figure", "label", "value", "unit"});
  for (const v1::Figure& figure : report.figures()) {
    csv += CsvRow({figure.path(), figure.label(),
                   FormatFigureValue(figure.value(), unit),
                   FormatUnit(figure.unit(), unit)});
  }
  return csv;
}

}  // namespace daybook::cli
