// The sheet of a sample: what was drawn, with room for what is found.
//
// Thread safety: pure functions, but for what writes files.

#ifndef DAYBOOK_CLIENTS_CLI_SAMPLE_SHEET_H_
#define DAYBOOK_CLIENTS_CLI_SAMPLE_SHEET_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"

namespace daybook::cli {

struct SampleSheet {
  // Where and how it was drawn: name and value.
  std::vector<std::pair<std::string, std::string>> facts;

  struct Row {
    uint64_t position = 0;
    std::string effective;
    std::string numbers;
    std::string kind;
    std::string identity;
    int64_t fen = 0;
    uint64_t hits = 0;
  };
  std::vector<Row> rows;
};

// For a terminal.
std::string SampleText(const SampleSheet& sheet);

// The facts, an empty line, and the rows with empty columns for the findings.
std::string SampleCsv(const SampleSheet& sheet);

// The same as a workbook, which must not exist yet.
//
// Errors: ALREADY_EXISTS; FAILED_PRECONDITION when it can not be written.
absl::Status WriteSampleWorkbook(const SampleSheet& sheet,
                                 const std::string& path);

}  // namespace daybook::cli

#endif  // DAYBOOK_CLIENTS_CLI_SAMPLE_SHEET_H_
