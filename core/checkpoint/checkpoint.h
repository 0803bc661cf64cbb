// Checkpoint: what a log signs, the size and the root of its tree.
//
// Whoever holds two checkpoints of a log can ask for a proof that the larger
// one continues the smaller (core/merkle/verify.h). It is the text of a note;
// when it was signed is no part of it.
//
// Thread safety: value types and pure functions.
//
// Format: c2sp.org/tlog-checkpoint; docs/formats/checkpoint.md.

#ifndef DAYBOOK_CORE_CHECKPOINT_CHECKPOINT_H_
#define DAYBOOK_CORE_CHECKPOINT_CHECKPOINT_H_

#include <compare>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/merkle/tree.h"

namespace daybook::checkpoint {

struct Checkpoint {
  // Which log: 1 to `key_name_bytes_max` bytes. Ours is the name of its key.
  std::string origin;

  merkle::TreeHead head;

  // Lines that others add to theirs, without newlines, none empty. We write
  // none.
  std::vector<std::string> extensions;

  friend auto operator<=>(const Checkpoint&, const Checkpoint&) = default;
};

// Reads the text of a note. The root is as stated, also that of size 0.
//
// Errors: INVALID_ARGUMENT when it is not a checkpoint's text: it is longer
// than a note, has an empty line, less than three lines or not one newline at
// the end, or a line is not what it should be.
absl::StatusOr<Checkpoint> ParseCheckpoint(absl::string_view text);

// The text of the note.
//
// Errors: INVALID_ARGUMENT when ParseCheckpoint would not give it back.
absl::StatusOr<std::string> FormatCheckpoint(const Checkpoint& checkpoint);

}  // namespace daybook::checkpoint

#endif  // DAYBOOK_CORE_CHECKPOINT_CHECKPOINT_H_
