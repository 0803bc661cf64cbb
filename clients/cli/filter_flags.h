// The flags that say which entries an auditor asks for.
//
// Thread safety: pure functions.

#ifndef DAYBOOK_CLIENTS_CLI_FILTER_FLAGS_H_
#define DAYBOOK_CLIENTS_CLI_FILTER_FLAGS_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "clients/cli/command_line.h"
#include "daybook/v1/audit_service.pb.h"

namespace daybook::cli {

// --subject, --source, --principal and --kind.
std::vector<Flag> WhoseFlags();

// --number, --min-amount, --max-amount and --economic-code.
std::vector<Flag> ContentFlags();

// What they say, and --payee where it is given.
//
// Errors: INVALID_ARGUMENT naming the flag.
absl::StatusOr<v1::EntryFilter> FilterOf(const CommandLine& line);

// 12.34 yuan in fen, exactly.
//
// Errors: INVALID_ARGUMENT when it is no amount of at most two decimals, or is
// negative or larger than any event's.
absl::StatusOr<int64_t> ParseYuan(absl::string_view text);

// When a day begins in UTC+8, or ends where `after`; or a time with its zone.
// Microseconds since 1970 UTC.
//
// Errors: INVALID_ARGUMENT for anything else.
absl::StatusOr<int64_t> ParseMoment(absl::string_view text, bool after);

}  // namespace daybook::cli

#endif  // DAYBOOK_CLIENTS_CLI_FILTER_FLAGS_H_
