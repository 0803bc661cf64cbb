// What text, key names and numbers in a signed note may look like.
//
// Thread safety: pure functions.
//
// Rules: c2sp.org/signed-note; docs/formats/checkpoint.md.

#ifndef DAYBOOK_CORE_CHECKPOINT_NOTE_TEXT_H_
#define DAYBOOK_CORE_CHECKPOINT_NOTE_TEXT_H_

#include <cstddef>
#include <cstdint>
#include <optional>

#include "absl/strings/string_view.h"

namespace daybook::checkpoint {

// The longest name of a key, and the longest origin of a log: some signatures
// tell their length in one byte.
inline constexpr size_t key_name_bytes_max = 255;

// Whether it is UTF-8 (no overlong form, no surrogate) without control
// characters below U+0020 except newlines.
bool IsNoteText(absl::string_view text);

// Whether it can name a key: note text of 1 to `key_name_bytes_max` bytes
// without newline, Unicode space or plus sign.
bool IsKeyName(absl::string_view name);

// The number that `text` is the one decimal spelling of; absent when it is
// none, or does not fit into 64 bits.
std::optional<uint64_t> ParseDecimal(absl::string_view text);

}  // namespace daybook::checkpoint

#endif  // DAYBOOK_CORE_CHECKPOINT_NOTE_TEXT_H_
