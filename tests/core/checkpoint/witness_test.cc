// When a witness cosigns: each rule of the protocol, its opposite and its
// boundary, and all pairs of small sizes against trees that fork everywhere.

#include "core/checkpoint/witness.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/checkpoint/base64.h"
#include "core/checkpoint/signed_checkpoint.h"
#include "tests/core/checkpoint/vectors.h"
#include "tests/core/merkle/oracle.h"
#include "tests/support/status_matchers.h"

namespace daybook::checkpoint {
namespace {

using ::daybook::testing::IsOk;
using ::daybook::testing::IsOkAndHolds;
using ::daybook::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr auto kInvalidArgument = absl::StatusCode::kInvalidArgument;
constexpr auto kAborted = absl::StatusCode::kAborted;
constexpr auto kFailedPrecondition = absl::StatusCode::kFailedPrecondition;
constexpr auto kPermissionDenied = absl::StatusCode::kPermissionDenied;

merkle::Hash HashOf(const std::string& text) { return merkle::LeafHash(text); }

// Two logs that are the same up to `fork`, and then differ.
class Trees {
 public:
  Trees(uint64_t size, uint64_t fork) : ours_(merkle::EventLeaves(size)) {
    theirs_ = ours_;
    for (uint64_t i = fork; i < size; ++i) {
      theirs_[i] = HashOf(absl::StrCat("other-", i));
    }
  }

  merkle::TreeHead Ours(uint64_t size) const { return Head(ours_, size); }
  merkle::TreeHead Theirs(uint64_t size) const { return Head(theirs_, size); }

  // From our tree to ours, and in theirs.
  std::vector<merkle::Hash> Proof(uint64_t older, uint64_t newer) const {
    return ProofIn(ours_, older, newer);
  }
  std::vector<merkle::Hash> TheirProof(uint64_t older, uint64_t newer) const {
    return ProofIn(theirs_, older, newer);
  }

 private:
  static merkle::TreeHead Head(const std::vector<merkle::Hash>& leaves,
                               uint64_t size) {
    return {LogSize(size),
            size == 0 ? merkle::EmptyRoot() : merkle::RootOf(leaves, 0, size)};
  }

  static std::vector<merkle::Hash> ProofIn(
      const std::vector<merkle::Hash>& leaves, uint64_t older, uint64_t newer) {
    if (older == 0 || older == newer) return {};
    return merkle::ConsistencyOf(older, newer,
                                 [&](uint64_t first, uint64_t limit) {
                                   return merkle::RootOf(leaves, first, limit);
                                 });
  }

