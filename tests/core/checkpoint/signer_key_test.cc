#include "core/checkpoint/signer_key.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "core/checkpoint/base64.h"
#include "tests/core/checkpoint/vectors.h"
#include "tests/support/status_matchers.h"

namespace daybook::checkpoint {
namespace {

using ::daybook::testing::IsOk;
using ::daybook::testing::IsOkAndHolds;
using ::daybook::testing::StatusIs;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr auto kInvalidArgument = absl::StatusCode::kInvalidArgument;

std::string LogPrivateText() {
  return absl::StrCat("PRIVATE+KEY+budget.example/ledger+c3cc8e41+",
                      EncodeBase64("\x01" + LogSeed()));
}

TEST(SignerKeyTest, SignsAsOtherImplementationsDo) {
  const SignerKey log = LogSigner();
  EXPECT_EQ(log.verifier().ToString(), log_vkey);
  const auto signature = log.Sign(checkpoint_text);
  ASSERT_THAT(signature, IsOk());
  EXPECT_EQ(FormatSignatureLine(*signature), log_line);
}

TEST(SignerKeyTest, CosignsAsOtherImplementationsDo) {
  const SignerKey witness = WitnessSigner();
  EXPECT_EQ(witness.verifier().ToString(), witness_vkey);
  const auto signature = witness.Cosign(checkpoint_text, witness_time);
  ASSERT_THAT(signature, IsOk());
  EXPECT_EQ(FormatSignatureLine(*signature), witness_line);
}

TEST(SignerKeyTest, APrivateTextGivesTheKeyBack) {
  EXPECT_EQ(LogSigner().ToPrivateText(), LogPrivateText());
  const auto again = SignerKey::Parse(LogPrivateText());
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->verifier().ToString(), log_vkey);
  EXPECT_EQ(again->Sign("text\n"), LogSigner().Sign("text\n"));
  const SignerKey witness = WitnessSigner();
  EXPECT_EQ(SignerKey::Parse(witness.ToPrivateText())->verifier(),
            witness.verifier());
}

TEST(SignerKeyTest, OtherTextsAreRefusedAndNotRepeated) {
  const std::string secret = EncodeBase64("\x01" + LogSeed());
  const std::string name = "PRIVATE+KEY+budget.example/ledger+";
  for (const std::string& text : {
           std::string(),
           std::string("PRIVATE+KEY+"),
           absl::StrCat("budget.example/ledger+c3cc8e41+", secret),
           absl::StrCat("private+key+budget.example/ledger+c3cc8e41+", secret),
           absl::StrCat(name, "c3cc8e4+", secret),
           absl::StrCat(name, "c3cc8e42+", secret),
           absl::StrCat(name, "c3cc8e41+", secret, "\n"),
           absl::StrCat(name, "c3cc8e41+", secret.substr(0, 40)),
           absl::StrCat("PRIVATE+KEY+other+c3cc8e41+", secret),
       }) {
    EXPECT_THAT(SignerKey::Parse(text),
                StatusIs(kInvalidArgument, Not(HasSubstr(secret.substr(4, 9)))))
        << text;
  }
  EXPECT_THAT(SignerKey::Parse(absl::StrCat(name, "c3cc8e41+",
                                            EncodeBase64("\x06" + LogSeed()))),
              StatusIs(absl::StatusCode::kUnimplemented));
}

TEST(SignerKeyTest, IsMadeOfANameThatCanNameAKey) {
  EXPECT_THAT(SignerKey::Create("a b", KeyType::kEd25519,
                                *Ed25519Seed::FromBytes(LogSeed())),
              StatusIs(kInvalidArgument));
}

TEST(SignerKeyTest, AKeySignsWhatItsTypeSays) {
  constexpr auto kFailedPrecondition = absl::StatusCode::kFailedPrecondition;
  EXPECT_THAT(LogSigner().Cosign(checkpoint_text, witness_time),
              StatusIs(kFailedPrecondition, HasSubstr(log_name)));
  EXPECT_THAT(WitnessSigner().Sign(checkpoint_text),
              StatusIs(kFailedPrecondition, HasSubstr(witness_name)));
}

TEST(SignerKeyTest, OnlyTheTextOfANoteIsSigned) {
  const SignerKey log = LogSigner();
  EXPECT_THAT(log.Sign("预算\n\n"), IsOk());
  for (const std::string& text :
       {std::string(), std::string("text"), std::string("te\txt\n"),
        std::string("\xff\n"), std::string(note_bytes_max, 'x') + "\n"}) {
    EXPECT_THAT(log.Sign(text), StatusIs(kInvalidArgument));
  }
}

TEST(SignerKeyTest, OnlyACheckpointIsCosigned) {
  const SignerKey witness = WitnessSigner();
  EXPECT_THAT(witness.Cosign("text\n", witness_time),
              StatusIs(kInvalidArgument));
  const UnixSeconds beyond(cosignature_time_max.value() + 1);
  EXPECT_THAT(witness.Cosign(checkpoint_text, beyond),
              StatusIs(kInvalidArgument));
  for (const UnixSeconds time : {UnixSeconds(0), cosignature_time_max}) {
    const std::string extended = absl::StrCat(checkpoint_text, "more\n");
    const auto signature = witness.Cosign(extended, time);
    ASSERT_THAT(signature, IsOk());
    const auto verified = witness.verifier().Verify(extended, *signature);
    ASSERT_THAT(verified, IsOk());
    EXPECT_EQ(verified->time, time);
    EXPECT_THAT(witness.verifier().Verify(checkpoint_text, *signature),
                StatusIs(absl::StatusCode::kPermissionDenied));
  }
}

}  // namespace
}  // namespace daybook::checkpoint
