#include "clients/import/template_workbook.h"

#include <xlsxwriter.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "clients/import/form_scanner.h"
#include "core/budget/fiscal_date.h"

namespace daybook::importer {
namespace {

using Format = Column::Format;

constexpr lxw_color_t header_color = 0x1F4E79;
constexpr lxw_color_t required_color = 0xC55A11;
constexpr lxw_color_t example_color = 0x7F7F7F;
constexpr lxw_color_t example_fill = 0xF2F2F2;
// In characters of Chinese, which are two wide.
constexpr double width_min = 10;
constexpr double width_max = 40;

// How wide a text is, in columns of a terminal or so.
double WidthOf(const std::string& text) {
  double width = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    // Each character of three bytes is two wide.
    width += byte < 0x80 ? 1.1 : (byte & 0xC0) == 0xC0 ? 2.2 : 0;
  }
  return width;
}

// Writes one workbook; errors are kept and told at the end.
class Writer {
 public:
  Writer(const WorkbookForm& form, lxw_workbook* workbook)
      : form_(form), workbook_(workbook) {}

  void Run() {
    MakeFormats();
    std::vector<lxw_worksheet*> sheets;
    for (const SheetForm& sheet : form_.sheets) {
      sheets.push_back(workbook_add_worksheet(workbook_, sheet.title.c_str()));
    }
    WriteExplanation();
    WriteChoices();
    for (size_t i = 0; i < sheets.size(); ++i) {
      WriteSheet(form_.sheets[i], sheets[i]);
    }
    worksheet_activate(sheets.front());
  }

 private:
  lxw_format* NewFormat() {
    lxw_format* const format = workbook_add_format(workbook_);
    format_set_font_name(format, "宋体");
    format_set_font_size(format, 11);
    format_set_align(format, LXW_ALIGN_VERTICAL_CENTER);
    return format;
  }

  static const char* NumberFormat(Format format) {
    switch (format) {
      case Format::kAmount:
        return "#,##0.00;[Red]-#,##0.00";
      case Format::kDate:
        return "yyyy-mm-dd";
      case Format::kNumber:
        return "General";
      case Format::kText:
      case Format::kCode:
        break;
    }
    // Text: a code keeps its zeros, and 98% stays 98%.
    return "@";
  }

  void MakeFormats() {
    for (const bool required : {false, true}) {
      lxw_format* const format = NewFormat();
      format_set_bold(format);
      format_set_font_color(format, LXW_COLOR_WHITE);
      format_set_bg_color(format, required ? required_color : header_color);
      format_set_align(format, LXW_ALIGN_CENTER);
      format_set_text_wrap(format);
      format_set_border(format, LXW_BORDER_THIN);
      header_formats_[required] = format;
    }
    for (const Format kind : {Format::kText, Format::kCode, Format::kAmount,
                              Format::kNumber, Format::kDate}) {
      lxw_format* const cell = NewFormat();
      format_set_num_format(cell, NumberFormat(kind));
      cell_formats_[kind] = cell;
      lxw_format* const example = NewFormat();
      format_set_num_format(example, NumberFormat(kind));
      format_set_italic(example);
      format_set_font_color(example, example_color);
      format_set_bg_color(example, example_fill);
      example_formats_[kind] = example;
    }
    title_format_ = NewFormat();
    format_set_bold(title_format_);
    format_set_font_size(title_format_, 14);
    wrap_format_ = NewFormat();
    format_set_text_wrap(wrap_format_);
    format_set_border(wrap_format_, LXW_BORDER_THIN);
    note_format_ = NewFormat();
    format_set_text_wrap(note_format_);
  }

  static bool HasChoices(const Column& column) {
    return !column.choices.empty();
  }

