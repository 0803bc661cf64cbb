// What is typed behind daybookd keygen, adopt and recover.

#include "services/server/key_commands.h"

#include <filesystem>
#include <fstream>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temporary_directory.h"

namespace daybook::services {
namespace {

using daybook::testing::IsOk;
using daybook::testing::StatusIs;
using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(KeyCommandsTest, CommandsAreRead) {
  EXPECT_FALSE(IsKeyCommand({}));
  EXPECT_FALSE(IsKeyCommand({"--data_dir=x"}));
  ASSERT_TRUE(IsKeyCommand({"keygen"}));
  const auto keygen = ParseKeyCommand(
      {"keygen", "--key_dir=k", "--next", "--origin=o", "ledgers/1"});
  ASSERT_THAT(keygen, IsOk());
  EXPECT_EQ(keygen->ledger_id, "1");
  EXPECT_EQ(keygen->key_dir, "k");
  EXPECT_EQ(keygen->origin, "o");
  EXPECT_TRUE(keygen->next);
  const auto recover =
      ParseKeyCommand({"recover", "--data_dir=d", "--key_dir=k", "1", "e"});
  ASSERT_THAT(recover, IsOk());
  EXPECT_EQ(recover->kind, KeyCommand::Kind::kRecover);
  EXPECT_EQ(recover->data_dir, "d");
  EXPECT_EQ(recover->from, "e");
}

TEST(KeyCommandsTest, WhatIsMissingOrTooMuchIsRefused) {
  const std::vector<std::vector<std::string>> wrong = {
      {"keygen", "1"},
      {"keygen", "--key_dir=k"},
      {"keygen", "--key_dir=k", "1", "2"},
      {"keygen", "--key_dir=k", "--data_dir=d", "1"},
      {"adopt", "--key_dir=k", "1"},
      {"adopt", "--key_dir=k", "--next", "1", "f"},
      {"recover", "--key_dir=k", "1", "e"},
      {"recover", "--data_dir=d", "1", "e"}};
  for (const std::vector<std::string>& arguments : wrong) {
    EXPECT_THAT(ParseKeyCommand(arguments).status(),
                StatusIs(absl::StatusCode::kInvalidArgument))
        << arguments[0];
  }
}

TEST(KeyCommandsTest, KeygenPrintsTheKeyThatChecks) {
  testing::TemporaryDirectory temporary;
  KeyCommand command;
  command.key_dir = temporary.path() / "keys";
  command.ledger_id = "430203";
  const auto printed = RunKeyCommand(command);
  ASSERT_THAT(printed, IsOk());
  EXPECT_THAT(*printed, StartsWith("daybook.local/ledgers/430203+"));
  EXPECT_THAT(RunKeyCommand(command).status(),
              StatusIs(absl::StatusCode::kAlreadyExists));
}

TEST(KeyCommandsTest, AdoptTakesNoneButItsOwnCheckpoints) {
  testing::TemporaryDirectory temporary;
  KeyCommand command;
  command.key_dir = temporary.path() / "keys";
  command.ledger_id = "430203";
  ASSERT_THAT(RunKeyCommand(command), IsOk());
  command.kind = KeyCommand::Kind::kAdopt;
  command.from = temporary.path() / "checkpoint";
  EXPECT_THAT(RunKeyCommand(command).status(),
              StatusIs(absl::StatusCode::kNotFound));
  std::ofstream(command.from)
      << "daybook.local/ledgers/430203\n9\n"
         "gTvaOkIAD4KUtqlU6oN5LC3vrmUkbvdgr5/dU699Rjg=\n\n"
         "\xE2\x80\x94 someone AAAAAAAA\n";
  EXPECT_THAT(RunKeyCommand(command).status(),
              StatusIs(absl::StatusCode::kUnauthenticated));
}

}  // namespace
}  // namespace daybook::services
