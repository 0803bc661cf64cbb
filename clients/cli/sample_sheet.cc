#include "clients/cli/sample_sheet.h"

#include <xlsxwriter.h>

#include <filesystem>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "clients/cli/csv.h"
#include "clients/cli/table.h"
#include "core/budget/money.h"

namespace daybook::cli {
namespace {

struct SheetColumn {
  const char* title;
  // In a workbook, in characters.
  int width;
};

constexpr SheetColumn columns[] = {
    {"抽样序号", 10},  {"账本位置", 10}, {"业务日期", 12},
    {"凭证/文号", 22}, {"事项", 12},     {"来源/事项编号", 32},
    {"金额(元)", 16},  {"抽中次数", 10}, {"抽查结果", 24},
    {"附件", 16},      {"备注", 24},
};
constexpr size_t findings = 3;
constexpr lxw_col_t amount_column = 6;

// Without the columns for findings.
std::vector<std::string> CellsOf(const SampleSheet& sheet, size_t i) {
  const SampleSheet::Row& row = sheet.rows[i];
  return {absl::StrCat(i + 1),
          absl::StrCat(row.position),
          row.effective,
          row.numbers,
          row.kind,
          row.identity,
          FormatYuan(Money(row.fen)),
          absl::StrCat(row.hits)};
}

// Writes one workbook.
class Workbook {
 public:
  Workbook(const SampleSheet& sheet, lxw_workbook* workbook)
      : sheet_(sheet),
        page_(workbook_add_worksheet(workbook, "抽样")),
        title_(workbook_add_format(workbook)),
        money_(workbook_add_format(workbook)),
        cell_(workbook_add_format(workbook)) {
    format_set_bold(title_);
    format_set_border(title_, LXW_BORDER_THIN);
    format_set_border(money_, LXW_BORDER_THIN);
    format_set_border(cell_, LXW_BORDER_THIN);
    format_set_text_wrap(cell_);
    format_set_num_format(money_, "#,##0.00");
  }

  void Write() {
    for (const auto& [name, value] : sheet_.facts) {
      worksheet_write_string(page_, line_, 0, name.c_str(), nullptr);
      worksheet_write_string(page_, line_++, 2, value.c_str(), nullptr);
    }
    ++line_;
    lxw_col_t place = 0;
    for (const SheetColumn& column : columns) {
      worksheet_set_column(page_, place, place, column.width, nullptr);
      worksheet_write_string(page_, line_, place++, column.title, title_);
    }
    worksheet_freeze_panes(page_, ++line_, 0);
    for (size_t i = 0; i < sheet_.rows.size(); ++i) WriteRow(i);
    worksheet_set_landscape(page_);
    constexpr uint8_t a4 = 9;
    worksheet_set_paper(page_, a4);
    worksheet_fit_to_pages(page_, 1, 0);
  }

 private:
  void WriteRow(size_t i) {
    lxw_col_t place = 0;
    for (const std::string& cell : CellsOf(sheet_, i)) {
      if (place == amount_column) {
        constexpr double fen_per_yuan = 100;
        worksheet_write_number(
            page_, line_, place,
            static_cast<double>(sheet_.rows[i].fen) / fen_per_yuan, money_);
      } else {
        worksheet_write_string(page_, line_, place, cell.c_str(), cell_);
      }
      ++place;
    }
    for (size_t j = 0; j < findings; ++j) {
      worksheet_write_blank(page_, line_, place++, cell_);
    }
    ++line_;
  }

  const SampleSheet& sheet_;
  lxw_worksheet* const page_;
  lxw_format* const title_;
  lxw_format* const money_;
  lxw_format* const cell_;
  lxw_row_t line_ = 0;
};

}  // namespace

std::string SampleText(const SampleSheet& sheet) {
  std::string text;
  for (const auto& [name, value] : sheet.facts) {
    absl::StrAppend(&text, name, "：", value, "\n");
  }
  std::vector<Table::Column> shown;
  for (size_t i = 0; i + findings < std::size(columns); ++i) {
    const bool right = i < 2 || i >= amount_column;
    shown.push_back(
        {columns[i].title, right ? Table::Align::kRight : Table::Align::kLeft});
  }
  Table table(std::move(shown));
  for (size_t i = 0; i < sheet.rows.size(); ++i) {
    table.AddRow(CellsOf(sheet, i));
  }
  return absl::StrCat(text, "\n", table.ToString());
}

std::string SampleCsv(const SampleSheet& sheet) {
  std::string csv;
  for (const auto& [name, value] : sheet.facts) csv += CsvRow({name, value});
  csv += "\n";
  std::vector<std::string> titles;
  for (const SheetColumn& column : columns) titles.emplace_back(column.title);
  csv += CsvRow(titles);
  for (size_t i = 0; i < sheet.rows.size(); ++i) {
    std::vector<std::string> cells = CellsOf(sheet, i);
    cells.resize(cells.size() + findings);
    csv += CsvRow(cells);
  }
  return csv;
}

absl::Status WriteSampleWorkbook(const SampleSheet& sheet,
                                 const std::string& path) {
  std::error_code error;
  if (std::filesystem::exists(path, error)) {
    return absl::AlreadyExistsError(absl::StrCat(
        path, ": exists, and may hold findings; name another with --output"));
  }
  lxw_workbook* const workbook = workbook_new(path.c_str());
  if (workbook == nullptr) {
    return absl::FailedPreconditionError(
        absl::StrCat(path, ": can not be written"));
  }
  Workbook(sheet, workbook).Write();
  const lxw_error written = workbook_close(workbook);
  if (written == LXW_NO_ERROR) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat(path, ": can not be written: ", lxw_strerror(written)));
}

}  // namespace daybook::cli
