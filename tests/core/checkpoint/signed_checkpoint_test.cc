#include "core/checkpoint/signed_checkpoint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "core/checkpoint/base64.h"
#include "core/merkle/hash.h"
#include "tests/core/checkpoint/vectors.h"
#include "tests/support/status_matchers.h"

namespace daybook::checkpoint {
namespace {

using ::daybook::testing::IsOk;
using ::daybook::testing::IsOkAndHolds;
using ::daybook::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::FieldsAre;
using ::testing::IsEmpty;
using ::testing::Optional;

constexpr auto kInvalidArgument = absl::StatusCode::kInvalidArgument;
constexpr auto kPermissionDenied = absl::StatusCode::kPermissionDenied;

Checkpoint Seven() {
  return {log_name, {LogSize(7), *DecodeBase64Hash(root_7)}, {}};
}

VerifierKey LogKey() { return *VerifierKey::Parse(log_vkey); }
VerifierKey WitnessKey() { return *VerifierKey::Parse(witness_vkey); }

TEST(SignedCheckpointTest, SignedAndCosignedAsByOtherImplementations) {
  auto note = SignCheckpoint(Seven(), LogSigner());
  ASSERT_THAT(note, IsOk());
  EXPECT_THAT(FormatNote(*note),
              IsOkAndHolds(absl::StrCat(checkpoint_text, "\n", log_line)));
  note->signatures.push_back(*WitnessSigner().Cosign(note->text, witness_time));
  EXPECT_THAT(FormatNote(*note), IsOkAndHolds(SignedText()));
}

TEST(SignedCheckpointTest, OpensWithTheKeysOfLogAndWitnesses) {
  const Note note = *ParseNote(SignedText());
  auto opened = OpenCheckpoint(note, LogKey(), {WitnessKey()});
  ASSERT_THAT(opened, IsOk());
  EXPECT_EQ(opened->checkpoint, Seven());
  EXPECT_THAT(opened->witnesses,
              ElementsAre(FieldsAre(witness_name, KeyId(0xcf810b3c),
                                    Optional(witness_time))));
  opened = OpenCheckpoint(note, LogKey(), {});
  ASSERT_THAT(opened, IsOk());
  EXPECT_THAT(opened->witnesses, IsEmpty());
}

TEST(SignedCheckpointTest, WitnessesAloneDoNotDo) {
  Note note = *ParseNote(SignedText());
  note.signatures.erase(note.signatures.begin());
  EXPECT_THAT(OpenCheckpoint(note, LogKey(), {WitnessKey()}),
              StatusIs(absl::StatusCode::kUnauthenticated));
}

TEST(SignedCheckpointTest, AFalseSignatureOfLogOrWitnessIsRefused) {
  for (const size_t at : {0, 1}) {
    Note note = *ParseNote(SignedText());
    note.signatures[at].bytes[20] ^= 1;
    EXPECT_THAT(OpenCheckpoint(note, LogKey(), {WitnessKey()}),
                StatusIs(kPermissionDenied));
  }
}

TEST(SignedCheckpointTest, AKeySpeaksForItsOwnOriginAlone) {
  const SignerKey log = LogSigner();
  Checkpoint other = Seven();
  other.origin = "budget.example/other";
  EXPECT_THAT(SignCheckpoint(other, log), StatusIs(kInvalidArgument));
  // Signed all the same, it is not opened.
  Note note{*FormatCheckpoint(other), {}};
  note.signatures.push_back(*log.Sign(note.text));
  EXPECT_THAT(OpenCheckpoint(note, LogKey(), {}), StatusIs(kPermissionDenied));
}

TEST(SignedCheckpointTest, ANoteThatIsNoCheckpointIsRefused) {
  Note note{"hello\n", {}};
  note.signatures.push_back(*LogSigner().Sign(note.text));
  EXPECT_THAT(OpenCheckpoint(note, LogKey(), {}), StatusIs(kInvalidArgument));
}

TEST(SignedCheckpointTest, TheLogIsNotItsOwnWitness) {
  EXPECT_THAT(OpenCheckpoint(*ParseNote(SignedText()), LogKey(), {LogKey()}),
              StatusIs(kInvalidArgument));
}

TEST(SignedCheckpointTest, TheEmptyTreeIsSignedWithItsRootAlone) {
  Checkpoint empty{log_name, {LogSize(0), merkle::EmptyRoot()}, {}};
  const auto note = SignCheckpoint(empty, LogSigner());
  ASSERT_THAT(note, IsOk());
  EXPECT_EQ(note->text,
            "budget.example/ledger\n0\n"
            "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n");
  empty.head.root = Seven().head.root;
  EXPECT_THAT(SignCheckpoint(empty, LogSigner()), StatusIs(kInvalidArgument));
}

TEST(SignedCheckpointTest, AWitnessDoesNotSignAsALog) {
  Checkpoint checkpoint = Seven();
  checkpoint.origin = witness_name;
  EXPECT_THAT(SignCheckpoint(checkpoint, WitnessSigner()),
              StatusIs(absl::StatusCode::kFailedPrecondition));
}

}  // namespace
}  // namespace daybook::checkpoint
