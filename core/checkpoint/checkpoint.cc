#include "core/checkpoint/checkpoint.h"

#include <algorithm>
#include <cstdint>
#include <optional>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "core/base/status_macros.h"
#include "core/checkpoint/base64.h"
#include "core/checkpoint/note.h"
#include "core/checkpoint/note_text.h"

namespace daybook::checkpoint {
namespace {

constexpr size_t lines_min = 3;

absl::Status NotACheckpoint(absl::string_view problem) {
  return absl::InvalidArgumentError(
      absl::StrCat("this is not a checkpoint: ", problem));
}

}  // namespace

absl::StatusOr<Checkpoint> ParseCheckpoint(absl::string_view text) {
  if (text.size() > note_bytes_max || !IsNoteText(text)) {
    return NotACheckpoint(absl::StrCat("it is not UTF-8 of at most ",
                                       note_bytes_max,
                                       " bytes without control characters"));
  }
  if (!absl::ConsumeSuffix(&text, "\n")) {
    return NotACheckpoint("it does not end with a newline");
  }
  const std::vector<absl::string_view> lines = absl::StrSplit(text, '\n');
  if (lines.size() < lines_min ||
      std::any_of(lines.begin(), lines.end(),
                  [](absl::string_view line) { return line.empty(); })) {
    return NotACheckpoint("it needs three lines, and none may be empty");
  }
  if (lines[0].size() > key_name_bytes_max) {
    return NotACheckpoint(absl::StrCat("its origin has more than ",
                                       key_name_bytes_max, " bytes"));
  }
  const std::optional<uint64_t> size = ParseDecimal(lines[1]);
  if (!size.has_value() || *size > merkle::tree_size_max.value()) {
    return NotACheckpoint(
        absl::StrCat("line 2 is not a size in decimal, at most ",
                     merkle::tree_size_max.value()));
  }
  const auto root = DecodeBase64Hash(lines[2]);
  if (!root.ok()) return NotACheckpoint("line 3 is not base64 of a hash");
  return Checkpoint{std::string(lines[0]),
                    {LogSize(*size), *root},
                    {lines.begin() + lines_min, lines.end()}};
}

absl::StatusOr<std::string> FormatCheckpoint(const Checkpoint& checkpoint) {
  std::string text =
      absl::StrCat(checkpoint.origin, "\n", checkpoint.head.size.value(), "\n",
                   EncodeBase64(checkpoint.head.root.bytes()), "\n");
  for (const std::string& extension : checkpoint.extensions) {
    absl::StrAppend(&text, extension, "\n");
  }
  ASSIGN_OR_RETURN(const Checkpoint again, ParseCheckpoint(text));
  if (again != checkpoint) {
    return NotACheckpoint("there is a newline in its origin or an extension");
  }
  return text;
}

}  // namespace daybook::checkpoint
