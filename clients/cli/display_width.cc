#include "clients/cli/display_width.h"

#include <cstdint>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_split.h"

namespace daybook::cli {
namespace {

struct Character {
  uint32_t code = 0;
  absl::string_view bytes;
};

// The first character of `text`, which is not empty.
Character Next(absl::string_view text) {
  const auto byte = [&](size_t i) {
    return static_cast<unsigned char>(text[i]);
  };
  const unsigned char lead = byte(0);
  size_t size = 1;
  uint32_t code = lead;
  if (lead >= 0xF0) {
    size = 4;
    code = lead & 0x07;
  } else if (lead >= 0xE0) {
    size = 3;
    code = lead & 0x0F;
  } else if (lead >= 0xC0) {
    size = 2;
    code = lead & 0x1F;
  }
  if (size > text.size()) return {lead, text.substr(0, 1)};
  for (size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return {lead, text.substr(0, 1)};
    code = (code << 6) | (byte(i) & 0x3F);
  }
  return {code, text.substr(0, size)};
}

constexpr std::pair<uint32_t, uint32_t> wide_ranges[] = {
    {0x1100, 0x115F},   {0x2E80, 0x303E}, {0x3041, 0x33FF}, {0x3400, 0x4DBF},
    {0x4E00, 0x9FFF},   {0xA000, 0xA4CF}, {0xAC00, 0xD7A3}, {0xF900, 0xFAFF},
    {0xFE30, 0xFE4F},   {0xFF00, 0xFF60}, {0xFFE0, 0xFFE6}, {0x1F300, 0x1FAFF},
    {0x20000, 0x3FFFD},
};

constexpr std::pair<uint32_t, uint32_t> combining_ranges[] = {
    {0x0300, 0x036F}, {0x1AB0, 0x1AFF}, {0x1DC0, 0x1DFF},
    {0x200B, 0x200F}, {0x20D0, 0x20FF}, {0x302A, 0x302D},
    {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F}, {0xFEFF, 0xFEFF},
};

size_t WidthOf(uint32_t code) {
  for (const auto& [first, last] : combining_ranges) {
    if (code >= first && code <= last) return 0;
  }
  for (const auto& [first, last] : wide_ranges) {
    if (code >= first && code <= last) return 2;
  }
  return 1;
}

bool IsClosing(absl::string_view bytes) {
  for (const char* mark : {"，", "。", "；", "：", "、", "）", "”", "！", "？",
                           ",", ".", ";", ":", ")", "%"}) {
    if (bytes == mark) return true;
  }
  return false;
}

bool IsWord(absl::string_view bytes) {
  const auto c = static_cast<unsigned char>(bytes[0]);
  return bytes.size() == 1 && (absl::ascii_isalnum(c) || c == '.' || c == '-');
}

void WrapLine(absl::string_view line, size_t width,
              std::vector<std::string>& out) {
  std::string current;
  size_t used = 0;
  while (!line.empty()) {
    // A unit that stays together: a word, or a character with the closing marks
    // behind it, as far as one line holds it.
    size_t size = Next(line).bytes.size();
    size_t columns = DisplayWidth(line.substr(0, size));
    while (size < line.size()) {
      const absl::string_view last = line.substr(size - 1, 1);
      const absl::string_view next = Next(line.substr(size)).bytes;
      if (!IsClosing(next) && !(IsWord(last) && IsWord(next))) break;
      if (columns + DisplayWidth(next) > width) break;
      size += next.size();
      columns += DisplayWidth(next);
    }
    const absl::string_view unit = line.substr(0, size);
    if (used > 0 && used + columns > width) {
      absl::StripTrailingAsciiWhitespace(&current);
      out.push_back(std::move(current));
      current.clear();
      used = 0;
      if (unit == " ") {
        line.remove_prefix(size);
        continue;
      }
    }
    current.append(unit.data(), unit.size());
    used += columns;
    line.remove_prefix(size);
  }
  out.push_back(std::move(current));
}

}  // namespace

size_t DisplayWidth(absl::string_view text) {
  size_t width = 0;
  while (!text.empty()) {
    const Character character = Next(text);
    width += WidthOf(character.code);
    text.remove_prefix(character.bytes.size());
  }
  return width;
}

std::string Printable(absl::string_view text) {
  std::string result;
  while (!text.empty()) {
    const Character character = Next(text);
    const bool control = character.code < 0x20 ||
                         (character.code >= 0x7F && character.code < 0xA0);
    result.append(control ? "\uFFFD" : std::string(character.bytes));
    text.remove_prefix(character.bytes.size());
  }
  return result;
}

std::vector<std::string> Wrap(absl::string_view text, size_t width) {
  std::vector<std::string> lines;
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    WrapLine(Printable(line), width, lines);
  }
  return lines;
}

}  // namespace daybook::cli
