// Numbers in keys and rows: 8 bytes, big-endian, so that the order of bytes is
// that of numbers.
//
// Thread safety: pure functions.

#ifndef DAYBOOK_STORAGE_NUMBER_CODEC_H_
#define DAYBOOK_STORAGE_NUMBER_CODEC_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "rocksdb/slice.h"

namespace daybook::storage {

inline std::string EncodeNumber(uint64_t number) {
  std::string bytes(8, '\0');
  for (size_t i = bytes.size(); i > 0; --i) {
    bytes[i - 1] = static_cast<char>(number & 0xff);
    number >>= 8;
  }
  return bytes;
}

// Absent unless there are 8 bytes.
inline std::optional<uint64_t> DecodeNumber(rocksdb::Slice bytes) {
  if (bytes.size() != 8) return std::nullopt;
  uint64_t number = 0;
  for (size_t i = 0; i < bytes.size(); ++i) {
    number = number << 8 | static_cast<uint8_t>(bytes[i]);
  }
  return number;
}

}  // namespace daybook::storage

#endif  // DAYBOOK_STORAGE_NUMBER_CODEC_H_
