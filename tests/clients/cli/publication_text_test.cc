// What `append --published` says of proofs, and the files that it writes.

#include "clients/cli/publication_text.h"

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "core/checkpoint/proof_file.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temporary_directory.h"

namespace daybook::cli {
namespace {

using daybook::testing::IsOk;
using daybook::testing::StatusIs;
using ::testing::HasSubstr;
using Kind = client::EventOutcome::Kind;

class PublicationTextTest : public ::testing::Test {
 protected:
  PublicationTextTest() {
    proof_.set_position(3);
    proof_.set_size(7);
    for (const char c : {'a', 'b', 'c'}) {
      proof_.add_hashes(std::string(32, c));
    }
    checkpoint_.set_size(7);
    checkpoint_.set_note(
        "budget.example/ledger\n7\n"
        "gTvaOkIAD4KUtqlU6oN5LC3vrmUkbvdgr5/dU699Rjg=\n\n"
        "\xE2\x80\x94 budget.example/ledger AAAAAAAA\n");
  }

  client::EventOutcome Proven() const {
    client::EventOutcome outcome;
    outcome.kind = Kind::kCreated;
    outcome.position = 3;
    outcome.proof = &proof_;
    outcome.checkpoint = &checkpoint_;
    return outcome;
  }

  testing::TemporaryDirectory temporary_;
  v1::InclusionProof proof_;
  v1::Checkpoint checkpoint_;
};

TEST_F(PublicationTextTest, ProofFilesHoldWhatWasAnswered) {
  PublicationWriter writer(temporary_.path() / "proofs");
  writer.Take(Proven());
  std::ostringstream out;
  EXPECT_THAT(writer.Finish(out), IsOk());
  EXPECT_EQ(out.str(), "published 1 events, checkpoint size 7\n");
  std::ifstream file(temporary_.path() / "proofs" / "3.tlog-proof");
  std::stringstream bytes;
  bytes << file.rdbuf();
  const auto parsed = checkpoint::ParseProofFile(bytes.str());
  ASSERT_THAT(parsed, IsOk());
  EXPECT_EQ(parsed->position, Position(3));
  ASSERT_EQ(parsed->hashes.size(), 3u);
  EXPECT_EQ(parsed->hashes[2].bytes(), std::string(32, 'c'));
}

TEST_F(PublicationTextTest, WhatIsNotPublishedIsAnError) {
  PublicationWriter writer("");
  writer.Take(Proven());
  client::EventOutcome unproven;
  unproven.kind = Kind::kReplayed;
  unproven.status = absl::UnavailableError("the disk of the key");
  writer.Take(unproven);
  client::EventOutcome refused;
  refused.kind = Kind::kRefused;
  writer.Take(refused);
  std::ostringstream out;
  EXPECT_THAT(writer.Finish(out), StatusIs(absl::StatusCode::kUnavailable,
                                           HasSubstr("1 events are recorded")));
}

TEST_F(PublicationTextTest, AFileThatCanNotBeWrittenIsNamed) {
  std::ofstream(temporary_.path() / "file") << "in the way";
  PublicationWriter writer(temporary_.path() / "file");
  writer.Take(Proven());
  std::ostringstream out;
  EXPECT_THAT(writer.Finish(out),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("3.tlog-proof")));
  // Nor is what is no proof written.
  proof_.add_hashes("short");
  EXPECT_FALSE(ProofFileText(proof_, checkpoint_).ok());
}

}  // namespace
}  // namespace daybook::cli
