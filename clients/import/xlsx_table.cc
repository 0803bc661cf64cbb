#include "clients/import/xlsx_table.h"

#include <map>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "clients/import/spreadsheet_values.h"
#include "clients/import/text_encoding.h"
#include "clients/import/xlsx_container.h"
#include "clients/import/xlsx_workbook.h"
#include "core/base/status_macros.h"

namespace daybook::importer {
namespace {

// "AB12": column 27 (from 0) and row 12; nothing when it is no reference.
struct Reference {
  size_t column = 0;
  int64_t row = 0;
};

std::optional<Reference> ParseReference(absl::string_view text) {
  Reference reference;
  size_t letters = 0;
  while (letters < text.size() && letters < 4 &&
         absl::ascii_isupper(static_cast<unsigned char>(text[letters]))) {
    reference.column =
        reference.column * 26 + static_cast<size_t>(text[letters] - 'A') + 1;
    ++letters;
  }
  if (letters == 0 || !absl::SimpleAtoi(text.substr(letters), &reference.row)) {
    return std::nullopt;
  }
  --reference.column;
  return reference;
}

// Ranges one below the other whose first cell speaks for all: first row of the
// range -> column and last row. A range that only goes sideways is of headings.
struct MergedRange {
  size_t column = 0;
  int64_t last_row = 0;
};
using MergedRanges = std::multimap<int64_t, MergedRange>;

// Ranges stand behind the rows, so that they take a pass of their own.
class MergedRangesVisitor : public XmlVisitor {
 public:
  explicit MergedRangesVisitor(const TableLimits& limits) : limits_(limits) {}

  void Start(absl::string_view name, const XmlAttributes& attributes) override {
    if (name != "mergeCell") return;
    const absl::string_view range = attributes.Get("ref");
    const size_t colon = range.find(':');
    if (colon == absl::string_view::npos) return;
    const std::optional<Reference> first =
        ParseReference(range.substr(0, colon));
    const std::optional<Reference> last =
        ParseReference(range.substr(colon + 1));
    if (!first.has_value() || !last.has_value() || first->row >= last->row) {
      return;
    }
    ranges.insert({first->row, {first->column, last->row}});
    if (ranges.size() > limits_.merged_ranges_max) {
      Fail(absl::OutOfRangeError(
          absl::StrCat("the sheet has over ", limits_.merged_ranges_max,
                       " merged ranges; save it as CSV")));
    }
  }

  MergedRanges ranges;

 private:
  const TableLimits& limits_;
};

class RowsVisitor : public XmlVisitor {
 public:
  RowsVisitor(const XlsxWorkbook& workbook, const std::string& sheet,
              const MergedRanges& ranges, const TableLimits& limits,
              absl::FunctionRef<absl::Status(const Row&)> visit)
      : workbook_(workbook), ranges_(ranges), limits_(limits), visit_(visit) {
    row_.sheet = sheet;
  }

  void Start(absl::string_view name, const XmlAttributes& attributes) override {
    if (name == "row") {
      StartRow(attributes);
    } else if (name == "c") {
      StartCell(attributes);
    } else if (name == "rPh") {
      ++phonetic_;
    } else {
      in_value_ = name == "v" || (name == "t" && phonetic_ == 0);
    }
  }

  void End(absl::string_view name) override {
    in_value_ = false;
    if (name == "rPh") --phonetic_;
    if (name == "c") EndCell();
    if (name == "row") EndRow();
  }

  void Text(absl::string_view text) override {
    if (!in_value_) return;
    value_.append(text.data(), text.size());
    bytes_ += text.size();
    if (value_.size() > limits_.cell_bytes_max) {
      Fail(absl::OutOfRangeError(absl::StrCat(
          At(), "a cell has over ", limits_.cell_bytes_max, " bytes")));
    }
  }

 private:
  std::string At() const {
    return absl::StrCat("sheet ", row_.sheet, " row ", row_.number, ": ");
  }

  void StartRow(const XmlAttributes& attributes) {
    int64_t number = row_.number + 1;
    const absl::string_view stated = attributes.Get("r");
    if (!stated.empty() &&
        (!absl::SimpleAtoi(stated, &number) || number <= row_.number)) {
      Fail(absl::InvalidArgumentError(absl::StrCat(
          At(), "the row after it is numbered '", stated.substr(0, 32),
          "'; open the workbook in a spreadsheet and save it again")));
    }
    row_.number = number;
    row_.cells.clear();
    bytes_ = 0;
    if (++rows_ > limits_.rows_max) {
      Fail(absl::OutOfRangeError(
          absl::StrCat(At(), "there are over ", limits_.rows_max, " rows")));
    }
  }

  void StartCell(const XmlAttributes& attributes) {
    const std::optional<Reference> reference =
        ParseReference(attributes.Get("r"));
    column_ = reference.has_value() ? reference->column : next_column();
    type_ = std::string(attributes.Get("t"));
    format_ = 0;
    if (!absl::SimpleAtoi(attributes.Get("s"), &format_)) format_ = 0;
    value_.clear();
  }
  size_t next_column() const { return row_.cells.empty() ? 0 : column_ + 1; }

  void EndCell() {
    Cell cell = MakeCell();
    if (cell.kind == Cell::Kind::kBlank) return;
    if (column_ >= limits_.columns_max) {
      Fail(absl::OutOfRangeError(
          absl::StrCat(At(), "has over ", limits_.columns_max, " columns")));
      return;
    }
    if (bytes_ > limits_.row_bytes_max) {
      Fail(absl::OutOfRangeError(
          absl::StrCat(At(), "has over ", limits_.row_bytes_max, " bytes")));
      return;
    }
    if (row_.cells.size() <= column_) row_.cells.resize(column_ + 1);
    row_.cells[column_] = std::move(cell);
  }

