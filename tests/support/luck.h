// Luck: whole numbers that look random and are the same on every machine, which
// the distributions of the standard library do not promise.
//
// It is SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number
// Generators).
//
// Thread safety: thread-compatible.

#ifndef DAYBOOK_TESTS_SUPPORT_LUCK_H_
#define DAYBOOK_TESTS_SUPPORT_LUCK_H_

#include <cstddef>
#include <cstdint>

namespace daybook::testing {

class Luck {
 public:
  explicit Luck(uint64_t seed) : state_(seed) {}

  uint64_t Next() {
    state_ += 0x9e3779b97f4a7c15;
    uint64_t mixed = state_;
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
    return mixed ^ (mixed >> 31);
  }

  // Below `limit`, which is not 0. For limits far below 2^64 the remainder
  // prefers no number noticeably.
  uint64_t Below(uint64_t limit) { return Next() % limit; }

  // From `first` to `last`, both included.
  int64_t Between(int64_t first, int64_t last) {
    return first +
           static_cast<int64_t>(Below(static_cast<uint64_t>(last - first) + 1));
  }

  // True `parts` times of `all`.
  bool Chance(uint64_t parts, uint64_t all) { return Below(all) < parts; }

  template <typename T, size_t kCount>
  const T& OneOf(const T (&values)[kCount]) {
    return values[Below(kCount)];
  }

 private:
  uint64_t state_;
};

}  // namespace daybook::testing

#endif  // DAYBOOK_TESTS_SUPPORT_LUCK_H_
