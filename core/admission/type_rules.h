// TypeRules: what every message of an event is held to, whatever it says: which
// fields and values there are, and how long strings may be.
//
// Looked up once for each type of message, from its descriptor and one table.
//
// Thread safety: constant once made.

#ifndef DAYBOOK_CORE_ADMISSION_TYPE_RULES_H_
#define DAYBOOK_CORE_ADMISSION_TYPE_RULES_H_

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include "absl/strings/string_view.h"

namespace daybook {

// How long a string may be, and whether it must not be empty.
struct StringRule {
  size_t bytes_max = 256;
  bool required = false;
};

// What is to be checked of a type of messages, looked up once.
struct TypeRules {
  struct Field {
    const google::protobuf::FieldDescriptor* field = nullptr;
    StringRule rule;
    // Longer text may have lines, and tabs.
    bool lines = false;
    bool personal = false;
    // Bytes, not text.
    bool binary = false;
    // Of a message.
    const TypeRules* type = nullptr;
  };

  // Strings, enums and messages, but those of `choices`.
  std::vector<Field> fields;

  // The fields of each oneof, by number: at most one of them is there.
  struct Choice {
    const google::protobuf::OneofDescriptor* oneof = nullptr;
    std::map<int, Field> fields;
  };
  std::vector<Choice> choices;

  // All fields by number, as they stand in the bytes of a message.
  struct Wire {
    enum class Kind : uint8_t { kUnknown, kNumber, kEnum, kString, kMessage };

    Kind kind = Kind::kUnknown;
    // How it is written, and whether several may be written as one string of
    // bytes.
    uint32_t type = 0;
    bool packable = false;
    // Of a string or message.
    const Field* field = nullptr;
    // Bit of an enum's value; one with other values than 0 to 63 has none.
    uint64_t values = 0;
    // The bit of `required` that the field stands for.
    uint64_t required = 0;
  };
  std::vector<Wire> wire;
  // A bit for each string that must be there.
  uint64_t required = 0;
};

// Of an event or personal data, and all that is in them.
const TypeRules& RulesOf(const google::protobuf::Descriptor& type);

// `lines`: ends of lines and tabs may stand.
inline bool HasControlCharacter(absl::string_view text, bool lines = false) {
  // Without an early end, so that the compiler looks at many bytes at a time.
  unsigned found = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    found |= static_cast<unsigned>(byte < 0x20) |
             static_cast<unsigned>(byte == 0x7F);
  }
  if (found == 0 || !lines) return found != 0;
  return std::any_of(text.begin(), text.end(), [](char c) {
    if (c == '\n' || c == '\r' || c == '\t') return false;
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
  });
}

// Nothing but spaces.
inline bool IsBlank(absl::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c == ' '; });
}

}  // namespace daybook

#endif  // DAYBOOK_CORE_ADMISSION_TYPE_RULES_H_
