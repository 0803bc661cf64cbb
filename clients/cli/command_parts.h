// What several commands take and do alike.
//
// Thread safety: pure functions, but for what writes to streams.

#ifndef DAYBOOK_CLIENTS_CLI_COMMAND_PARTS_H_
#define DAYBOOK_CLIENTS_CLI_COMMAND_PARTS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "clients/cli/command_line.h"
#include "core/report/figure_text.h"
#include "daybook/v1/report_history.pb.h"

namespace daybook::cli {

// --as-of, --known-at, --min-size, --unit and --format.
Flag AsOfFlag();
Flag KnownAtFlag();
Flag MinSizeFlag();
Flag UnitFlag();
Flag FormatFlag(std::vector<std::string> choices);

// --to-as-of and --to-known-at: the second of two sides.
Flag ToAsOfFlag();
Flag ToKnownAtFlag();

// What --unit says.
MoneyUnit UnitOf(const CommandLine& line);

// The first argument as of --as-of, known at --known-at, with at least
// --min-size entries; what is not given stays absent.
v1::Coordinates CoordinatesOf(const CommandLine& line);

// `name` as of --to-as-of, else of `as_of` where it is not null; known at
// --to-known-at.
v1::Coordinates SecondCoordinatesOf(const CommandLine& line,
                                    const std::string& name,
                                    const v1::Date* as_of);

// Errors: FAILED_PRECONDITION when what was written did not arrive. For
// commands that print while answers come, so that nobody asks on for nothing.
absl::Status CheckWritten(const Streams& streams);

}  // namespace daybook::cli

#endif  // DAYBOOK_CLIENTS_CLI_COMMAND_PARTS_H_