  // All words that drop-downs offer, one column each; ranges may be longer
  // than the 255 characters that a list in a cell may have.
  void WriteChoices() {
    lxw_worksheet* const sheet =
        workbook_add_worksheet(workbook_, kChoicesSheet);
    lxw_col_t place = 0;
    for (const SheetForm& form : form_.sheets) {
      for (const Column& column : form.columns) {
        if (!HasChoices(column)) continue;
        worksheet_write_string(sheet, 0, place, column.heading.c_str(),
                               header_formats_[false]);
        lxw_row_t row = 1;
        for (const Choice& choice : column.choices) {
          worksheet_write_string(sheet, row++, place, choice.word.c_str(),
                                 cell_formats_[Format::kText]);
        }
        char first[LXW_MAX_CELL_NAME_LENGTH];
        char last[LXW_MAX_CELL_NAME_LENGTH];
        lxw_rowcol_to_cell_abs(first, 1, place, 1, 1);
        lxw_rowcol_to_cell_abs(last, row - 1, place, 1, 1);
        ranges_[&column] =
            absl::StrCat("='", kChoicesSheet, "'!", first, ":", last);
        worksheet_set_column(sheet, place, place, 24, nullptr);
        ++place;
      }
    }
    worksheet_hide(sheet);
  }

  void WriteSheet(const SheetForm& form, lxw_worksheet* sheet) {
    worksheet_freeze_panes(sheet, 1, 2);
    worksheet_set_default_row(sheet, 20, LXW_FALSE);
    worksheet_set_row(sheet, 0, 32, nullptr);
    worksheet_set_landscape(sheet);
    worksheet_set_paper(sheet, 9);
    worksheet_fit_to_pages(sheet, 1, 0);
    worksheet_repeat_rows(sheet, 0, 0);
    for (size_t i = 0; i < form.columns.size(); ++i) {
      const Column& column = form.columns[i];
      const auto place = static_cast<lxw_col_t>(i);
      const double width = std::clamp(
          std::max(WidthOf(column.heading), WidthOf(column.example)) + 3,
          width_min, width_max);
      worksheet_set_column(sheet, place, place, width,
                           cell_formats_[column.format]);
      worksheet_write_string(
          sheet, 0, place, column.heading.c_str(),
          header_formats_[column.required || IsAmount(column)]);
      WriteExample(sheet, place, column);
      Validate(sheet, place, column);
    }
  }

  static bool IsAmount(const Column& column) {
    return column.format == Format::kAmount;
  }

  void WriteExample(lxw_worksheet* sheet, lxw_col_t place,
                    const Column& column) {
    lxw_format* const format = example_formats_[column.format];
    if (column.example.empty()) {
      worksheet_write_blank(sheet, 1, place, format);
    } else if (column.format == Format::kAmount ||
               column.format == Format::kNumber) {
      worksheet_write_number(sheet, 1, place,
                             std::strtod(column.example.c_str(), nullptr),
                             format);
    } else if (column.format == Format::kDate) {
      const absl::StatusOr<absl::CivilDay> day =
          daybook::ParseDay(column.example);
      if (!day.ok()) return;
      lxw_datetime time = {
          static_cast<int>(day->year()), day->month(), day->day(), 0, 0, 0};
      worksheet_write_datetime(sheet, 1, place, &time, format);
    } else {
      worksheet_write_string(sheet, 1, place, column.example.c_str(), format);
    }
  }

  void Validate(lxw_worksheet* sheet, lxw_col_t place, const Column& column) {
    if (!HasChoices(column)) return;
    lxw_data_validation validation = {};
    validation.validate = LXW_VALIDATION_TYPE_LIST_FORMULA;
    std::string range = ranges_[&column];
    validation.value_formula = range.data();
    validation.ignore_blank = LXW_VALIDATION_ON;
    char title[] = "请从列表中选择";
    char message[] = "这一列只能填列表中的内容，或留空。";
    if (column.open) {
      validation.show_error = LXW_VALIDATION_OFF;
    } else {
      validation.error_title = title;
      validation.error_message = message;
    }
    worksheet_data_validation_range(sheet, 1, place, template_rows, place,
                                    &validation);
  }