  std::vector<merkle::Hash> ours_;
  std::vector<merkle::Hash> theirs_;
};

absl::Status Check(const merkle::TreeHead& seen, uint64_t old_size,
                   const std::vector<merkle::Hash>& proof,
                   const merkle::TreeHead& head) {
  AddCheckpointRequest request;
  request.old_size = LogSize(old_size);
  request.proof = proof;
  return CheckContinues(seen, request, {log_name, head, {}});
}

Note Signed(const merkle::TreeHead& head) {
  return *SignCheckpoint({log_name, head, {}}, LogSigner());
}

TEST(AddCheckpointTest, FormatAndParseAreInverse) {
  AddCheckpointRequest request;
  request.checkpoint = *ParseNote(SignedText());
  EXPECT_THAT(FormatAddCheckpoint(request),
              IsOkAndHolds(absl::StrCat("old 0\n\n", SignedText())));
  request.old_size = LogSize(20'852'014);
  request.proof = {HashOf("a"), HashOf("b")};
  const auto body = FormatAddCheckpoint(request);
  ASSERT_THAT(body, IsOk());
  EXPECT_EQ(
      *body,
      absl::StrCat("old 20852014\n", EncodeBase64(HashOf("a").bytes()), "\n",
                   EncodeBase64(HashOf("b").bytes()), "\n\n", SignedText()));
  EXPECT_THAT(ParseAddCheckpoint(*body), IsOkAndHolds(request));
}

TEST(AddCheckpointTest, AtMostSixtyThreeHashes) {
  AddCheckpointRequest request;
  request.checkpoint = *ParseNote(SignedText());
  request.proof.assign(witness_hashes_max, HashOf("a"));
  EXPECT_THAT(FormatAddCheckpoint(request), IsOk());
  request.proof.push_back(HashOf("a"));
  EXPECT_THAT(FormatAddCheckpoint(request),
              StatusIs(kInvalidArgument, HasSubstr("63")));
}

TEST(AddCheckpointTest, MalformedBodiesAreRefused) {
  const std::string note = SignedText();
  const std::string hash = EncodeBase64(HashOf("a").bytes());
  for (const std::string& body : std::vector<std::string>{
           "", "\n\n" + note, note, "old 7\n" + note, "old 07\n\n" + note,
           "old -1\n\n" + note, "old\n\n" + note, "old 7 \n\n" + note,
           "old  7\n\n" + note, "new 7\n\n" + note, "old 7\r\n\n" + note,
           "old 9223372036854775808\n\n" + note, "old 7\nxyz\n\n" + note,
           "old 7\n" + hash.substr(0, 40) + "\n\n" + note,
           "old 7\n" + hash + " \n\n" + note, "old 7\n\n",
           "old 7\n\n" + std::string(checkpoint_text)}) {
    EXPECT_THAT(ParseAddCheckpoint(body), StatusIs(kInvalidArgument)) << body;
  }
  EXPECT_THAT(
      ParseAddCheckpoint(std::string(add_checkpoint_bytes_max + 1, 'x')),
      StatusIs(kInvalidArgument, HasSubstr("bytes")));
}

TEST(OpenForWitnessTest, AKnownLogIsOpenedAndItsSignatureKept) {
  const Note note = *ParseNote(SignedText());
  const auto known = OpenForWitness(note, {LogSigner().verifier()});
  ASSERT_THAT(known, IsOk());
  EXPECT_EQ(known->checkpoint.origin, log_name);
  EXPECT_EQ(known->checkpoint.head.size, LogSize(7));
  EXPECT_THAT(known->signatures, ElementsAre(note.signatures[0]));
}

TEST(OpenForWitnessTest, AnUnknownOriginIsNotFound) {
  const SignerKey other =
      MakeSigner("other.example", KeyType::kEd25519, LogSeed());
  EXPECT_THAT(OpenForWitness(*ParseNote(SignedText()), {other.verifier()}),
              StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(OpenForWitness(*ParseNote(SignedText()), {}),
              StatusIs(absl::StatusCode::kNotFound));
}

TEST(OpenForWitnessTest, OfSeveralKeysOfALogOneIsEnough) {
  const SignerKey old =
      MakeSigner(log_name, KeyType::kEd25519, std::string(32, 'o'));
  EXPECT_THAT(OpenForWitness(*ParseNote(SignedText()),
                             {old.verifier(), LogSigner().verifier()}),
              IsOk());
  EXPECT_THAT(OpenForWitness(*ParseNote(SignedText()), {old.verifier()}),
              StatusIs(kPermissionDenied, HasSubstr("no known key")));
}

TEST(OpenForWitnessTest, AFalseSignatureOfAKnownKeyIsRefused) {
  Note note = *ParseNote(SignedText());
  note.signatures[0].bytes[5] ^= 1;
  EXPECT_THAT(OpenForWitness(note, {LogSigner().verifier()}),
              StatusIs(kPermissionDenied));
  // Also beside a true one.
  note.signatures.push_back(ParseNote(SignedText())->signatures[0]);
  EXPECT_THAT(OpenForWitness(note, {LogSigner().verifier()}),
              StatusIs(kPermissionDenied));
}

TEST(OpenForWitnessTest, TextThatIsNoCheckpointIsMalformed) {
  Note note;
  note.text = "hello\n";
  note.signatures = {*LogSigner().Sign(note.text)};
  EXPECT_THAT(OpenForWitness(note, {LogSigner().verifier()}),
              StatusIs(kInvalidArgument));
}

TEST(CheckContinuesTest, AnyTreeContinuesNothing) {
  const Trees trees(9, 9);
  EXPECT_THAT(Check(NothingSeen(), 0, {}, trees.Ours(9)), IsOk());
  EXPECT_THAT(Check(NothingSeen(), 0, {}, trees.Ours(0)), IsOk());
  EXPECT_THAT(Check(NothingSeen(), 0, {HashOf("x")}, trees.Ours(9)),
              StatusIs(kFailedPrecondition));
}

TEST(CheckContinuesTest, SizeZeroHasTheRootOfTheEmptyTree) {
  EXPECT_THAT(Check(NothingSeen(), 0, {}, {LogSize(0), HashOf("x")}),
              StatusIs(kFailedPrecondition));
}

TEST(CheckContinuesTest, AnOldSizeAboveTheCheckpointsIsMalformed) {
  const Trees trees(9, 9);
  EXPECT_THAT(Check(trees.Ours(9), 9, {}, trees.Ours(8)),
              StatusIs(kInvalidArgument));
  // Also when it is wrong in other ways.
  EXPECT_THAT(Check(trees.Ours(5), 9, {}, trees.Ours(8)),
              StatusIs(kInvalidArgument));
}

TEST(CheckContinuesTest, TheOldSizeIsThatOfWhatWasSeen) {
  const Trees trees(9, 9);
  for (uint64_t old_size = 0; old_size <= 8; ++old_size) {
    const absl::Status status =
        Check(trees.Ours(5), old_size, trees.Proof(old_size, 8), trees.Ours(8));
    if (old_size == 5) {
      EXPECT_THAT(status, IsOk());
    } else {
      EXPECT_THAT(status, StatusIs(kAborted, HasSubstr("last was 5")));
    }
  }
  // It went back: the log says less than it has said before.
  EXPECT_THAT(Check(trees.Ours(9), 5, trees.Proof(5, 8), trees.Ours(8)),
              StatusIs(kAborted));
}

TEST(CheckContinuesTest, TheSameTreeMayBeCosignedAgain) {
  const Trees trees(9, 4);
  EXPECT_THAT(Check(trees.Ours(9), 9, {}, trees.Ours(9)), IsOk());
  EXPECT_THAT(Check(trees.Ours(9), 9, {HashOf("x")}, trees.Ours(9)),
              StatusIs(kFailedPrecondition));
  EXPECT_THAT(Check(trees.Ours(9), 9, {}, trees.Theirs(9)),
              StatusIs(kFailedPrecondition, HasSubstr("different roots")));
}

TEST(CheckContinuesTest, AllSmallSizesAndForks) {
  constexpr uint64_t sizes = 20;
  for (uint64_t fork = 0; fork < sizes; ++fork) {
    const Trees trees(sizes, fork);
    for (uint64_t older = 1; older <= sizes; ++older) {
      for (uint64_t newer = older; newer <= sizes; ++newer) {
        SCOPED_TRACE(absl::StrCat(fork, ": ", older, " to ", newer));
        EXPECT_THAT(Check(trees.Ours(older), older, trees.Proof(older, newer),
                          trees.Ours(newer)),
                    IsOk());
        // The other history, with the best proof that there is.
        const bool same = older <= fork;
        EXPECT_EQ(Check(trees.Ours(older), older,
                        trees.TheirProof(older, newer), trees.Theirs(newer))
                      .ok(),
                  same);
      }
    }
  }
}

TEST(CheckContinuesTest, EveryFlippedLeftOutAndAddedHashIsRefused) {
  const Trees trees(100, 100);
  const std::vector<merkle::Hash> proof = trees.Proof(37, 100);
  ASSERT_GT(proof.size(), 3u);
  for (size_t i = 0; i <= proof.size(); ++i) {
    std::vector<merkle::Hash> changed = proof;
    changed.insert(changed.begin() + static_cast<ptrdiff_t>(i), HashOf("x"));
    EXPECT_THAT(Check(trees.Ours(37), 37, changed, trees.Ours(100)),
                StatusIs(kFailedPrecondition));
    if (i == proof.size()) continue;
    changed = proof;
    changed[i] = HashOf("x");
    EXPECT_THAT(Check(trees.Ours(37), 37, changed, trees.Ours(100)),
                StatusIs(kFailedPrecondition));
    changed.erase(changed.begin() + static_cast<ptrdiff_t>(i));
    EXPECT_THAT(Check(trees.Ours(37), 37, changed, trees.Ours(100)),
                StatusIs(kFailedPrecondition));
  }
}

// A log that forks, two readers, and one witness: what the one reader is shown
// is cosigned, and what the other is shown is not.
TEST(CheckContinuesTest, OnlyOneOfTwoHistoriesIsCosigned) {
  const Trees trees(60, 30);
  merkle::TreeHead seen = NothingSeen();
  const auto cosigns = [&](const Note& note, uint64_t old_size,
                           const std::vector<merkle::Hash>& proof) {
    const auto known = OpenForWitness(note, {LogSigner().verifier()});
    EXPECT_THAT(known, IsOk());
    AddCheckpointRequest request{LogSize(old_size), proof, note};
    const bool yes = CheckContinues(seen, request, known->checkpoint).ok();
    if (yes) seen = known->checkpoint.head;
    return yes;
  };
  EXPECT_TRUE(cosigns(Signed(trees.Ours(40)), 0, {}));
  EXPECT_FALSE(cosigns(Signed(trees.Theirs(40)), 0, {}));
  EXPECT_FALSE(cosigns(Signed(trees.Theirs(40)), 40, {}));
  EXPECT_FALSE(cosigns(Signed(trees.Theirs(60)), 40, trees.TheirProof(40, 60)));
  EXPECT_FALSE(cosigns(Signed(trees.Theirs(60)), 40, trees.Proof(40, 60)));
  EXPECT_TRUE(cosigns(Signed(trees.Ours(60)), 40, trees.Proof(40, 60)));
}

}  // namespace
}  // namespace daybook::checkpoint
