// UTF-8 text in messages.
//
// Thread safety: pure functions.

#ifndef DAYBOOK_CORE_BASE_UTF8_H_
#define DAYBOOK_CORE_BASE_UTF8_H_

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"

namespace daybook {

// `text` cut to at most `bytes_max`, never within a character.
inline std::string Shortened(absl::string_view text, size_t bytes_max) {
  if (text.size() <= bytes_max) return std::string(text);
  size_t end = bytes_max;
  // Bytes of the form 10xxxxxx continue a character.
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) {
    --end;
  }
  return std::string(text.substr(0, end));
}

}  // namespace daybook

#endif  // DAYBOOK_CORE_BASE_UTF8_H_
