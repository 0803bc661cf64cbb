#include "core/checkpoint/verifier_key.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "core/checkpoint/base64.h"
#include "tests/core/checkpoint/vectors.h"
#include "tests/support/status_matchers.h"

namespace daybook::checkpoint {
namespace {

using ::daybook::testing::IsOk;
using ::daybook::testing::IsOkAndHolds;
using ::daybook::testing::StatusIs;
using ::testing::FieldsAre;
using ::testing::HasSubstr;
using ::testing::Optional;

constexpr auto kInvalidArgument = absl::StatusCode::kInvalidArgument;
constexpr auto kPermissionDenied = absl::StatusCode::kPermissionDenied;

NoteSignature Line(const char* line) {
  return ParseSignatureLines(line)->front();
}

TEST(VerifierKeyTest, AsOtherImplementationsHaveIt) {
  const auto log = VerifierKey::Parse(log_vkey);
  ASSERT_THAT(log, IsOk());
  EXPECT_EQ(log->name(), log_name);
  EXPECT_EQ(log->type(), KeyType::kEd25519);
  EXPECT_EQ(log->id(), KeyId(0xc3cc8e41));
  EXPECT_EQ(absl::BytesToHexString(std::string(log->public_key().begin(),
                                               log->public_key().end())),
            "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8");
  EXPECT_EQ(log->ToString(), log_vkey);
  const auto witness = VerifierKey::Parse(witness_vkey);
  ASSERT_THAT(witness, IsOk());
  EXPECT_EQ(witness->name(), witness_name);
  EXPECT_EQ(witness->type(), KeyType::kCosignature);
  EXPECT_EQ(witness->ToString(), witness_vkey);
}

TEST(VerifierKeyTest, TheSameKeyUnderAnotherTypeOrNameHasAnotherId) {
  const auto log = *VerifierKey::Parse(log_vkey);
  const auto cosigning =
      VerifierKey::Create(log_name, KeyType::kCosignature, log.public_key());
  ASSERT_THAT(cosigning, IsOk());
  EXPECT_NE(cosigning->id(), log.id());
  const auto renamed =
      VerifierKey::Create("other", KeyType::kEd25519, log.public_key());
  ASSERT_THAT(renamed, IsOk());
  EXPECT_NE(renamed->id(), log.id());
  EXPECT_THAT(
      VerifierKey::Create(log_name, KeyType::kEd25519, log.public_key()),
      IsOkAndHolds(log));
}

TEST(VerifierKeyTest, ANameWithSpaceOrPlusIsRefused) {
  for (const std::string& name :
       {std::string(), std::string("a b"), std::string("a+b"),
        std::string("a\n"), std::string(256, 'a')}) {
    EXPECT_THAT(VerifierKey::Create(name, KeyType::kEd25519, {}),
                StatusIs(kInvalidArgument));
  }
  EXPECT_THAT(VerifierKey::Create(std::string(255, 'a'), KeyType::kEd25519, {}),
              IsOk());
}

TEST(VerifierKeyTest, OtherSpellingsAreRefused) {
  const std::string base64 = "AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4";
  const std::string name = log_name;
  for (const std::string& text : {
           std::string(),
           name,
           name + "+c3cc8e41",
           name + "+c3cc8e41+",
           "+c3cc8e41+" + base64,
           name + "+C3CC8E41+" + base64,
           name + "+0c3cc8e41+" + base64,
           name + "+3cc8e41+" + base64,
           name + "+0xc3cc8e+" + base64,
           name + "+c3cc8e4g+" + base64,
           name + "++" + base64,
           name + " +c3cc8e41+" + base64,
           " " + name + "+c3cc8e41+" + base64,
           name + "+c3cc8e41+" + base64 + "\n",
           name + "+c3cc8e41+" + base64 + "AA==",
           name + "+c3cc8e41+" + base64.substr(0, 40),
           name + "+c3cc8e41+AQ==",
       }) {
    EXPECT_THAT(VerifierKey::Parse(text),
                StatusIs(kInvalidArgument, HasSubstr("NAME+ID+BASE64")))
        << text;
  }
}

TEST(VerifierKeyTest, AMistypedKeyIsNoticed) {
  std::string text = log_vkey;
  for (const size_t at : {size_t{0}, text.find('+') + 1, text.size() - 1}) {
    std::string mistyped = text;
    mistyped[at] = mistyped[at] == '5' ? '6' : '5';
    EXPECT_THAT(VerifierKey::Parse(mistyped),
                StatusIs(kInvalidArgument, HasSubstr("mistyped")))
        << mistyped;
  }
}

TEST(VerifierKeyTest, KeysOfOtherTypesAreUnknown) {
  for (const char type : {'\x02', '\x05', '\x06', '\xff', '\x00'}) {
    const std::string bytes = std::string(1, type) + std::string(32, 'k');
    EXPECT_THAT(
        VerifierKey::Parse(absl::StrCat("a+01234567+", EncodeBase64(bytes))),
        StatusIs(absl::StatusCode::kUnimplemented));
  }
}

TEST(VerifierKeyTest, VerifiesALogsSignature) {
  const auto log = *VerifierKey::Parse(log_vkey);
  NoteSignature signature = Line(log_line);
  ASSERT_TRUE(log.Made(signature));
  EXPECT_THAT(
      log.Verify(checkpoint_text, signature),
      IsOkAndHolds(FieldsAre(log_name, KeyId(0xc3cc8e41), std::nullopt)));
  EXPECT_THAT(log.Verify(absl::StrCat(checkpoint_text, "x\n"), signature),
              StatusIs(kPermissionDenied));
  signature.bytes[9] ^= 1;
  EXPECT_THAT(log.Verify(checkpoint_text, signature),
              StatusIs(kPermissionDenied, HasSubstr(log_name)));
  signature.bytes = "S";
  EXPECT_THAT(log.Verify(checkpoint_text, signature),
              StatusIs(kPermissionDenied));
}

TEST(VerifierKeyTest, VerifiesAWitnessesCosignatureWithItsTime) {
  const auto witness = *VerifierKey::Parse(witness_vkey);
  NoteSignature signature = Line(witness_line);
  EXPECT_THAT(witness.Verify(checkpoint_text, signature),
              IsOkAndHolds(FieldsAre(witness_name, KeyId(0xcf810b3c),
                                     Optional(witness_time))));
  NoteSignature later = signature;
  later.bytes[7] ^= 1;
  EXPECT_THAT(witness.Verify(checkpoint_text, later),
              StatusIs(kPermissionDenied));
  later.bytes[0] = '\x80';
  EXPECT_THAT(witness.Verify(checkpoint_text, later),
              StatusIs(kPermissionDenied));
  // A signature without the time is no cosignature.
  signature.bytes = signature.bytes.substr(8);
  EXPECT_THAT(witness.Verify(checkpoint_text, signature),
              StatusIs(kPermissionDenied));
}

TEST(VerifierKeyTest, OnlyWhatBearsNameAndIdIsItsOwn) {
  const auto log = *VerifierKey::Parse(log_vkey);
  NoteSignature signature = Line(log_line);
  EXPECT_TRUE(log.Made(signature));
  signature.id = KeyId(1);
  EXPECT_FALSE(log.Made(signature));
  EXPECT_DEATH((void)log.Verify(checkpoint_text, signature),
               "broken invariant");
  signature = Line(log_line);
  signature.name = "other";
  EXPECT_FALSE(log.Made(signature));
}

}  // namespace
}  // namespace daybook::checkpoint
