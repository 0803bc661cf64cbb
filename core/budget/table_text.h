// The plain text tables that code lists and forms are written in.
//
// One row a line, cells between commas, surrounding blanks ignored; empty lines
// and lines that begin with # are skipped. No quoting: a cell holds no comma.
//
// Thread safety: pure functions.

#ifndef DAYBOOK_CORE_BUDGET_TABLE_TEXT_H_
#define DAYBOOK_CORE_BUDGET_TABLE_TEXT_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace daybook {

struct TableRow {
  // From 1, for error messages.
  int line = 0;
  std::vector<std::string> cells;
};

std::vector<TableRow> ReadTable(absl::string_view text);

}  // namespace daybook

#endif  // DAYBOOK_CORE_BUDGET_TABLE_TEXT_H_
