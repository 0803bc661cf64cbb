// Table: rows of cells that line up on a terminal.
//
// Thread safety: thread-compatible.

#ifndef DAYBOOK_CLIENTS_CLI_TABLE_H_
#define DAYBOOK_CLIENTS_CLI_TABLE_H_

#include <string>
#include <vector>

namespace daybook::cli {

class Table {
 public:
  enum class Align { kLeft, kRight };

  struct Column {
    std::string title;
    Align align = Align::kLeft;
  };

  explicit Table(std::vector<Column> columns);

  // As many cells as there are columns, shown as Printable.
  void AddRow(std::vector<std::string> cells);

  // A line across, between the rows added before and after.
  void AddRule();

  // Titles, a line, the rows; two blanks between columns, none at line ends.
  std::string ToString() const;

 private:
  const std::vector<Column> columns_;
  // An empty row is a rule.
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace daybook::cli

#endif  // DAYBOOK_CLIENTS_CLI_TABLE_H_
