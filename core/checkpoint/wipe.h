// Wipe: overwrites a secret before its memory is given back.
//
// A plain assignment would be left out by the compiler, which sees that nothing
// reads it.
//
// Thread safety: pure functions on what they are given.

#ifndef DAYBOOK_CORE_CHECKPOINT_WIPE_H_
#define DAYBOOK_CORE_CHECKPOINT_WIPE_H_

#include <array>
#include <cstddef>
#include <string>

namespace daybook::checkpoint {

void Wipe(unsigned char* secret, size_t size);

template <size_t kSize>
void Wipe(std::array<unsigned char, kSize>& secret) {
  Wipe(secret.data(), kSize);
}

// All that the text has room for, and empties it.
void Wipe(std::string& secret);

}  // namespace daybook::checkpoint

#endif  // DAYBOOK_CORE_CHECKPOINT_WIPE_H_