  void WriteExplanation() {
    lxw_worksheet* const sheet =
        workbook_add_worksheet(workbook_, kExplanationSheet);
    const double widths[] = {16, 18, 8, 30, 26, 70};
    for (lxw_col_t i = 0; i < 6; ++i) {
      worksheet_set_column(sheet, i, i, widths[i], nullptr);
    }
    lxw_row_t row = 0;
    worksheet_write_string(sheet, row++, 0,
                           absl::StrCat(form_.title, "：填表说明").c_str(),
                           title_format_);
    for (const std::string& line : Introduction()) {
      worksheet_merge_range(sheet, row, 0, row, 5, line.c_str(), note_format_);
      worksheet_set_row(sheet, row++, WidthOf(line) > 160 ? 32 : 18, nullptr);
    }
    ++row;
    const lxw_row_t header = row;
    const char* const headings[] = {"工作表",   "列",   "必填",
                                    "可填内容", "示例", "含义"};
    for (lxw_col_t i = 0; i < 6; ++i) {
      worksheet_write_string(sheet, row, i, headings[i],
                             header_formats_[false]);
    }
    worksheet_set_row(sheet, row++, 24, nullptr);
    for (const SheetForm& form : form_.sheets) {
      for (const Column& column : form.columns) {
        WriteExplained(sheet, row++, form, column);
      }
    }
    worksheet_freeze_panes(sheet, header + 1, 0);
    worksheet_set_landscape(sheet);
    worksheet_set_paper(sheet, 9);
    worksheet_fit_to_pages(sheet, 1, 0);
  }

  std::vector<std::string> Introduction() const {
    std::vector<std::string> lines;
    for (const SheetForm& form : form_.sheets) {
      lines.push_back(
          absl::StrCat("工作表“", form.title, "”：", form.purpose, "。"));
    }
    lines.push_back(
        "橙色表头必须填写，蓝色可以留空。列可以换位置，不填的非必填列可以删除；"
        "不能增加别的列。一个文件可以有多个部门、多个年度。");
    lines.push_back(absl::StrCat("灰色斜体的一行是示例：部门代码以“",
                                 kExampleMark,
                                 "”开头的行导入时一律跳过，不会记录。"));
    lines.push_back(
        "空白、0、无、——是四种不同的填法：空白是不填报（以前填过的即撤回），0是"
        "零"
        "，无是没有这一项，——是不适用。");
    lines.push_back(absl::StrCat("填好后：daybook import --kind=", form_.kind,
                                 " --source=来源 --ledger=账本 文件.xlsx；先加 "
                                 "--dry-run 可以试算。"));
    return lines;
  }

  void WriteExplained(lxw_worksheet* sheet, lxw_row_t row,
                      const SheetForm& form, const Column& column) {
    const std::string allowed =
        HasChoices(column) && column.choices.size() <= 12 ? column.WordsText()
                                                          : Allowed(column);
    const std::string cells[] = {
        form.title, column.heading, column.required ? "是" : "",
        allowed,    column.example, column.note};
    int lines = 1;
    const double widths[] = {16, 18, 8, 30, 26, 70};
    for (lxw_col_t i = 0; i < 6; ++i) {
      worksheet_write_string(sheet, row, i, cells[i].c_str(), wrap_format_);
      lines =
          std::max(lines, 1 + static_cast<int>(WidthOf(cells[i]) / widths[i]));
    }
    worksheet_set_row(sheet, row, 18 * lines + 4, nullptr);
  }

  static std::string Allowed(const Column& column) {
    if (HasChoices(column)) return "见下拉列表";
    switch (column.format) {
      case Format::kAmount:
        return "金额";
      case Format::kNumber:
        return "数字";
      case Format::kDate:
        return "日期，如 2024-03-15";
      case Format::kCode:
        return "编码（文本）";
      case Format::kText:
        break;
    }
    return "文字";
  }

  const WorkbookForm& form_;
  lxw_workbook* const workbook_;
  std::map<bool, lxw_format*> header_formats_;
  std::map<Format, lxw_format*> cell_formats_;
  std::map<Format, lxw_format*> example_formats_;
  lxw_format* title_format_ = nullptr;
  lxw_format* wrap_format_ = nullptr;
  lxw_format* note_format_ = nullptr;
  std::map<const Column*, std::string> ranges_;
};

}  // namespace

absl::Status WriteTemplate(const WorkbookForm& form, const std::string& path) {
  std::error_code error;
  if (std::filesystem::exists(path, error)) {
    return absl::AlreadyExistsError(absl::StrCat(
        path, ": exists, and may be filled in; name another with --output"));
  }
  lxw_workbook* const workbook = workbook_new(path.c_str());
  if (workbook == nullptr) {
    return absl::FailedPreconditionError(
        absl::StrCat(path, ": can not be written"));
  }
  Writer(form, workbook).Run();
  const lxw_error written = workbook_close(workbook);
  if (written == LXW_NO_ERROR) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat(path, ": can not be written: ", lxw_strerror(written)));
}

}  // namespace daybook::importer
