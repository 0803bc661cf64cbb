// Where a printed report is not as it should be.
//
// Thread safety: value types and pure functions.

#ifndef DAYBOOK_CLIENTS_CLI_REPORT_DIFFERENCE_H_
#define DAYBOOK_CLIENTS_CLI_REPORT_DIFFERENCE_H_

#include <cstddef>
#include <string>
#include <vector>

#include "clients/cli/report_sheets.h"

namespace daybook::cli {

struct PrintedDifference {
  std::string sheet = "";
  // From 1, as it is in the file; 0 where the whole sheet is meant.
  size_t row = 0;

  // As PrintedCell::figure, of what should stand there; empty for headings.
  std::string figure = "";
  // What stands at the beginning of the row.
  std::string label = "";

  // The text in the file, and the one that should be there; `missing` and
  // `added` where one of them has no such row.
  std::string printed = "";
  std::string expected = "";
  bool missing = false;
  bool added = false;
};

struct PrintedDifferences {
  // The first `differences_max`.
  std::vector<PrintedDifference> first;
  size_t total = 0;
};

inline constexpr size_t differences_max = 1'000;

// How cells are held against each other.
enum class CellsEqual {
  // All of it: text, place, and which figure it is said to be.
  kExactly,
  // Texts, and numbers by value; kinds of rows do not matter. A spreadsheet
  // keeps no more.
  kByValue,
};

PrintedDifferences CompareSheets(const PrintedSheets& printed,
                                 const PrintedSheets& expected,
                                 CellsEqual equal);

}  // namespace daybook::cli

#endif  // DAYBOOK_CLIENTS_CLI_REPORT_DIFFERENCE_H_
