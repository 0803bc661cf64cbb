#include "core/budget/table_text.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_split.h"

namespace daybook {

std::vector<TableRow> ReadTable(absl::string_view text) {
  std::vector<TableRow> rows;
  int line = 0;
  for (absl::string_view raw : absl::StrSplit(text, '\n')) {
    ++line;
    const absl::string_view content = absl::StripAsciiWhitespace(raw);
    if (content.empty() || content.front() == '#') continue;
    TableRow& row = rows.emplace_back();
    row.line = line;
    for (absl::string_view cell : absl::StrSplit(content, ',')) {
      row.cells.emplace_back(absl::StripAsciiWhitespace(cell));
    }
  }
  return rows;
}

}  // namespace daybook
