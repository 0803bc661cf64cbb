#include "core/checkpoint/verify_note.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/core/checkpoint/vectors.h"
#include "tests/support/status_matchers.h"

namespace daybook::checkpoint {
namespace {

using ::daybook::testing::IsOkAndHolds;
using ::daybook::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::Field;

const VerifierKey& LogKey() {
  static const VerifierKey* const key =
      new VerifierKey(*VerifierKey::Parse(log_vkey));
  return *key;
}

const VerifierKey& WitnessKey() {
  static const VerifierKey* const key =
      new VerifierKey(*VerifierKey::Parse(witness_vkey));
  return *key;
}

Note SignedNote() { return *ParseNote(SignedText()); }

auto By(const char* name) { return Field(&VerifiedSignature::name, name); }

TEST(VerifyNoteTest, NamesTheKnownKeysThatSigned) {
  EXPECT_THAT(VerifyNote(SignedNote(), {LogKey(), WitnessKey()}),
              IsOkAndHolds(ElementsAre(By(log_name), By(witness_name))));
  EXPECT_THAT(VerifyNote(SignedNote(), {WitnessKey(), LogKey()}),
              IsOkAndHolds(ElementsAre(By(log_name), By(witness_name))));
}

TEST(VerifyNoteTest, PassesUnknownSignaturesBy) {
  Note note = SignedNote();
  EXPECT_THAT(VerifyNote(note, {LogKey()}),
              IsOkAndHolds(ElementsAre(By(log_name))));
  // False ones too, and those that share a name or an id with a known key.
  note.signatures.push_back({"stranger", KeyId(1), "S"});
  note.signatures.push_back({log_name, KeyId(1), "S"});
  note.signatures.push_back({"stranger", LogKey().id(), "S"});
  EXPECT_THAT(VerifyNote(note, {LogKey()}),
              IsOkAndHolds(ElementsAre(By(log_name))));
}

TEST(VerifyNoteTest, AFalseSignatureUnderAKnownNameSpoilsTheNote) {
  constexpr auto kPermissionDenied = absl::StatusCode::kPermissionDenied;
  for (const size_t at : {0, 1}) {
    Note note = SignedNote();
    note.signatures[at].bytes.back() ^= 1;
    EXPECT_THAT(VerifyNote(note, {LogKey(), WitnessKey()}),
                StatusIs(kPermissionDenied));
  }
  Note changed = SignedNote();
  changed.text[changed.text.find('7')] = '8';
  EXPECT_THAT(VerifyNote(changed, {LogKey()}), StatusIs(kPermissionDenied));
  Note repeated = SignedNote();
  repeated.signatures.push_back(repeated.signatures[0]);
  repeated.signatures.back().bytes = "S";
  EXPECT_THAT(VerifyNote(repeated, {LogKey()}), StatusIs(kPermissionDenied));
}

TEST(VerifyNoteTest, ARepeatedSignatureCountsOnce) {
  Note note = SignedNote();
  note.signatures.push_back(note.signatures[0]);
  note.signatures.push_back(*WitnessSigner().Cosign(
      note.text, UnixSeconds(witness_time.value() + 1)));
  const auto verified = VerifyNote(note, {LogKey(), WitnessKey()});
  ASSERT_THAT(verified,
              IsOkAndHolds(ElementsAre(By(log_name), By(witness_name))));
  EXPECT_EQ((*verified)[1].time, witness_time);
}

TEST(VerifyNoteTest, ANoteThatNobodyKnownSignedIsNone) {
  Note note = SignedNote();
  EXPECT_THAT(VerifyNote(note, {}),
              StatusIs(absl::StatusCode::kUnauthenticated));
  note.signatures.pop_back();
  EXPECT_THAT(VerifyNote(note, {WitnessKey()}),
              StatusIs(absl::StatusCode::kUnauthenticated));
}

TEST(VerifyNoteTest, TwoKeysOfOneNameAndIdAreRefused) {
  EXPECT_THAT(VerifyNote(SignedNote(), {LogKey(), LogKey()}),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(VerifyNoteTest, OneKeyUnderTwoTypesIsTwo) {
  const SignerKey cosigning =
      MakeSigner(log_name, KeyType::kCosignature, LogSeed());
  Note note = SignedNote();
  note.signatures.push_back(*cosigning.Cosign(note.text, UnixSeconds(5)));
  EXPECT_THAT(VerifyNote(note, {LogKey(), cosigning.verifier()}),
              IsOkAndHolds(ElementsAre(By(log_name), By(log_name))));
  // A log's signature does not pass for its cosignature.
  note.signatures.back().bytes = note.signatures.front().bytes;
  EXPECT_THAT(VerifyNote(note, {cosigning.verifier()}),
              StatusIs(absl::StatusCode::kPermissionDenied));
}

}  // namespace
}  // namespace daybook::checkpoint
