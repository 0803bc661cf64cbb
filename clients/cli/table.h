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

  // For more rows than one wants to keep: what ToString gives for the rows
  // added since the last time, titles the first time alone. Later rows line up
  // with earlier ones unless they need more room.
  std::string TakeRows();

 private:
  std::vector<size_t> Widths() const;
  std::string Lines(const std::vector<size_t>& widths, bool titles) const;

  const std::vector<Column> columns_;
  // Of the rows taken.
  std::vector<size_t> widths_;
  bool taken_ = false;
  // An empty row is a rule.
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace daybook::cli

#endif  // DAYBOOK_CLIENTS_CLI_TABLE_H_
