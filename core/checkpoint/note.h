// Note: text with signatures below it, in a form that people can read and mail.
//
// A note that parses is well-formed and nothing more: its text means nothing
// until a signature by a known key was checked (core/checkpoint/verify_note.h).
// Every note has one spelling; formatting what was parsed gives the same bytes.
//
// Thread safety: value types and pure functions.
//
// Format: c2sp.org/signed-note; docs/formats/checkpoint.md.

#ifndef DAYBOOK_CORE_CHECKPOINT_NOTE_H_
#define DAYBOOK_CORE_CHECKPOINT_NOTE_H_

#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/base/strong_int.h"

namespace daybook::checkpoint {

// The longest note, and the most signatures in one. A post-quantum signature
// takes about 3 KB of text.
inline constexpr size_t note_bytes_max = size_t{1} << 20;
inline constexpr size_t note_signatures_max = 100;

// Tells keys of the same name apart, and what they sign. Short: it finds a key,
// and proves nothing.
using KeyId = StrongInt<struct KeyIdTag, uint32_t>;

struct NoteSignature {
  // Who signed, as the line says.
  std::string name;
  KeyId id;

  // What follows the id: at least one byte, its meaning the key's affair.
  std::string bytes;

  friend auto operator<=>(const NoteSignature&, const NoteSignature&) = default;
};

struct Note {
  // What is signed, with the newline at its end.
  std::string text;

  // In the order of their lines, repetitions included.
  std::vector<NoteSignature> signatures;

  friend auto operator<=>(const Note&, const Note&) = default;
};

// Errors: INVALID_ARGUMENT when it is not a note: not UTF-8, a control
// character, no text, no signature, a malformed signature line, or beyond a
// limit.
absl::StatusOr<Note> ParseNote(absl::string_view bytes);

// Errors: INVALID_ARGUMENT when ParseNote would not give the note back.
absl::StatusOr<std::string> FormatNote(const Note& note);

// Signature lines alone, as a witness answers them; at least one.
//
// Errors: INVALID_ARGUMENT as ParseNote.
absl::StatusOr<std::vector<NoteSignature>> ParseSignatureLines(
    absl::string_view lines);

// One signature line, with its newline. The signature must be one that
// ParseNote could give.
std::string FormatSignatureLine(const NoteSignature& signature);

}  // namespace daybook::checkpoint

#endif  // DAYBOOK_CORE_CHECKPOINT_NOTE_H_