  Cell MakeCell() {
    if (type_ == "s") return SharedText();
    if (type_ == "str" || type_ == "inlineStr") {
      return TextCell(UnescapeXlsxText(value_));
    }
    if (value_.empty()) return {};
    if (type_ == "e") return {Cell::Kind::kError, value_};
    if (type_ == "b") return TextCell(value_ == "1" ? "TRUE" : "FALSE");
    if (type_ == "d") {
      // 2024-03-05T14:30:00; the time of midnight is none.
      std::string text = value_.substr(0, 19);
      if (text.size() > 10) text[10] = ' ';
      if (text.size() == 19 && text.substr(11) == "00:00:00") text.resize(10);
      return {Cell::Kind::kDate, std::move(text)};
    }
    std::optional<std::string> number = PlainNumber(value_);
    // Told as it is: whoever takes the column for a number refuses it.
    if (!number.has_value()) return TextCell(value_);
    const std::vector<bool>& dates = workbook_.date_formats;
    if (format_ < dates.size() && dates[format_]) {
      std::optional<std::string> day =
          DayOfSerial(*number, workbook_.system_1904);
      if (day.has_value()) return {Cell::Kind::kDate, *std::move(day)};
    }
    return {Cell::Kind::kNumber, *std::move(number)};
  }

  Cell SharedText() {
    size_t index = 0;
    if (!absl::SimpleAtoi(value_, &index) || index >= workbook_.texts.size()) {
      Fail(absl::InvalidArgumentError(absl::StrCat(
          At(),
          "a cell names a text that the workbook lacks; open it in a "
          "spreadsheet and save it again")));
      return {};
    }
    bytes_ += workbook_.texts.at(index).size();
    return TextCell(std::string(workbook_.texts.at(index)));
  }

  static Cell TextCell(std::string text) {
    if (text.empty()) return {};
    return {Cell::Kind::kText, std::move(text)};
  }

  void EndRow() {
    for (auto begin = ranges_.lower_bound(row_.number);
         begin != ranges_.end() && begin->first == row_.number; ++begin) {
      const MergedRange& range = begin->second;
      if (range.column >= row_.cells.size()) continue;
      const Cell& cell = row_.cells[range.column];
      if (cell.kind != Cell::Kind::kBlank) {
        open_.push_back({range, cell});
        open_.back().second.merged = true;
      }
    }
    for (auto open = open_.begin(); open != open_.end();) {
      const auto& [range, cell] = *open;
      if (range.last_row < row_.number) {
        open = open_.erase(open);
        continue;
      }
      // Only beside cells of its own: a merged range makes no rows.
      if (!row_.cells.empty()) {
        if (row_.cells.size() <= range.column) {
          row_.cells.resize(range.column + 1);
        }
        if (row_.cells[range.column].kind == Cell::Kind::kBlank) {
          row_.cells[range.column] = cell;
        }
      }
      ++open;
    }
    if (status().ok()) Fail(visit_(row_));
  }

  const XlsxWorkbook& workbook_;
  const MergedRanges& ranges_;
  const TableLimits& limits_;
  absl::FunctionRef<absl::Status(const Row&)> visit_;

  Row row_;
  int64_t rows_ = 0;
  size_t bytes_ = 0;
  std::vector<std::pair<MergedRange, Cell>> open_;

  // Of the cell that is being read.
  size_t column_ = 0;
  std::string type_;
  size_t format_ = 0;
  std::string value_;
  bool in_value_ = false;
  int phonetic_ = 0;
};

class XlsxTable : public TableReader {
 public:
  XlsxTable(TableLimits limits, std::unique_ptr<XlsxContainer> container,
            XlsxWorkbook workbook)
      : limits_(limits),
        container_(std::move(container)),
        workbook_(std::move(workbook)) {}

  Format format() const override { return Format::kXlsx; }
  const std::string& encoding() const override { return encoding_; }
  const std::vector<Sheet>& sheets() const override { return workbook_.sheets; }

  absl::Status ForEachRow(
      absl::FunctionRef<absl::Status(const Row&)> visit) override {
    for (size_t i = 0; i < workbook_.sheets.size(); ++i) {
      if (workbook_.sheets[i].hidden) continue;
      MergedRangesVisitor merged(limits_);
      RETURN_IF_ERROR(container_->Parse(workbook_.parts[i], merged));
      RowsVisitor rows(workbook_, workbook_.sheets[i].name, merged.ranges,
                       limits_, visit);
      RETURN_IF_ERROR(container_->Parse(workbook_.parts[i], rows));
    }
    return absl::OkStatus();
  }

 private:
  const TableLimits limits_;
  const std::unique_ptr<XlsxContainer> container_;
  const XlsxWorkbook workbook_;
  const std::string encoding_ = kUtf8;
};

}  // namespace

absl::StatusOr<std::unique_ptr<TableReader>> OpenXlsxTable(
    const std::string& path, const TableOptions& options) {
  ASSIGN_OR_RETURN(
      std::unique_ptr<XlsxContainer> container,
      XlsxContainer::Open(path, options.limits.unpacked_bytes_max));
  ASSIGN_OR_RETURN(XlsxWorkbook workbook,
                   ReadXlsxWorkbook(*container, options.limits));
  return std::unique_ptr<TableReader>(std::make_unique<XlsxTable>(
      options.limits, std::move(container), std::move(workbook)));
}

}  // namespace daybook::importer
