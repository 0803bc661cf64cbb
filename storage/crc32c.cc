#include "storage/crc32c.h"

#include <array>
#include <cstddef>
#include <cstring>

#if defined(__x86_64__)
#include <nmmintrin.h>
#endif

namespace daybook::storage {
namespace {

constexpr std::array<uint32_t, 256> MakeTable() {
  // The polynomial, lowest power in the highest bit.
  constexpr uint32_t polynomial = 0x82f63b78;
  std::array<uint32_t, 256> table = {};
  for (uint32_t byte = 0; byte < table.size(); ++byte) {
    uint32_t rest = byte;
    for (int bit = 0; bit < 8; ++bit) {
      rest = (rest >> 1) ^ ((rest & 1) != 0 ? polynomial : 0);
    }
    table[byte] = rest;
  }
  return table;
}

constexpr std::array<uint32_t, 256> kTable = MakeTable();

#if defined(__x86_64__)
__attribute__((target("sse4.2"))) uint32_t ExtendInHardware(
    uint32_t crc, absl::string_view bytes) {
  uint64_t rest = ~crc;
  while (bytes.size() >= sizeof(uint64_t)) {
    uint64_t word = 0;
    std::memcpy(&word, bytes.data(), sizeof word);
    rest = _mm_crc32_u64(rest, word);
    bytes.remove_prefix(sizeof word);
  }
  auto narrow = static_cast<uint32_t>(rest);
  for (const char byte : bytes) {
    narrow = _mm_crc32_u8(narrow, static_cast<unsigned char>(byte));
  }
  return ~narrow;
}
#endif

}  // namespace

uint32_t ExtendCrc32c(uint32_t crc, absl::string_view bytes) {
#if defined(__x86_64__)
  static const bool in_hardware = __builtin_cpu_supports("sse4.2") != 0;
  if (in_hardware) return ExtendInHardware(crc, bytes);
#endif
  return ExtendCrc32cByTable(crc, bytes);
}

uint32_t ExtendCrc32cByTable(uint32_t crc, absl::string_view bytes) {
  crc = ~crc;
  for (const char byte : bytes) {
    crc = (crc >> 8) ^ kTable[(crc ^ static_cast<unsigned char>(byte)) & 0xff];
  }
  return ~crc;
}

}  // namespace daybook::storage
