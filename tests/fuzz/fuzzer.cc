// libFuzzer's way in. DAYBOOK_FUZZ_TARGET is a function of
// tests/fuzz/parsers.h.

#include <cstddef>
#include <cstdint>

#include "tests/fuzz/parsers.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  daybook::fuzz::DAYBOOK_FUZZ_TARGET(
      {reinterpret_cast<const char*>(data), size});
  return 0;
}
