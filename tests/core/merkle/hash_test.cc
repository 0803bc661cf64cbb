#include "core/merkle/hash.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/evp.h>

#include <string>

#include "absl/container/flat_hash_set.h"
#include "tests/core/merkle/oracle.h"
#include "tests/support/status_matchers.h"

namespace daybook::merkle {
namespace {

using ::daybook::testing::IsOkAndHolds;
using ::daybook::testing::StatusIs;
using ::testing::HasSubstr;

// SHA-256 by the other interface of libcrypto.
std::string Sha256(const std::string& bytes) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned length = 0;
  EVP_Digest(bytes.data(), bytes.size(), digest, &length, EVP_sha256(),
             nullptr);
  return std::string(reinterpret_cast<const char*>(digest), length);
}

TEST(HashTest, TheEmptyTreeHasTheHashOfNothing) {
  EXPECT_EQ(ToHex(EmptyRoot().bytes()),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(EmptyRoot(),
            FromBase64("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="));
}

TEST(HashTest, ALeafAsOtherImplementationsHashIt) {
  EXPECT_EQ(ToHex(LeafHash("event-0").bytes()),
            "6734db3b19b64dc83703f9a1f4aee7697dfb292fb4e0827cc63f8a351b1b3609");
}

TEST(HashTest, ALeafIsHashedAfterAZeroByteAtEveryLength) {
  std::string entry;
  for (size_t length = 0; length < 300; ++length) {
    ASSERT_EQ(LeafHash(entry).bytes(), Sha256(std::string(1, '\0') + entry))
        << length;
    entry.push_back(static_cast<char>(length * 7));
  }
  entry.assign(65'535, 'x');
  EXPECT_EQ(LeafHash(entry).bytes(), Sha256(std::string(1, '\0') + entry));
  EXPECT_EQ(LeafHash(absl::string_view()), LeafHash(""));
}

TEST(HashTest, ANodeIsHashedAfterAOneByte) {
  const Hash left = LeafHash("left");
  const Hash right = LeafHash("right");
  std::string both(1, '\1');
  both.append(left.bytes().data(), left.bytes().size());
  both.append(right.bytes().data(), right.bytes().size());
  EXPECT_EQ(NodeHash(left, right).bytes(), Sha256(both));
  EXPECT_NE(NodeHash(left, right), NodeHash(right, left));
  EXPECT_NE(NodeHash(left, right), LeafHash(both.substr(1)));
}

TEST(HashTest, IsMadeOf32BytesExactly) {
  const Hash hash = LeafHash("a");
  EXPECT_THAT(Hash::FromBytes(hash.bytes()), IsOkAndHolds(hash));
  for (const size_t size : {size_t{0}, size_t{31}, size_t{33}}) {
    EXPECT_THAT(
        Hash::FromBytes(std::string(size, 'x')),
        StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("32 bytes")));
  }
}

TEST(HashTest, IsAValue) {
  EXPECT_EQ(Hash().bytes(), std::string(32, '\0'));
  EXPECT_LT(Hash(), LeafHash("a"));
  const absl::flat_hash_set<Hash> set = {LeafHash("a"), LeafHash("b"),
                                         LeafHash("a")};
  EXPECT_EQ(set.size(), 2);
}

}  // namespace
}  // namespace daybook::merkle
