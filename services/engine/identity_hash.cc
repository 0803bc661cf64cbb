#include "services/engine/identity_hash.h"

#include <array>
#include <bit>
#include <cstring>
#include <string>

#include "absl/strings/str_cat.h"
#include "core/base/check.h"

namespace daybook::services {
namespace {

static_assert(std::endian::native == std::endian::little,
              "the words of SipHash are little-endian");

uint64_t WordAt(const char* bytes) {
  uint64_t word = 0;
  std::memcpy(&word, bytes, sizeof(word));
  return word;
}

struct State {
  uint64_t v0, v1, v2, v3;

  void Round() {
    v0 += v1;
    v1 = std::rotl(v1, 13) ^ v0;
    v0 = std::rotl(v0, 32);
    v2 += v3;
    v3 = std::rotl(v3, 16) ^ v2;
    v0 += v3;
    v3 = std::rotl(v3, 21) ^ v0;
    v2 += v1;
    v1 = std::rotl(v1, 17) ^ v2;
    v2 = std::rotl(v2, 32);
  }

  void Take(uint64_t word) {
    v3 ^= word;
    Round();
    Round();
    v0 ^= word;
  }
};

}  // namespace

IdentityHash::IdentityHash(absl::string_view key) {
  DAYBOOK_CHECK(key.size() == key_bytes);
  key0_ = WordAt(key.data());
  key1_ = WordAt(key.data() + sizeof(uint64_t));
}

uint64_t IdentityHash::Of(absl::string_view source,
                          absl::string_view event_id) const {
  // Two names of 64 bytes and the byte between them.
  std::array<char, 129> bytes;
  const size_t size = source.size() + 1 + event_id.size();
  if (size > bytes.size()) {
    return OfBytes(absl::StrCat(source, absl::string_view("\0", 1), event_id));
  }
  std::memcpy(bytes.data(), source.data(), source.size());
  bytes[source.size()] = '\0';
  std::memcpy(bytes.data() + source.size() + 1, event_id.data(),
              event_id.size());
  return OfBytes({bytes.data(), size});
}

uint64_t IdentityHash::OfBytes(absl::string_view bytes) const {
  State state{key0_ ^ 0x736f6d6570736575, key1_ ^ 0x646f72616e646f6d,
              key0_ ^ 0x6c7967656e657261, key1_ ^ 0x7465646279746573};
  size_t place = 0;
  for (; place + sizeof(uint64_t) <= bytes.size(); place += sizeof(uint64_t)) {
    state.Take(WordAt(bytes.data() + place));
  }
  uint64_t last = uint64_t{bytes.size()} << 56;
  for (size_t i = 0; place + i < bytes.size(); ++i) {
    last |= uint64_t{static_cast<unsigned char>(bytes[place + i])} << (8 * i);
  }
  state.Take(last);
  state.v2 ^= 0xff;
  for (int round = 0; round < 4; ++round) state.Round();
  return state.v0 ^ state.v1 ^ state.v2 ^ state.v3;
}

}  // namespace daybook::services
