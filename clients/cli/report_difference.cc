#include "clients/cli/report_difference.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "core/base/decimal.h"

namespace daybook::cli {
namespace {

// So many rows that were put in or left out are seen as that.
constexpr size_t moved_rows_max = 64;

bool IsSameNumber(const PrintedCell& printed, const PrintedCell& expected) {
  if (!printed.is_number || !expected.is_number) return false;
  const absl::StatusOr<Decimal> a = Decimal::Parse(printed.text);
  const absl::StatusOr<Decimal> b = Decimal::Parse(expected.text);
  return a.ok() && b.ok() && *a == *b;
}

const PrintedCell& CellAt(const PrintedRow& row, size_t i) {
  static const auto* const none = new PrintedCell();
  return i < row.cells.size() ? row.cells[i] : *none;
}

std::string TextOf(const PrintedRow& row) {
  std::string text;
  for (const PrintedCell& cell : row.cells) {
    absl::StrAppend(&text, &cell == &row.cells.front() ? "" : " | ", cell.text);
  }
  return text;
}

// The figure of the cell, else that of the row.
std::string FigureOf(const PrintedRow& row, size_t i) {
  if (!CellAt(row, i).figure.empty()) return row.cells[i].figure;
  for (const PrintedCell& cell : row.cells) {
    if (!cell.figure.empty()) return cell.figure;
  }
  return "";
}

class Comparison {
 public:
  explicit Comparison(CellsEqual equal) : equal_(equal) {}

  void Compare(const PrintedSheet& printed, const PrintedSheet& expected) {
    sheet_ = expected.name;
    size_t i = 0;
    size_t j = 0;
    while (i < printed.rows.size() || j < expected.rows.size()) {
      const auto [put_in, left_out] = Moved(printed, i, expected, j);
      for (size_t k = 0; k < put_in; ++k, ++i) {
        AddRow(printed.rows[i], i + 1, true);
      }
      for (size_t k = 0; k < left_out; ++k, ++j) {
        AddRow(expected.rows[j], i + 1, false);
      }
      if (put_in + left_out > 0) continue;
      CompareRow(printed.rows[i], i + 1, expected.rows[j]);
      ++i;
      ++j;
    }
  }

  void AddSheet(const std::string& name, bool added) {
    Add({.sheet = name,
         .printed = added ? name : "",
         .expected = added ? "" : name,
         .missing = !added,
         .added = added});
  }

  PrintedDifferences Take() { return std::move(found_); }

 private:
  bool IsSameCell(const PrintedCell& printed,
                  const PrintedCell& expected) const {
    if (equal_ == CellsEqual::kExactly) return printed == expected;
    return printed.text == expected.text || IsSameNumber(printed, expected);
  }

  bool IsSameRow(const PrintedRow& printed, const PrintedRow& expected) const {
    if (equal_ == CellsEqual::kExactly) return printed == expected;
    const size_t cells = std::max(printed.cells.size(), expected.cells.size());
    for (size_t i = 0; i < cells; ++i) {
      if (!IsSameCell(CellAt(printed, i), CellAt(expected, i))) return false;
    }
    return true;
  }

  // How many rows were put in here, or left out; neither where the two rows
  // stand for each other.
  std::pair<size_t, size_t> Moved(const PrintedSheet& printed, size_t i,
                                  const PrintedSheet& expected,
                                  size_t j) const {
    const size_t more = printed.rows.size() - i;
    const size_t due = expected.rows.size() - j;
    if (due == 0) return {more, 0};
    if (more == 0) return {0, due};
    const auto same = [&](size_t a, size_t b) {
      return a < more && b < due &&
             IsSameRow(printed.rows[i + a], expected.rows[j + b]);
    };
    // One row changed, and what follows is as it was.
    if (same(0, 0) || same(1, 1) || (more == 1 && due == 1)) return {0, 0};
    for (size_t k = 1; k <= moved_rows_max; ++k) {
      if (same(k, 0)) return {k, 0};
      if (same(0, k)) return {0, k};
    }
    return {0, 0};
  }

  void CompareRow(const PrintedRow& printed, size_t row,
                  const PrintedRow& expected) {
    if (IsSameRow(printed, expected)) return;
    const size_t before = found_.total;
    const size_t cells = std::max(printed.cells.size(), expected.cells.size());
    for (size_t i = 0; i < cells; ++i) {
      const PrintedCell& has = CellAt(printed, i);
      const PrintedCell& should = CellAt(expected, i);
      if (IsSameCell(has, should)) continue;
      // The text is right, and stands for something else.
      const std::string mark =
          has.text == should.text
              ? absl::StrCat("（标为 ", has.figure.empty() ? "无" : has.figure,
                             "）")
              : "";
      Add({.sheet = sheet_,
           .row = row,
           .figure = FigureOf(expected, i),
           .label = CellAt(expected, 0).text,
           .printed = absl::StrCat(has.text, mark),
           .expected = should.text});
    }
    if (found_.total > before) return;
    Add({.sheet = sheet_,
         .row = row,
         .figure = FigureOf(expected, 0),
         .label = CellAt(expected, 0).text,
         .printed = absl::StrCat(TextOf(printed), "（版式不同）"),
         .expected = TextOf(expected)});
  }

  void AddRow(const PrintedRow& row, size_t number, bool added) {
    const std::string text = TextOf(row);
    // A spreadsheet does not tell blank rows from none.
    if (text.empty() && equal_ == CellsEqual::kByValue) return;
    Add({.sheet = sheet_,
         .row = number,
         .figure = FigureOf(row, 0),
         .label = CellAt(row, 0).text,
         .printed = added ? text : "",
         .expected = added ? "" : text,
         .missing = !added,
         .added = added});
  }

  void Add(PrintedDifference difference) {
    ++found_.total;
    if (found_.first.size() < differences_max) {
      found_.first.push_back(std::move(difference));
    }
  }

  const CellsEqual equal_;
  std::string sheet_;
  PrintedDifferences found_;
};

}  // namespace

PrintedDifferences CompareSheets(const PrintedSheets& printed,
                                 const PrintedSheets& expected,
                                 CellsEqual equal) {
  Comparison comparison(equal);
  // A sheet is known by its name, and each name stands for one.
  size_t next = 0;
  for (const PrintedSheet& should : expected) {
    const auto has = std::find_if(
        printed.begin() +
            static_cast<ptrdiff_t>(std::min(next, printed.size())),
        printed.end(),
        [&](const PrintedSheet& sheet) { return sheet.name == should.name; });
    if (has == printed.end()) {
      comparison.AddSheet(should.name, false);
      continue;
    }
    const auto place = static_cast<size_t>(has - printed.begin());
    for (; next < place; ++next) comparison.AddSheet(printed[next].name, true);
    next = place + 1;
    comparison.Compare(*has, should);
  }
  for (; next < printed.size(); ++next) {
    comparison.AddSheet(printed[next].name, true);
  }
  return comparison.Take();
}

}  // namespace daybook::cli
