#include "storage/entry_block.h"

namespace daybook::storage {
namespace {

constexpr unsigned more_bit = 0x80;
constexpr unsigned bits_per_byte = 7;
// Of a length below 2^35.
constexpr unsigned shift_max = 28;

}  // namespace

void AppendToBlock(absl::string_view entry, std::string& block) {
  size_t length = entry.size();
  for (; length >= more_bit; length >>= bits_per_byte) {
    block.push_back(static_cast<char>((length & (more_bit - 1)) | more_bit));
  }
  block.push_back(static_cast<char>(length));
  block.append(entry.data(), entry.size());
}

std::optional<absl::string_view> BlockReader::Next() {
  uint64_t length = 0;
  size_t used = 0;
  for (unsigned shift = 0;; shift += bits_per_byte) {
    if (shift > shift_max || used == rest_.size()) return std::nullopt;
    const unsigned byte = static_cast<unsigned char>(rest_[used++]);
    length |= static_cast<uint64_t>(byte & (more_bit - 1)) << shift;
    if (byte < more_bit) break;
  }
  if (length > rest_.size() - used) return std::nullopt;
  const absl::string_view entry =
      rest_.substr(used, static_cast<size_t>(length));
  rest_.remove_prefix(used + static_cast<size_t>(length));
  return entry;
}

std::optional<uint64_t> CountInBlock(absl::string_view block) {
  BlockReader reader(block);
  uint64_t count = 0;
  while (reader.Next().has_value()) ++count;
  if (!reader.at_end() || count == 0) return std::nullopt;
  return count;
}

}  // namespace daybook::storage
