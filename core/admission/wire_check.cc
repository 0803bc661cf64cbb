#include "core/admission/wire_check.h"

#include <cstdint>
#include <optional>

namespace daybook {
namespace {

// Of protobuf; no message here has numbers of fixed length.
enum WireType : uint32_t { kVarint = 0, kLength = 2 };

constexpr uint32_t type_bits = 3;

// Takes what a message is made of off the front of its bytes.
class WireReader {
 public:
  explicit WireReader(absl::string_view bytes)
      : next_(bytes.data()), end_(bytes.data() + bytes.size()) {}

  bool at_end() const { return next_ == end_; }

  std::optional<uint64_t> Varint() {
    uint64_t number = 0;
    for (unsigned shift = 0; shift < 64 && next_ != end_; shift += 7) {
      const auto byte = static_cast<unsigned char>(*next_++);
      number |= uint64_t{byte & 0x7Fu} << shift;
      if (byte < 0x80) return number;
    }
    return std::nullopt;
  }

  std::optional<absl::string_view> Bytes(uint64_t size) {
    if (size > static_cast<uint64_t>(end_ - next_)) return std::nullopt;
    const absl::string_view bytes(next_, static_cast<size_t>(size));
    next_ += size;
    return bytes;
  }

 private:
  const char* next_;
  const char* const end_;
};

bool IsInOrder(const std::optional<uint64_t>& number,
               const TypeRules::Wire& field) {
  if (!number.has_value()) return false;
  return field.kind != TypeRules::Wire::Kind::kEnum ||
         (*number < 64 && (field.values >> *number & 1) != 0);
}

// Several numbers of a repeated field.
bool ArePackedInOrder(absl::string_view bytes, const TypeRules::Wire& field) {
  for (WireReader reader(bytes); !reader.at_end();) {
    if (!IsInOrder(reader.Varint(), field)) return false;
  }
  return true;
}

bool IsStringInOrder(absl::string_view text, const TypeRules::Field& field) {
  return text.size() <= field.rule.bytes_max &&
         (field.personal || field.binary ||
          !HasControlCharacter(text, field.lines)) &&
         !(field.rule.required && IsBlank(text));
}

bool IsInOrder(absl::string_view bytes, const TypeRules::Wire& field) {
  switch (field.kind) {
    case TypeRules::Wire::Kind::kString:
      return IsStringInOrder(bytes, *field.field);
    case TypeRules::Wire::Kind::kMessage:
      return IsInOrder(bytes, *field.field->type);
    case TypeRules::Wire::Kind::kNumber:
    case TypeRules::Wire::Kind::kEnum:
      return ArePackedInOrder(bytes, field);
    case TypeRules::Wire::Kind::kUnknown:
      return false;
  }
  return false;
}

}  // namespace

bool IsInOrder(absl::string_view bytes, const TypeRules& rules) {
  uint64_t missing = rules.required;
  for (WireReader reader(bytes); !reader.at_end();) {
    const std::optional<uint64_t> tag = reader.Varint();
    const uint64_t number = tag.value_or(0) >> type_bits;
    if (number == 0 || number >= rules.wire.size()) return false;
    const TypeRules::Wire& field = rules.wire[number];
    if (field.kind == TypeRules::Wire::Kind::kUnknown) return false;
    missing &= ~field.required;
    const uint64_t type = *tag & ((1u << type_bits) - 1);
    // What is written otherwise than its type is an unknown field too.
    if (type != field.type && !(type == WireType::kLength && field.packable)) {
      return false;
    }
    switch (type) {
      case WireType::kVarint:
        if (!IsInOrder(reader.Varint(), field)) return false;
        break;
      case WireType::kLength: {
        const std::optional<uint64_t> size = reader.Varint();
        if (!size.has_value()) return false;
        const std::optional<absl::string_view> value = reader.Bytes(*size);
        if (!value.has_value() || !IsInOrder(*value, field)) return false;
        break;
      }
      default:
        return false;
    }
  }
  return missing == 0;
}

}  // namespace daybook
