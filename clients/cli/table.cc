#include "clients/cli/table.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "clients/cli/display_width.h"
#include "core/base/check.h"

namespace daybook::cli {

Table::Table(std::vector<Column> columns)
    : columns_(std::move(columns)), widths_(columns_.size()) {}

void Table::AddRow(std::vector<std::string> cells) {
  DAYBOOK_CHECK(cells.size() == columns_.size());
  for (std::string& cell : cells) cell = Printable(cell);
  rows_.push_back(std::move(cells));
}

void Table::AddRule() { rows_.emplace_back(); }

std::vector<size_t> Table::Widths() const {
  std::vector<size_t> widths;
  for (size_t i = 0; i < columns_.size(); ++i) {
    size_t width = std::max(DisplayWidth(columns_[i].title), widths_[i]);
    for (const std::vector<std::string>& row : rows_) {
      if (!row.empty()) width = std::max(width, DisplayWidth(row[i]));
    }
    widths.push_back(width);
  }
  return widths;
}

std::string Table::Lines(const std::vector<size_t>& widths, bool titles) const {
  std::string out;
  const auto add_row = [&](const std::vector<std::string>& cells) {
    std::string line;
    for (size_t i = 0; i < cells.size(); ++i) {
      const std::string padding(widths[i] - DisplayWidth(cells[i]), ' ');
      absl::StrAppend(&line, i == 0 ? "" : "  ");
      if (columns_[i].align == Align::kRight) {
        absl::StrAppend(&line, padding, cells[i]);
      } else {
        absl::StrAppend(&line, cells[i], padding);
      }
    }
    absl::StrAppend(&out, absl::StripTrailingAsciiWhitespace(line), "\n");
  };
  const auto add_rule = [&] {
    std::vector<std::string> rules;
    for (const size_t width : widths) rules.emplace_back(width, '-');
    add_row(rules);
  };
  if (titles) {
    std::vector<std::string> cells;
    for (const Column& column : columns_) cells.push_back(column.title);
    add_row(cells);
    add_rule();
  }
  for (const std::vector<std::string>& row : rows_) {
    if (row.empty()) {
      add_rule();
    } else {
      add_row(row);
    }
  }
  return out;
}

std::string Table::ToString() const { return Lines(Widths(), true); }

std::string Table::TakeRows() {
  widths_ = Widths();
  std::string lines = Lines(widths_, !taken_);
  taken_ = true;
  rows_.clear();
  return lines;
}

}  // namespace daybook::cli
