// What a policy file may say, what is told of one that is wrong, and whom a
// policy believes: every subset of witnesses against every kind of quorum.

#include "core/checkpoint/policy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/checkpoint/base64.h"
#include "core/checkpoint/signed_checkpoint.h"
#include "tests/core/checkpoint/vectors.h"
#include "tests/support/status_matchers.h"

namespace daybook::checkpoint {
namespace {

using ::daybook::testing::IsOk;
using ::daybook::testing::StatusIs;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

constexpr auto kInvalidArgument = absl::StatusCode::kInvalidArgument;

// The witness with this number, w0, w1, …
SignerKey Witness(int number) {
  return MakeSigner(absl::StrCat("witness.example/", number),
                    KeyType::kCosignature,
                    std::string(32, static_cast<char>('a' + number)));
}

std::string WitnessLine(int number, absl::string_view url = "") {
  return absl::StrCat("witness w", number, " ",
                      Witness(number).verifier().ToString(), " ", url, "\n");
}

std::string LogLine() { return absl::StrCat("log ", log_vkey, "\n"); }

// The log's checkpoint, cosigned by these witnesses.
Note Cosigned(const std::vector<int>& witnesses) {
  Note note = *SignCheckpoint(
      {log_name, {LogSize(7), *DecodeBase64Hash(root_7)}, {}}, LogSigner());
  for (const int number : witnesses) {
    note.signatures.push_back(
        *Witness(number).Cosign(note.text, UnixSeconds(1'000 + number)));
  }
  return note;
}

bool Meets(const std::string& policy, const std::vector<int>& witnesses) {
  const auto parsed = Policy::Parse(policy);
  EXPECT_THAT(parsed, IsOk());
  const auto opinion = parsed->Judge(Cosigned(witnesses), std::nullopt);
  EXPECT_THAT(opinion, IsOk());
  return opinion->quorum_met;
}

TEST(PolicyTest, ReadsLogsWitnessesAndComments) {
  const auto policy = Policy::Parse(absl::StrCat(
      "# ours\n\n \t# indented\n\tlog  ", log_vkey, " https://log.example\t\n",
      WitnessLine(0, "https://w0.example"), WitnessLine(1), "quorum w1"));
  ASSERT_THAT(policy, IsOk());
  ASSERT_THAT(policy->logs(), SizeIs(1));
  EXPECT_EQ(policy->logs()[0].key.ToString(), log_vkey);
  EXPECT_EQ(policy->logs()[0].url, "https://log.example");
  ASSERT_THAT(policy->witnesses(), SizeIs(2));
  EXPECT_EQ(policy->witnesses()[0].name, "w0");
  EXPECT_EQ(policy->witnesses()[0].key, Witness(0).verifier());
  EXPECT_EQ(policy->witnesses()[0].url, "https://w0.example");
  EXPECT_EQ(policy->witnesses()[1].url, "");
  EXPECT_TRUE(policy->demands_witnesses());
}

TEST(PolicyTest, QuorumOfNobody) {
  const std::string text = LogLine() + "quorum none\n";
  EXPECT_TRUE(Meets(text, {}));
  EXPECT_FALSE(Policy::Parse(text)->demands_witnesses());
}

TEST(PolicyTest, QuorumOfOneWitness) {
  const std::string text =
      LogLine() + WitnessLine(0) + WitnessLine(1) + "quorum w1\n";
  EXPECT_FALSE(Meets(text, {}));
  EXPECT_FALSE(Meets(text, {0}));
  EXPECT_TRUE(Meets(text, {1}));
  EXPECT_TRUE(Meets(text, {0, 1}));
}

TEST(PolicyTest, EverySubsetAgainstEveryThreshold) {
  const std::string witnesses =
      LogLine() + WitnessLine(0) + WitnessLine(1) + WitnessLine(2);
  for (const auto& [threshold, needed] :
       std::vector<std::pair<std::string, int>>{
           {"any", 1}, {"all", 3}, {"1", 1}, {"2", 2}, {"3", 3}}) {
    const std::string text =
        absl::StrCat(witnesses, "group g ", threshold, " w0 w1 w2\nquorum g\n");
    for (int subset = 0; subset < 8; ++subset) {
      SCOPED_TRACE(absl::StrCat(threshold, " of ", subset));
      std::vector<int> signers;
      for (int i = 0; i < 3; ++i) {
        if ((subset >> i & 1) == 1) signers.push_back(i);
      }
      EXPECT_EQ(Meets(text, signers),
                static_cast<int>(signers.size()) >= needed);
    }
  }
}

TEST(PolicyTest, GroupsOfGroups) {
  const std::string text = absl::StrCat(
      LogLine(), WitnessLine(0), WitnessLine(1), WitnessLine(2), WitnessLine(3),
      "group x 2 w0 w1 w2\ngroup all-of all x w3\n", "quorum all-of\n");
  EXPECT_TRUE(Meets(text, {0, 2, 3}));
  EXPECT_FALSE(Meets(text, {0, 1, 2}));
  EXPECT_FALSE(Meets(text, {0, 3}));
}

TEST(PolicyTest, SignaturesOfStrangersAndRepetitionsDoNotCount) {
  const std::string text = absl::StrCat(
      LogLine(), WitnessLine(0), WitnessLine(1), "group g 2 w0 w1\nquorum g\n");
  EXPECT_FALSE(Meets(text, {0, 0, 5}));
  EXPECT_TRUE(Meets(text, {5, 1, 0}));
}

TEST(PolicyTest, TellsWhoCosignedAndWhatIsDemanded) {
  const auto policy = Policy::Parse(
      absl::StrCat(LogLine(), WitnessLine(0), WitnessLine(1), WitnessLine(2),
                   "group g 2 w0 w2\nquorum g\n"));
  ASSERT_THAT(policy, IsOk());
  auto opinion = policy->Judge(Cosigned({2, 1}), std::nullopt);
  ASSERT_THAT(opinion, IsOk());
  ASSERT_THAT(opinion->cosigners, SizeIs(2));
  EXPECT_EQ(opinion->cosigners[0].name, "w1");
  EXPECT_EQ(opinion->cosigners[0].time, UnixSeconds(1'001));
  EXPECT_EQ(opinion->cosigners[1].name, "w2");
  EXPECT_EQ(opinion->checkpoint.head.size, LogSize(7));
  EXPECT_EQ(opinion->log.ToString(), log_vkey);
  EXPECT_EQ(opinion->told, "cosigned by w1, w2; the quorum is g, 2 of w0, w2");
  opinion = policy->Judge(Cosigned({}), std::nullopt);
  ASSERT_THAT(opinion, IsOk());
  EXPECT_THAT(opinion->told, HasSubstr("cosigned by no witness"));
}

TEST(PolicyTest, TheLogMustBeOneThatIsTaken) {
  const VerifierKey other =
      MakeSigner("other.example", KeyType::kEd25519, std::string(32, 'o'))
          .verifier();
  const VerifierKey ours = LogSigner().verifier();
  const auto named = Policy::Parse(LogLine() + "quorum none\n");
  EXPECT_THAT(named->Judge(Cosigned({}), ours), IsOk());
  EXPECT_THAT(named->Judge(Cosigned({}), other),
              StatusIs(absl::StatusCode::kPermissionDenied));
  const auto open = Policy::Parse("quorum none\n");
  EXPECT_THAT(open->Judge(Cosigned({}), ours), IsOk());
  EXPECT_THAT(open->Judge(Cosigned({}), other),
              StatusIs(absl::StatusCode::kUnauthenticated));
  EXPECT_THAT(open->Judge(Cosigned({}), std::nullopt),
              StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST(PolicyTest, WitnessesAloneDoNotDo) {
  Note note = Cosigned({0});
  note.signatures.erase(note.signatures.begin());
  const auto policy = Policy::Parse(LogLine() + WitnessLine(0) + "quorum w0\n");
  EXPECT_THAT(policy->Judge(note, std::nullopt),
              StatusIs(absl::StatusCode::kUnauthenticated));
}

TEST(PolicyTest, AFalseSignatureOfAKnownWitnessSpoilsTheNote) {
  Note note = Cosigned({0, 1});
  note.signatures[1].bytes.back() ^= 1;
  const auto policy = Policy::Parse(
      absl::StrCat(LogLine(), WitnessLine(0), WitnessLine(1), "quorum w1\n"));
  EXPECT_THAT(policy->Judge(note, std::nullopt),
              StatusIs(absl::StatusCode::kPermissionDenied));
  const auto stranger =
      Policy::Parse(LogLine() + WitnessLine(1) + "quorum w1\n");
  EXPECT_THAT(stranger->Judge(note, std::nullopt), IsOk());
}

TEST(PolicyTest, ALogDoesNotSpeakForAnother) {
  const SignerKey other =
      MakeSigner("other.example", KeyType::kEd25519, std::string(32, 'o'));
  Note note = Cosigned({});
  note.signatures = {*other.Sign(note.text)};
  const auto one = Policy::Parse(
      absl::StrCat("log ", other.verifier().ToString(), "\nquorum none\n"));
  EXPECT_THAT(one->Judge(note, std::nullopt),
              StatusIs(absl::StatusCode::kPermissionDenied));
  // Beside the log's own signature it does no harm, in any order.
  note.signatures.push_back(*LogSigner().Sign(note.text));
  const auto both = Policy::Parse(absl::StrCat(
      "log ", other.verifier().ToString(), "\n", LogLine(), "quorum none\n"));
  const auto opinion = both->Judge(note, std::nullopt);
  ASSERT_THAT(opinion, IsOk());
  EXPECT_EQ(opinion->log.name(), log_name);
}

TEST(PolicyTest, AtLeastThirtyTwoOfEach) {
  std::string text;
  std::vector<int> all;
  for (int i = 0; i < 40; ++i) {
    const SignerKey log =
        MakeSigner(absl::StrCat("log.example/", i), KeyType::kEd25519,
                   std::string(32, static_cast<char>(i)));
    absl::StrAppend(&text, "log ", log.verifier().ToString(), "\n",
                    WitnessLine(i), "group g", i, " any w", i,
                    i == 0 ? "" : absl::StrCat(" g", i - 1), "\n");
    all.push_back(i);
  }
  const auto policy = Policy::Parse(text + LogLine() + "quorum g39\n");
  ASSERT_THAT(policy, IsOk());
  EXPECT_THAT(policy->logs(), SizeIs(41));
  const auto opinion = policy->Judge(Cosigned({0}), std::nullopt);
  ASSERT_THAT(opinion, IsOk());
  EXPECT_TRUE(opinion->quorum_met);
  EXPECT_FALSE(policy->Judge(Cosigned({}), std::nullopt)->quorum_met);
}

// One line that is wrong, and what is said of it.
TEST(PolicyTest, EachMistakeIsNamedWithItsLine) {
  const std::string same_key =
      absl::StrCat("witness again ",
                   VerifierKey::Create("another.example", KeyType::kCosignature,
                                       Witness(0).verifier().public_key())
                       ->ToString());
  const std::vector<std::pair<std::string, std::string>> mistakes = {
      {"logs x", "none of log, witness"},
      {"log", "log VKEY"},
      {absl::StrCat("log ", log_vkey, " url more"), "log VKEY"},
      {absl::StrCat("log ", log_vkey), "named before"},
      {"log nonsense", "NAME+ID+BASE64"},
      {absl::StrCat("log ", witness_vkey), "of type 4"},
      {"witness w9", "witness NAME VKEY"},
      {absl::StrCat("witness w9 ", log_vkey), "of type 1"},
      {absl::StrCat("witness w0 ", witness_vkey), "defined before"},
      {absl::StrCat("witness none ", witness_vkey), "can not be defined"},
      {same_key, "named before"},
      {"group h any", "group NAME"},
      {"group h 0 w1", "from 1 to 1"},
      {"group h 2 w1", "from 1 to 1"},
      {"group h 01 w1", "from 1 to 1"},
      {"group h some w1", "neither all nor any"},
      {"group h any w9", "'w9' is no witness"},
      {"group h any none", "'none' is no witness"},
      {"group h any h", "'h' is no witness"},
      {"group h any w0", "'w0' is a member of a group already"},
      {"group h all w1 w1", "'w1' is a member of a group already"},
      {"group g any w1", "defined before"},
      {"quorum", "quorum NAME"},
      {"quorum g", "a quorum in line 5 already"},
      {"group h any w1\r", "LF alone"},
      {std::string("# \0", 3), "control character"},
  };
  const std::string good = absl::StrCat(
      LogLine(), WitnessLine(0), WitnessLine(1), "group g any w0\nquorum g\n");
  ASSERT_THAT(Policy::Parse(good), IsOk());
  for (const auto& [line, said] : mistakes) {
    SCOPED_TRACE(line);
    EXPECT_THAT(
        Policy::Parse(absl::StrCat(good, line, "\n")),
        StatusIs(kInvalidArgument, AllOf(HasSubstr("line 6: "), HasSubstr(said),
                                         Not(HasSubstr("; and ")))));
  }
}

TEST(PolicyTest, AllMistakesAtOnce) {
  EXPECT_THAT(Policy::Parse("nonsense\nquorum q\n# fine\ngroup g 1 x\n"),
              StatusIs(kInvalidArgument,
                       AllOf(HasSubstr("line 1: "), HasSubstr("line 2: "),
                             HasSubstr("line 4: "), Not(HasSubstr("line 3")))));
  std::string many;
  for (int i = 0; i < 100; ++i) many += "nonsense\n";
  EXPECT_THAT(Policy::Parse(many),
              StatusIs(kInvalidArgument, HasSubstr("; and 85 more")));
}

TEST(PolicyTest, ThereIsExactlyOneQuorum) {
  EXPECT_THAT(Policy::Parse(LogLine()),
              StatusIs(kInvalidArgument, HasSubstr("no quorum line")));
  EXPECT_THAT(Policy::Parse(""), StatusIs(kInvalidArgument));
  EXPECT_THAT(Policy::Parse("quorum none"), IsOk());
}

TEST(PolicyTest, LongerThanTheLimitIsRefused) {
  std::string text = "quorum none\n#";
  text.resize(policy_bytes_max, 'x');
  EXPECT_THAT(Policy::Parse(text), IsOk());
  EXPECT_THAT(Policy::Parse(text + "x"), StatusIs(kInvalidArgument));
}

}  // namespace
}  // namespace daybook::checkpoint
