// Rows of comma-separated values.
//
// Thread safety: pure functions.
//
// Format: RFC 4180, but with LF line ends; UTF-8 without byte-order mark.

#ifndef DAYBOOK_CLIENTS_CLI_CSV_H_
#define DAYBOOK_CLIENTS_CLI_CSV_H_

#include <string>
#include <vector>

namespace daybook::cli {

// One line with its end; cells are quoted where they must be.
std::string CsvRow(const std::vector<std::string>& cells);

}  // namespace daybook::cli

#endif  // DAYBOOK_CLIENTS_CLI_CSV_H_
