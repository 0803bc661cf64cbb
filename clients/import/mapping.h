// A mapping file: which column of a table means what.
//
// Protobuf's text format, so that its problems have line numbers; the message
// is daybook.internal.VoucherMapping.
//
// Thread safety: pure functions.
//
// Format: proto/daybook/internal/import_mapping.proto, docs/import.md.

#ifndef DAYBOOK_CLIENTS_IMPORT_MAPPING_H_
#define DAYBOOK_CLIENTS_IMPORT_MAPPING_H_

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "daybook/internal/import_mapping.pb.h"

namespace daybook::importer {

inline constexpr size_t mapping_bytes_max = size_t{1} << 20;
inline constexpr int key_columns_max = 16;

// What the words of a field must become.
enum class Vocabulary {
  kFree,
  kFund,
  kNature,
  kSourceRow,
  kPaymentMethod,
  kYesNo,
};

// Number of `word` in the enum of the vocabulary, -1 when it has none; of yes
// and no 1 and 0.
int NumberOf(Vocabulary vocabulary, absl::string_view word);

// "general, government_fund, …", for remedies.
std::string WordsOf(Vocabulary vocabulary);

// Checks all of it; `name` stands before the line in messages.
//
// Errors: INVALID_ARGUMENT with all problems, one a line: "FILE:LINE: what is
// wrong; what to do".
absl::StatusOr<internal::VoucherMapping> ParseVoucherMapping(
    absl::string_view text, const std::string& name);

// As above. Errors, besides: NOT_FOUND when there is no such file.
absl::StatusOr<internal::VoucherMapping> ReadVoucherMapping(
    const std::string& path);

}  // namespace daybook::importer

#endif  // DAYBOOK_CLIENTS_IMPORT_MAPPING_H_
