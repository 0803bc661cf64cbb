// Reads what --known-at may say.
//
// Thread safety: pure functions.

#ifndef DAYBOOK_CLIENTS_CLI_KNOWN_AT_H_
#define DAYBOOK_CLIENTS_CLI_KNOWN_AT_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "daybook/v1/values.pb.h"

namespace daybook::cli {

// A size ("559"); a day, whose end in UTC+8 is meant ("2024-10-15"); or a time
// with its zone ("2024-10-15T12:00:00+08:00").
//
// Errors: INVALID_ARGUMENT for anything else.
absl::StatusOr<v1::KnownAt> ParseKnownAt(absl::string_view text);

}  // namespace daybook::cli

#endif  // DAYBOOK_CLIENTS_CLI_KNOWN_AT_H_
