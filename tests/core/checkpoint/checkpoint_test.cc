#include "core/checkpoint/checkpoint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "core/checkpoint/base64.h"
#include "core/checkpoint/note.h"
#include "tests/core/checkpoint/vectors.h"
#include "tests/support/status_matchers.h"

namespace daybook::checkpoint {
namespace {

using ::daybook::testing::IsOk;
using ::daybook::testing::IsOkAndHolds;
using ::daybook::testing::StatusIs;
using ::testing::HasSubstr;

constexpr auto kInvalidArgument = absl::StatusCode::kInvalidArgument;

Checkpoint Seven() {
  return {log_name, {LogSize(7), *DecodeBase64Hash(root_7)}, {}};
}

TEST(CheckpointTest, AsOtherImplementationsHaveIt) {
  EXPECT_THAT(ParseCheckpoint(checkpoint_text), IsOkAndHolds(Seven()));
  EXPECT_THAT(FormatCheckpoint(Seven()), IsOkAndHolds(checkpoint_text));
}

TEST(CheckpointTest, ExtensionsFollowTheRoot) {
  Checkpoint extended = Seven();
  extended.extensions = {"one", " two +"};
  const std::string text = absl::StrCat(checkpoint_text, "one\n two +\n");
  EXPECT_THAT(ParseCheckpoint(text), IsOkAndHolds(extended));
  EXPECT_THAT(FormatCheckpoint(extended), IsOkAndHolds(text));
}

TEST(CheckpointTest, OriginsOfOthersMayHaveSpaces) {
  const std::string text =
      absl::StrCat("go.sum database tree\n7\n", root_7, "\n");
  const auto checkpoint = ParseCheckpoint(text);
  ASSERT_THAT(checkpoint, IsOk());
  EXPECT_EQ(checkpoint->origin, "go.sum database tree");
}

TEST(CheckpointTest, AnOriginHas1To255Bytes) {
  const std::string rest = absl::StrCat("\n7\n", root_7, "\n");
  EXPECT_THAT(ParseCheckpoint(std::string(255, 'a') + rest), IsOk());
  EXPECT_THAT(ParseCheckpoint(std::string(256, 'a') + rest),
              StatusIs(kInvalidArgument, HasSubstr("255")));
  EXPECT_THAT(ParseCheckpoint(rest), StatusIs(kInvalidArgument));
}

TEST(CheckpointTest, ASizeHasOneSpelling) {
  const auto of_size = [](const std::string& size) {
    return ParseCheckpoint(absl::StrCat("log\n", size, "\n", root_7, "\n"));
  };
  for (const char* const size : {"0", "1", "9223372036854775807"}) {
    EXPECT_THAT(of_size(size), IsOk()) << size;
  }
  for (const char* const size :
       {"", "00", "07", "+7", "-7", " 7", "7 ", "7.0", "0x7", "seven",
        "9223372036854775808", "18446744073709551616"}) {
    EXPECT_THAT(of_size(size), StatusIs(kInvalidArgument)) << size;
  }
}

TEST(CheckpointTest, ARootHasOneSpelling) {
  const auto of_root = [](const std::string& root) {
    return ParseCheckpoint(absl::StrCat("log\n7\n", root, "\n"));
  };
  const std::string root = root_7;
  EXPECT_THAT(of_root(root), IsOk());
  for (const std::string& other :
       {std::string(), root.substr(0, 43), root + "=", root + " ", " " + root,
        root.substr(0, 42) + "h=", EncodeBase64(std::string(31, 'x')),
        EncodeBase64(std::string(33, 'x')), std::string(64, 'a')}) {
    EXPECT_THAT(of_root(other), StatusIs(kInvalidArgument)) << other;
  }
}

TEST(CheckpointTest, EveryLineIsThereAndNoneIsEmpty) {
  const std::string text = checkpoint_text;
  for (const std::string& other :
       {std::string(), std::string("\n"), std::string("log\n7\n"),
        text.substr(0, text.size() - 1), text + "\n", text + "x",
        text + "\nx\n", text + "x\n\n", "\n" + text,
        absl::StrCat("log\n\n", root_7, "\n"), text + "\t\n", text + "\xff\n",
        absl::StrCat("log\r\n7\r\n", root_7, "\r\n")}) {
    EXPECT_THAT(ParseCheckpoint(other), StatusIs(kInvalidArgument)) << other;
  }
  EXPECT_THAT(ParseCheckpoint(
                  absl::StrCat(text, std::string(note_bytes_max, 'x'), "\n")),
              StatusIs(kInvalidArgument));
}

TEST(CheckpointTest, WhatWouldReadOtherwiseIsNotFormatted) {
  Checkpoint checkpoint = Seven();
  checkpoint.origin = "a\n7";
  EXPECT_THAT(FormatCheckpoint(checkpoint), StatusIs(kInvalidArgument));
  checkpoint.origin = "";
  EXPECT_THAT(FormatCheckpoint(checkpoint), StatusIs(kInvalidArgument));
  checkpoint = Seven();
  checkpoint.head.size = LogSize(uint64_t{1} << 63);
  EXPECT_THAT(FormatCheckpoint(checkpoint), StatusIs(kInvalidArgument));
  for (const char* const extension : {"", "a\nb", "a\n", "\x01"}) {
    checkpoint = Seven();
    checkpoint.extensions = {extension};
    EXPECT_THAT(FormatCheckpoint(checkpoint), StatusIs(kInvalidArgument));
  }
}

}  // namespace
}  // namespace daybook::checkpoint
