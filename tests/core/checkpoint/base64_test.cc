#include "core/checkpoint/base64.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/luck.h"
#include "tests/support/seed.h"
#include "tests/support/status_matchers.h"

namespace daybook::checkpoint {
namespace {

using ::daybook::testing::IsOkAndHolds;
using ::daybook::testing::StatusIs;

constexpr auto kInvalidArgument = absl::StatusCode::kInvalidArgument;

TEST(Base64Test, TheExamplesOfItsRfc) {
  const std::pair<const char*, const char*> examples[] = {
      {"", ""},
      {"f", "Zg=="},
      {"fo", "Zm8="},
      {"foo", "Zm9v"},
      {"foob", "Zm9vYg=="},
      {"fooba", "Zm9vYmE="},
      {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : examples) {
    EXPECT_EQ(EncodeBase64(bytes), text);
    EXPECT_THAT(DecodeBase64(text), IsOkAndHolds(std::string(bytes)));
  }
  EXPECT_EQ(EncodeBase64("\xfb\xff\xbf"), "+/+/");
}

TEST(Base64Test, OtherSpellingsAreRefused) {
  for (const char* const text :
       {"Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "Z", "=", "====", "Zg==Zg==",
        " Zg==", "Zg==\n", "Zm9v\n", "Zm 9v", "-_-_", "Zm9v.", "Zm9v\xe2"}) {
    EXPECT_THAT(DecodeBase64(text), StatusIs(kInvalidArgument)) << text;
  }
}

// Of all texts of four characters that it takes, no two mean the same.
TEST(Base64Test, EveryValueHasOneSpelling) {
  testing::Luck luck(testing::SeedOr(1));
  const char characters[] = {'A', 'B', 'Q', 'g', 'w',  '/', '+',
                             '=', '-', '_', ' ', '\n', '9', 'z'};
  int taken = 0;
  for (int i = 0; i < 50'000; ++i) {
    std::string text;
    for (uint64_t left = luck.Below(9); left > 0; --left) {
      text.push_back(luck.OneOf(characters));
    }
    const auto bytes = DecodeBase64(text);
    if (!bytes.ok()) continue;
    ++taken;
    ASSERT_EQ(EncodeBase64(*bytes), text);
  }
  EXPECT_GT(taken, 100);
}

TEST(Base64Test, AHashHas32Bytes) {
  const std::string bytes(32, 'x');
  EXPECT_THAT(DecodeBase64Hash(EncodeBase64(bytes)),
              IsOkAndHolds(*merkle::Hash::FromBytes(bytes)));
  EXPECT_THAT(DecodeBase64Hash(EncodeBase64(bytes + "x")),
              StatusIs(kInvalidArgument));
  EXPECT_THAT(DecodeBase64Hash(""), StatusIs(kInvalidArgument));
}

}  // namespace
}  // namespace daybook::checkpoint
