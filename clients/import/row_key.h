// What tells one row of a source from all others, as text.
//
// Thread safety: pure functions.
//
// Rules: docs/import.md, "Identity".

#ifndef DAYBOOK_CLIENTS_IMPORT_ROW_KEY_H_
#define DAYBOOK_CLIENTS_IMPORT_ROW_KEY_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"

namespace daybook::importer {

// Longest key of a row: event ids have 64 bytes, and a revision takes up to 6
// of them ("#9999~").
inline constexpr size_t key_bytes_max = 58;

// What joins the parts of a key to text that is unique within the source: the
// parts between slashes where that is unmistakable and short enough, else a
// digest of them.
std::string KeyOf(const std::vector<std::string>& parts);

// The first 16 bytes of the SHA-256 of `key`.
std::pair<uint64_t, uint64_t> KeyDigest(absl::string_view key);

}  // namespace daybook::importer

#endif  // DAYBOOK_CLIENTS_IMPORT_ROW_KEY_H_
