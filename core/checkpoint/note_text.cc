#include "core/checkpoint/note_text.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"

namespace daybook::checkpoint {
namespace {

// Takes the first character of `rest`, which is not empty; absent when it is
// not UTF-8.
std::optional<char32_t> TakeCharacter(absl::string_view& rest) {
  const auto byte = [&](size_t i) {
    return static_cast<unsigned char>(rest[i]);
  };
  const unsigned char first = byte(0);
  size_t length = 1;
  // The smallest character that needs this length.
  char32_t smallest = 0;
  char32_t character = first;
  if (first >= 0xF0) {
    length = 4;
    smallest = 0x10000;
    character = first & 0x07;
  } else if (first >= 0xE0) {
    length = 3;
    smallest = 0x800;
    character = first & 0x0F;
  } else if (first >= 0xC0) {
    length = 2;
    smallest = 0x80;
    character = first & 0x1F;
  } else if (first >= 0x80) {
    return std::nullopt;
  }
  if (first >= 0xF8 || rest.size() < length) return std::nullopt;
  for (size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return std::nullopt;
    character = character << 6 | (byte(i) & 0x3F);
  }
  if (character < smallest || character > 0x10FFFF ||
      (character >= 0xD800 && character <= 0xDFFF)) {
    return std::nullopt;
  }
  rest.remove_prefix(length);
  return character;
}

// Unicode's property White_Space, of characters from U+0020 on.
bool IsSpace(char32_t c) {
  return c == 0x20 || c == 0x85 || c == 0xA0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 ||
         c == 0x202F || c == 0x205F || c == 0x3000;
}

}  // namespace

bool IsNoteText(absl::string_view text) {
  while (!text.empty()) {
    const std::optional<char32_t> character = TakeCharacter(text);
    if (!character.has_value() || (*character < 0x20 && *character != '\n')) {
      return false;
    }
  }
  return true;
}

bool IsKeyName(absl::string_view name) {
  if (name.empty() || name.size() > key_name_bytes_max) return false;
  while (!name.empty()) {
    const std::optional<char32_t> character = TakeCharacter(name);
    if (!character.has_value() || *character < 0x20 || *character == '+' ||
        IsSpace(*character)) {
      return false;
    }
  }
  return true;
}

std::optional<uint64_t> ParseDecimal(absl::string_view text) {
  const bool digits =
      !text.empty() &&
      std::all_of(text.begin(), text.end(),
                  [](unsigned char c) { return absl::ascii_isdigit(c); });
  uint64_t value = 0;
  if (!digits || (text.size() > 1 && text.front() == '0') ||
      !absl::SimpleAtoi(text, &value)) {
    return std::nullopt;
  }
  return value;
}

}  // namespace daybook::checkpoint
