// The filter of a run: lines of 512 bits, of which one answers whether a hash
// may be in the run.
//
// A split block Bloom filter. A hash belongs to the line that its place among
// all hashes names, so that a run, which is in the order of the hashes, is made
// into a filter from left to right. It sets one bit in each of the eight words
// of its line. With 32 hashes a line, 1 in 1,000 absent ones is let through.
//
// Thread safety: pure functions.
//
// Bytes: docs/formats/hash_run.md.

#ifndef DAYBOOK_STORAGE_HASH_FILTER_H_
#define DAYBOOK_STORAGE_HASH_FILTER_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace daybook::storage {

// Numbers lie in a run as they lie in memory.
static_assert(std::endian::native == std::endian::little);

// A line of the processor's cache: a question costs one access to memory.
inline constexpr size_t filter_line_bytes = 64;

// How many hashes share a line, on average. 16 bits each: with 12 the filter
// were smaller by half a byte an entry, and would let through 5 in 1,000.
inline constexpr uint64_t filter_line_hashes = 32;

// Which of `parts` equal parts of all hashes this one lies in.
inline uint64_t PartOf(uint64_t hash, uint64_t parts) {
  __extension__ using Wide = unsigned __int128;
  return static_cast<uint64_t>((static_cast<Wide>(hash) * parts) >> 64);
}

namespace internal {

inline constexpr size_t filter_words = filter_line_bytes / sizeof(uint64_t);
inline constexpr unsigned filter_word_shift = 6;
static_assert(64 == 1 << filter_word_shift);

// Eight numbers of six bits, in the lowest 48. The top bits of a hash are the
// same all over a line; those of its product depend on all of its bits.
inline uint64_t FilterBits(uint64_t hash) {
  return (hash * 0x9e3779b97f4a7c15) >> 16;
}

inline uint64_t LoadWord(const char* line, size_t word) {
  uint64_t value = 0;
  std::memcpy(&value, line + word * sizeof value, sizeof value);
  return value;
}

}  // namespace internal

inline void AddToLine(uint64_t hash, char* line) {
  uint64_t bits = internal::FilterBits(hash);
  for (size_t i = 0; i < internal::filter_words; ++i) {
    const uint64_t word = internal::LoadWord(line, i) | uint64_t{1}
                                                            << (bits & 63);
    std::memcpy(line + i * sizeof word, &word, sizeof word);
    bits >>= internal::filter_word_shift;
  }
}

// False for certain, true perhaps.
inline bool MayBeInLine(uint64_t hash, const char* line) {
  uint64_t bits = internal::FilterBits(hash);
  uint64_t all = 1;
  // Without branches: which word says no is luck, and can not be predicted.
  for (size_t i = 0; i < internal::filter_words; ++i) {
    all &= internal::LoadWord(line, i) >> (bits & 63);
    bits >>= internal::filter_word_shift;
  }
  return all != 0;
}

}  // namespace daybook::storage

#endif  // DAYBOOK_STORAGE_HASH_FILTER_H_
