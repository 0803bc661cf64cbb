#include "core/checkpoint/note.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "core/base/status_macros.h"
#include "core/checkpoint/base64.h"
#include "core/checkpoint/note_text.h"

namespace daybook::checkpoint {
namespace {

// An em dash (U+2014) and a space.
constexpr absl::string_view line_start = "\xE2\x80\x94 ";

constexpr size_t id_bytes = 4;

absl::Status NotALine(size_t number, absl::string_view problem) {
  return absl::InvalidArgumentError(
      absl::StrCat("signature line ", number, " ", problem));
}

absl::Status CheckText(absl::string_view bytes) {
  if (bytes.size() > note_bytes_max) {
    return absl::InvalidArgumentError(absl::StrCat(
        "a note has at most ", note_bytes_max, " bytes, not ", bytes.size()));
  }
  if (!IsNoteText(bytes)) {
    return absl::InvalidArgumentError(
        "a note is UTF-8 without control characters other than newline");
  }
  return absl::OkStatus();
}

// `number` counts lines from 1.
absl::StatusOr<NoteSignature> ParseLine(absl::string_view line, size_t number) {
  if (!absl::ConsumePrefix(&line, line_start)) {
    return NotALine(number, "does not begin with an em dash and a space");
  }
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(line, absl::MaxSplits(' ', 1));
  if (!IsKeyName(parts.first)) {
    return NotALine(number, "has no key name without spaces and plus signs");
  }
  const auto payload = DecodeBase64(parts.second);
  if (!payload.ok() || payload->size() <= id_bytes) {
    return NotALine(number,
                    "does not end with base64 of a key id and a signature");
  }
  uint32_t id = 0;
  for (size_t i = 0; i < id_bytes; ++i) {
    id = id << 8 | static_cast<unsigned char>((*payload)[i]);
  }
  return NoteSignature{std::string(parts.first), KeyId(id),
                       payload->substr(id_bytes)};
}

// `lines` is checked text.
absl::StatusOr<std::vector<NoteSignature>> ParseLines(absl::string_view lines) {
  std::vector<NoteSignature> signatures;
  if (!absl::ConsumeSuffix(&lines, "\n")) {
    return absl::InvalidArgumentError(
        "at least one signature line follows, and the last ends with a "
        "newline");
  }
  for (const absl::string_view line : absl::StrSplit(lines, '\n')) {
    if (signatures.size() == note_signatures_max) {
      return absl::InvalidArgumentError(absl::StrCat(
          "a note has at most ", note_signatures_max, " signatures"));
    }
    ASSIGN_OR_RETURN(NoteSignature signature,
                     ParseLine(line, signatures.size() + 1));
    signatures.push_back(std::move(signature));
  }
  return signatures;
}

}  // namespace

absl::StatusOr<Note> ParseNote(absl::string_view bytes) {
  RETURN_IF_ERROR(CheckText(bytes));
  // The last empty line: the text may have some of its own.
  const size_t end = bytes.rfind("\n\n");
  if (end == absl::string_view::npos) {
    return absl::InvalidArgumentError(
        "a note is text, an empty line and signature lines");
  }
  Note note;
  note.text = std::string(bytes.substr(0, end + 1));
  ASSIGN_OR_RETURN(note.signatures, ParseLines(bytes.substr(end + 2)));
  return note;
}

absl::StatusOr<std::string> FormatNote(const Note& note) {
  std::string bytes = absl::StrCat(note.text, "\n");
  for (const NoteSignature& signature : note.signatures) {
    absl::StrAppend(&bytes, FormatSignatureLine(signature));
  }
  ASSIGN_OR_RETURN(const Note again, ParseNote(bytes));
  if (again != note) {
    return absl::InvalidArgumentError(
        "the text does not end with a newline, or a name has one");
  }
  return bytes;
}

absl::StatusOr<std::vector<NoteSignature>> ParseSignatureLines(
    absl::string_view lines) {
  RETURN_IF_ERROR(CheckText(lines));
  return ParseLines(lines);
}

std::string FormatSignatureLine(const NoteSignature& signature) {
  std::string payload;
  for (int shift = 24; shift >= 0; shift -= 8) {
    payload.push_back(static_cast<char>(signature.id.value() >> shift & 0xFF));
  }
  payload += signature.bytes;
  return absl::StrCat(line_start, signature.name, " ", EncodeBase64(payload),
                      "\n");
}

}  // namespace daybook::checkpoint
