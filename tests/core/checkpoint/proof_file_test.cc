#include "core/checkpoint/proof_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

#include "absl/strings/str_cat.h"
#include "core/checkpoint/base64.h"
#include "core/merkle/hash.h"
#include "core/merkle/verify.h"
#include "tests/core/checkpoint/vectors.h"
#include "tests/support/status_matchers.h"

namespace daybook::checkpoint {
namespace {

using ::daybook::testing::IsOk;
using ::daybook::testing::IsOkAndHolds;
using ::daybook::testing::StatusIs;
using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr auto kInvalidArgument = absl::StatusCode::kInvalidArgument;

constexpr char first[] = "c2sp.org/tlog-proof@v1\n";
constexpr char hashes[] =
    "T7cNqgptqvfpPys3xeXfczRmMP2KUZltUPHY7v8nlCY=\n"
    "P9HVoFmrFxo0X5kSyDwt2LeTO06VDmdJvIPbsfQ8y94=\n"
    "CdE923ZptzRMGk5/zSfZNnUk1MxvmDHjZ9hsED0563g=\n";

// That event-3 is in the tree of 7.
std::string ProofText() {
  return absl::StrCat(first, "index 3\n", hashes, "\n", SignedText());
}

ProofFile Proof() { return *ParseProofFile(ProofText()); }

VerifierKey LogKey() { return *VerifierKey::Parse(log_vkey); }
VerifierKey WitnessKey() { return *VerifierKey::Parse(witness_vkey); }

TEST(ProofFileTest, ProvesThatAnEntryIsInTheTree) {
  const auto proof = ParseProofFile(ProofText());
  ASSERT_THAT(proof, IsOk());
  EXPECT_EQ(proof->position, Position(3));
  EXPECT_THAT(proof->hashes, SizeIs(3));
  EXPECT_EQ(proof->extra, "");
  EXPECT_EQ(proof->checkpoint, *ParseNote(SignedText()));
  const auto opened = VerifyProofFile(*proof, merkle::LeafHash("event-3"),
                                      LogKey(), {WitnessKey()});
  ASSERT_THAT(opened, IsOk());
  EXPECT_EQ(opened->checkpoint.head.size, LogSize(7));
  EXPECT_THAT(opened->witnesses, SizeIs(1));
  EXPECT_THAT(FormatProofFile(*proof), IsOkAndHolds(ProofText()));
}

TEST(ProofFileTest, TheFormatsPageShowsThisProof) {
  std::ifstream file("docs/formats/checkpoint.md");
  const std::string page{std::istreambuf_iterator<char>(file), {}};
  EXPECT_THAT(page, HasSubstr(absl::StrCat("```\n", ProofText(), "```\n")));
  EXPECT_THAT(page, HasSubstr(absl::StrCat("```\n", log_vkey, "\n",
                                           witness_vkey, "\n```\n")));
}

TEST(ProofFileTest, ATreeOfOneEntryNeedsNoHashes) {
  ProofFile proof;
  const merkle::Hash leaf = merkle::LeafHash("event-0");
  proof.checkpoint =
      *SignCheckpoint({log_name, {LogSize(1), leaf}, {}}, LogSigner());
  const auto text = FormatProofFile(proof);
  ASSERT_THAT(text, IsOk());
  EXPECT_THAT(*text, HasSubstr("index 0\n\nbudget.example/ledger\n1\n"));
  EXPECT_THAT(ParseProofFile(*text), IsOkAndHolds(proof));
  EXPECT_THAT(VerifyProofFile(proof, leaf, LogKey(), {}), IsOk());
}

TEST(ProofFileTest, AnotherEntryPositionOrHashProvesNothing) {
  const merkle::Hash leaf = merkle::LeafHash("event-3");
  const auto verify = [&](const ProofFile& proof, const merkle::Hash& of) {
    return VerifyProofFile(proof, of, LogKey(), {}).status();
  };
  EXPECT_THAT(verify(Proof(), leaf), IsOk());
  EXPECT_THAT(verify(Proof(), merkle::LeafHash("event-4")),
              StatusIs(absl::StatusCode::kDataLoss));
  for (uint64_t position = 0; position < 9; ++position) {
    ProofFile proof = Proof();
    proof.position = Position(position);
    EXPECT_EQ(verify(proof, leaf).ok(), position == 3);
  }
  ProofFile changed = Proof();
  changed.hashes[1] = leaf;
  EXPECT_THAT(verify(changed, leaf), StatusIs(absl::StatusCode::kDataLoss));
  changed = Proof();
  changed.hashes.pop_back();
  EXPECT_THAT(verify(changed, leaf), StatusIs(kInvalidArgument));
  changed.hashes = Proof().hashes;
  changed.hashes.push_back(leaf);
  EXPECT_THAT(verify(changed, leaf), StatusIs(kInvalidArgument));
  changed = Proof();
  changed.checkpoint.signatures[0].bytes[5] ^= 1;
  EXPECT_THAT(verify(changed, leaf),
              StatusIs(absl::StatusCode::kPermissionDenied));
  changed.checkpoint.signatures.erase(changed.checkpoint.signatures.begin());
  EXPECT_THAT(verify(changed, leaf),
              StatusIs(absl::StatusCode::kUnauthenticated));
}

TEST(ProofFileTest, ExtraBytesStandBeforeTheIndex) {
  ProofFile proof = Proof();
  proof.extra = std::string("\0\xff", 2);
  const std::string text =
      absl::StrCat(first, "extra AP8=\nindex 3\n", hashes, "\n", SignedText());
  EXPECT_THAT(FormatProofFile(proof), IsOkAndHolds(text));
  EXPECT_THAT(ParseProofFile(text), IsOkAndHolds(proof));
}

TEST(ProofFileTest, HasAtMost64KiBOfExtraBytes) {
  ProofFile proof = Proof();
  proof.extra.assign(proof_extra_bytes_max, 'x');
  const auto text = FormatProofFile(proof);
  ASSERT_THAT(text, IsOk());
  EXPECT_THAT(ParseProofFile(*text), IsOkAndHolds(proof));
  proof.extra.push_back('x');
  EXPECT_THAT(FormatProofFile(proof),
              StatusIs(kInvalidArgument, HasSubstr("65536")));
  proof.extra.assign(proof_extra_bytes_max * 3, 'x');
  EXPECT_THAT(FormatProofFile(proof), StatusIs(kInvalidArgument));
}

TEST(ProofFileTest, HasAtMost63Hashes) {
  ProofFile proof = Proof();
  proof.extra.assign(proof_extra_bytes_max, 'x');
  proof.position = Position(merkle::tree_size_max.value() - 1);
  proof.hashes.resize(merkle::inclusion_hashes_max);
  const auto text = FormatProofFile(proof);
  ASSERT_THAT(text, IsOk());
  EXPECT_THAT(ParseProofFile(*text), IsOkAndHolds(proof));
  proof.hashes.emplace_back();
  EXPECT_THAT(FormatProofFile(proof),
              StatusIs(kInvalidArgument, HasSubstr("63")));
}

TEST(ProofFileTest, OtherFormsAreRefused) {
  const std::string note = absl::StrCat("\n", SignedText());
  const std::string index = "index 3\n";
  const std::string ok = absl::StrCat(first, index, hashes, note);
  ASSERT_THAT(ParseProofFile(ok), IsOk());
  for (const std::string& text : {
           std::string(),
           std::string(first),
           absl::StrCat(first, index, hashes),
           absl::StrCat(first, index, hashes, "\n"),
           absl::StrCat(index, hashes, note),
           absl::StrCat("c2sp.org/tlog-proof@v2\n", index, hashes, note),
           absl::StrCat("\n", ok),
           absl::StrCat(first, hashes, note),
           absl::StrCat(first, note),
           absl::StrCat(first, "index 03\n", hashes, note),
           absl::StrCat(first, "index -3\n", hashes, note),
           absl::StrCat(first, "index  3\n", hashes, note),
           absl::StrCat(first, "index\n", hashes, note),
           absl::StrCat(first, "index 9223372036854775807\n", hashes, note),
           absl::StrCat(first, index, index, hashes, note),
           absl::StrCat(first, "extra \n", index, hashes, note),
           absl::StrCat(first, "extra\n", index, hashes, note),
           absl::StrCat(first, "extra AA\n", index, hashes, note),
           absl::StrCat(first, "extra AA==\nextra AA==\n", index, note),
           absl::StrCat(first, index, "extra AA==\n", hashes, note),
           absl::StrCat(first, index, "AA==\n", hashes, note),
           absl::StrCat(first, index, hashes, " ", note),
           absl::StrCat(first, index, hashes, SignedText()),
           absl::StrCat(first, index, "\n", hashes, note, "x"),
           absl::StrCat(first, index, hashes, "\n\xff", SignedText()),
       }) {
    EXPECT_THAT(ParseProofFile(text), StatusIs(kInvalidArgument)) << text;
  }
  EXPECT_THAT(ParseProofFile(std::string(1'000'000, 'x') + "\n\n"),
              StatusIs(kInvalidArgument));
}

// An empty line after the index ends the hashes; the rest is the note.
TEST(ProofFileTest, TheFirstEmptyLineEndsTheHashes) {
  const auto proof = ParseProofFile(
      absl::StrCat(first, "index 3\n\n", hashes, "\n", SignedText()));
  ASSERT_THAT(proof, IsOk());
  EXPECT_THAT(proof->hashes, SizeIs(0));
  EXPECT_EQ(proof->checkpoint.text,
            absl::StrCat(hashes, "\n", checkpoint_text));
  EXPECT_THAT(
      VerifyProofFile(*proof, merkle::LeafHash("event-3"), LogKey(), {}),
      StatusIs(absl::StatusCode::kPermissionDenied));
}

TEST(ProofFileTest, WhatWouldReadOtherwiseIsNotFormatted) {
  ProofFile proof = Proof();
  proof.position = Position(merkle::tree_size_max.value());
  EXPECT_THAT(FormatProofFile(proof), StatusIs(kInvalidArgument));
  proof = Proof();
  proof.checkpoint.signatures.clear();
  EXPECT_THAT(FormatProofFile(proof), StatusIs(kInvalidArgument));
}

}  // namespace
}  // namespace daybook::checkpoint
