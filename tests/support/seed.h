// SeedOr: the seed of a random test, printed so that a failure can be repeated.
//
// DAYBOOK_SEED in the environment takes the place of the test's own seed.
//
// Thread safety: may be used from any thread.

#ifndef DAYBOOK_TESTS_SUPPORT_SEED_H_
#define DAYBOOK_TESTS_SUPPORT_SEED_H_

#include <cstdint>
#include <cstdlib>
#include <iostream>

namespace daybook::testing {

inline uint64_t SeedOr(uint64_t own) {
  const char* const given = std::getenv("DAYBOOK_SEED");
  const uint64_t seed =
      given == nullptr ? own : std::strtoull(given, nullptr, 10);
  std::cout << "DAYBOOK_SEED=" << seed << "\n";
  return seed;
}

}  // namespace daybook::testing

#endif  // DAYBOOK_TESTS_SUPPORT_SEED_H_
