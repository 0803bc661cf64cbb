// IdentityHash against the vectors of SipHash's authors, and that names keep
// apart.

#include "services/engine/identity_hash.h"

#include <gtest/gtest.h>

#include <string>

namespace daybook::services {
namespace {

std::string Counting(size_t size) {
  std::string bytes;
  for (size_t i = 0; i < size; ++i) bytes.push_back(static_cast<char>(i));
  return bytes;
}

// Key 00 01 … 0f, input 00 01 …: the reference implementation's vectors_64.
TEST(IdentityHashTest, IsSipHash) {
  const IdentityHash hash(Counting(16));
  EXPECT_EQ(hash.OfBytes(""), 0x726fdb47dd0e0e31u);
  EXPECT_EQ(hash.OfBytes(Counting(1)), 0x74f839c593dc67fdu);
  EXPECT_EQ(hash.OfBytes(Counting(8)), 0x93f5f5799a932462u);
  // The one that the paper works out.
  EXPECT_EQ(hash.OfBytes(Counting(15)), 0xa129ca6149be45e5u);
}

TEST(IdentityHashTest, PartsAreKeptApart) {
  const IdentityHash hash(Counting(16));
  EXPECT_EQ(hash.Of("book", "V-1"), hash.OfBytes(std::string("book\0V-1", 8)));
  EXPECT_NE(hash.Of("a", "bc"), hash.Of("ab", "c"));
  EXPECT_NE(hash.Of("", "a"), hash.Of("a", ""));
}

TEST(IdentityHashTest, NamesOfAnyLengthHaveAHash) {
  const IdentityHash hash(Counting(16));
  for (const size_t size : {63, 64, 65, 300}) {
    const std::string name(size, 'x');
    EXPECT_EQ(hash.Of(name, name),
              hash.OfBytes(name + std::string(1, '\0') + name));
  }
}

TEST(IdentityHashTest, AnotherKeyIsAnotherHash) {
  EXPECT_NE(IdentityHash(Counting(16)).Of("a", "b"),
            IdentityHash(std::string(16, 'k')).Of("a", "b"));
}

}  // namespace
}  // namespace daybook::services
