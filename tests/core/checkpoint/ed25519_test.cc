#include "core/checkpoint/ed25519.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <new>
#include <utility>

#include "absl/strings/escaping.h"
#include "tests/support/status_matchers.h"

namespace daybook::checkpoint {
namespace {

using ::daybook::testing::IsOkAndHolds;
using ::daybook::testing::StatusIs;
using ::testing::Each;

Ed25519PublicKey PublicKey(const std::string& hex) {
  Ed25519PublicKey key;
  const std::string bytes = absl::HexStringToBytes(hex);
  std::copy(bytes.begin(), bytes.end(), key.begin());
  return key;
}

struct Example {
  std::string seed, public_key, message, signature;
};

// Tests 1 to 3 of RFC 8032, section 7.1.
const Example examples[] = {
    {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb882159"
     "0"
     "a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"},
    {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43"
     "e"
     "15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"},
    {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
     "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538"
     "d"
     "16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"},
};

TEST(Ed25519Test, SignsAndVerifiesAsItsRfc) {
  for (const Example& example : examples) {
    const auto seed =
        Ed25519Seed::FromBytes(absl::HexStringToBytes(example.seed));
    const auto key = PublicKey(example.public_key);
    const std::string message = absl::HexStringToBytes(example.message);
    const std::string signature = absl::HexStringToBytes(example.signature);
    EXPECT_THAT(seed->PublicKey(), IsOkAndHolds(key));
    EXPECT_THAT(seed->Sign(message), IsOkAndHolds(signature));
    EXPECT_TRUE(Ed25519Verifies(key, message, signature));
  }
}

TEST(Ed25519Test, NoOtherMessageSignatureOrKeyVerifies) {
  const Example& example = examples[2];
  const auto key = PublicKey(example.public_key);
  const std::string message = absl::HexStringToBytes(example.message);
  const std::string signature = absl::HexStringToBytes(example.signature);
  EXPECT_FALSE(Ed25519Verifies(key, "", signature));
  EXPECT_FALSE(Ed25519Verifies(key, message + "x", signature));
  EXPECT_FALSE(
      Ed25519Verifies(PublicKey(examples[1].public_key), message, signature));
  for (size_t bit = 0; bit < signature.size() * 8; ++bit) {
    std::string changed = signature;
    changed[bit / 8] ^= static_cast<char>(1 << bit % 8);
    EXPECT_FALSE(Ed25519Verifies(key, message, changed)) << bit;
  }
  EXPECT_FALSE(Ed25519Verifies(key, message, ""));
  EXPECT_FALSE(Ed25519Verifies(key, message, signature.substr(1)));
  EXPECT_FALSE(Ed25519Verifies(key, message, signature + "x"));
}

// S and S + L mean the same to a lax verifier.
TEST(Ed25519Test, ASignatureHasOneSpelling) {
  const Example& example = examples[0];
  const std::string order = absl::HexStringToBytes(
      "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
  std::string signature = absl::HexStringToBytes(example.signature);
  unsigned carry = 0;
  for (size_t i = 0; i < order.size(); ++i) {
    carry += static_cast<unsigned char>(signature[32 + i]);
    carry += static_cast<unsigned char>(order[i]);
    signature[32 + i] = static_cast<char>(carry & 0xFF);
    carry >>= 8;
  }
  EXPECT_FALSE(Ed25519Verifies(PublicKey(example.public_key), "", signature));
}

TEST(Ed25519Test, APublicKeyMustBeAPointOfTheCurve) {
  Ed25519PublicKey key;
  key.fill(0xFF);
  EXPECT_FALSE(
      Ed25519Verifies(key, "", absl::HexStringToBytes(examples[0].signature)));
}

TEST(Ed25519Test, ASeedHas32Bytes) {
  for (const size_t size : {size_t{0}, size_t{31}, size_t{33}}) {
    EXPECT_THAT(Ed25519Seed::FromBytes(std::string(size, 'x')),
                StatusIs(absl::StatusCode::kInvalidArgument));
  }
}

TEST(Ed25519Test, ASeedIsWipedWhenItIsDestroyedOrMoved) {
  const std::string secret(32, '\x5a');
  alignas(Ed25519Seed) std::array<unsigned char, sizeof(Ed25519Seed)> place;
  // Read as memory, which is what a secret must not be left in.
  const volatile unsigned char* const memory = place.data();
  const auto contents = [&] {
    return std::string(memory, memory + place.size());
  };
  const std::string zeros(place.size(), '\0');
  auto* const seed =
      new (place.data()) Ed25519Seed(*Ed25519Seed::FromBytes(secret));
  EXPECT_EQ(contents(), secret);
  seed->~Ed25519Seed();
  EXPECT_EQ(contents(), zeros);

  auto* const moved =
      new (place.data()) Ed25519Seed(*Ed25519Seed::FromBytes(secret));
  Ed25519Seed target(std::move(*moved));
  EXPECT_EQ(target.bytes(), secret);
  EXPECT_EQ(contents(), zeros);
  *moved = std::move(target);
  EXPECT_EQ(contents(), secret);
  EXPECT_THAT(target.bytes(), Each('\0'));
  *moved = std::move(*moved);
  EXPECT_EQ(contents(), secret);
  moved->~Ed25519Seed();
}

}  // namespace
}  // namespace daybook::checkpoint
