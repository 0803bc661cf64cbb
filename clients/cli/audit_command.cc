#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "clients/cli/command_parts.h"
#include "clients/cli/commands.h"
#include "clients/cli/csv.h"
#include "clients/cli/display_width.h"
#include "clients/cli/entry_text.h"
#include "clients/cli/json.h"
#include "clients/cpp/client.h"
#include "core/base/status_macros.h"
#include "daybook/v1/entry.pb.h"

namespace daybook::cli {
namespace {

struct Column {
  const char* title;
  size_t width;
};

// Wide enough for what there usually is: a replay is printed as it arrives, so
// nobody knows the longest cell.
constexpr Column columns[] = {
    {"position", 8},  {"recorded", 32}, {"source_recorded", 25},
    {"source", 14},   {"event", 36},    {"effective", 10},
    {"document", 10}, {"what", 26},     {"amount_yuan", 16},
    {"about", 0},
};

std::string PaddedRow(const std::vector<std::string>& cells) {
  std::string line;
  for (size_t i = 0; i < cells.size(); ++i) {
    const std::string cell = Printable(cells[i]);
    const size_t width = DisplayWidth(cell);
    const std::string padding(
        columns[i].width > width ? columns[i].width - width : 0, ' ');
    const bool right = i == 0 || i == 8;
    absl::StrAppend(&line, i == 0 ? "" : "  ", right ? padding : "", cell,
                    right ? "" : padding);
  }
  return std::string(absl::StripTrailingAsciiWhitespace(line)) + "\n";
}

absl::Status Replay(const CommandLine& line, Streams& streams) {
  v1::ReplayEventsRequest request;
  request.set_ledger(absl::StrCat(
      "ledgers/", absl::StripPrefix(line.argument(0), "ledgers/")));
  request.set_first_position(line.Number("first").value_or(0));
  request.set_limit(line.Number("limit").value_or(0));
  request.set_subject(line.Text("subject"));
  const std::string format = line.Text("format", "text");
  std::vector<std::string> titles;
  for (const Column& column : columns) titles.push_back(column.title);
  bool first = true;
  return client::Client(line.server())
      .ReplayEvents(request, [&](const v1::StoredEntry& stored) {
        RETURN_IF_ERROR(CheckWritten(streams));
        v1::Entry entry;
        if (!entry.ParseFromString(stored.entry())) {
          return absl::DataLossError(absl::StrCat(
              "the entry at position ", stored.position(), " is no Entry"));
        }
        if (format == "json") {
          streams.out << ToJsonLine(entry) << "\n";
          return absl::OkStatus();
        }
        const bool csv = format == "csv";
        if (first) streams.out << (csv ? CsvRow(titles) : PaddedRow(titles));
        first = false;
        const std::vector<std::string> cells = EntryCells(entry);
        streams.out << (csv ? CsvRow(cells) : PaddedRow(cells));
        return absl::OkStatus();
      });
}

}  // namespace

std::vector<Command> AuditCommands() {
  return {
      {"audit replay",
       "LEDGER",
       "Prints the entries of a ledger in order, as they are stored.",
       {{"first", Flag::Kind::kNumber, "POSITION",
         "where to begin; 0 is the genesis"},
        {"limit", Flag::Kind::kNumber, "N", "at most so many entries"},
        {"subject", Flag::Kind::kText, "NAME",
         "only entries about it and what is under it"},
        {"format",
         Flag::Kind::kChoice,
         "",
         "how to print",
         {"text", "json", "csv"}}},
       1,
       Replay},
  };
}

}  // namespace daybook::cli
