// CommandLine: what a command takes, and what it says about the rest.

#include "clients/cli/command_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/support/status_matchers.h"

namespace daybook::cli {
namespace {

using ::testing::HasSubstr;
using testing::StatusIs;

Command Show() {
  return {"report show",
          "REPORT",
          "Shows.",
          {{"as-of", Flag::Kind::kDate, "DATE", "day"},
           {"format", Flag::Kind::kChoice, "", "how", {"text", "csv"}},
           {"limit", Flag::Kind::kNumber, "N", "most", {}, false, 0, 9},
           {"dry", Flag::Kind::kSwitch, "", "nothing"}},
          1,
          nullptr};
}

absl::StatusOr<CommandLine> Parse(const std::vector<std::string>& words) {
  return CommandLine::Parse(Show(), words, "server:1");
}

TEST(CommandLineTest, ReadsArgumentsAndFlagsInAnyOrder) {
  const auto line = Parse({"--limit=7", "r", "--as-of=2024-06-30", "--dry"});
  ASSERT_TRUE(line.ok()) << line.status();
  EXPECT_EQ(line->argument(0), "r");
  EXPECT_EQ(line->Number("limit"), 7u);
  EXPECT_EQ(line->Date("as-of"), absl::CivilDay(2024, 6, 30));
  EXPECT_TRUE(line->Has("dry"));
  EXPECT_EQ(line->Text("format", "text"), "text");
  EXPECT_EQ(line->server(), "server:1");
}

TEST(CommandLineTest, AFlagNamesAnotherServer) {
  EXPECT_EQ(Parse({"r", "--server=x:2"})->server(), "x:2");
}

TEST(CommandLineTest, WhatIsWrongIsNamed) {
  const auto refused = [](const std::vector<std::string>& words,
                          const char* text) {
    EXPECT_THAT(Parse(words).status(),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(text)));
  };
  refused({}, "takes REPORT, and got 0 arguments");
  refused({"a", "b"}, "got 2 arguments");
  refused({"r", "--as-off=2024-01-01"}, "did you mean --as-of?");
  refused({"r", "--as-of"}, "write --as-of=DATE");
  refused({"r", "--as-of=2024-1-1"}, "--as-of: '2024-1-1' is not a date");
  refused({"r", "--format=pdf"}, "use one of text, csv");
  refused({"r", "--limit=-1"}, "use a whole number from 0 to 9");
  refused({"r", "--limit=10"}, "use a whole number from 0 to 9");
  refused({"r", "--dry=yes"}, "write --dry");
  refused({"r", "--limit=1", "--limit=2"}, "stands twice");
}

TEST(CommandLineTest, ARequiredFlagIsAskedFor) {
  Command append = Show();
  append.flags[0].required = true;
  EXPECT_THAT(CommandLine::Parse(append, {"r"}, "server:1").status(),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("--as-of=DATE is missing: day")));
}

TEST(CommandLineTest, TheNearestNameIsSuggestedOnlyWhenItIsNear) {
  EXPECT_EQ(Nearest("shwo", {"show", "list"}), "show");
  EXPECT_EQ(Nearest("moonlight", {"show", "list"}), "");
}

TEST(CommandLineTest, AFlagMayStandSeveralTimesWhereItSaysSo) {
  Command command = Show();
  command.flags.push_back({.name = "figure", .repeated = true});
  const auto line = CommandLine::Parse(
      command, {"r", "--figure=a", "--figure=b"}, "server:1");
  ASSERT_TRUE(line.ok()) << line.status();
  EXPECT_EQ(line->Texts("figure"), (std::vector<std::string>{"a", "b"}));
  EXPECT_TRUE(line->Texts("as-of").empty());
  EXPECT_THAT(
      Parse({"r", "--limit=1", "--limit=2"}).status(),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("stands twice")));
}

TEST(CommandLineTest, LastArgumentsMayBeOptional) {
  Command command = Show();
  command.arguments_count = 2;
  command.arguments_optional = 1;
  const auto parse = [&](const std::vector<std::string>& words) {
    return CommandLine::Parse(command, words, "server:1");
  };
  EXPECT_FALSE(parse({}).ok());
  ASSERT_TRUE(parse({"a"}).ok());
  EXPECT_EQ(parse({"a"})->argument(1), "");
  ASSERT_TRUE(parse({"a", "b"}).ok());
  EXPECT_EQ(parse({"a", "b"})->argument(1), "b");
  EXPECT_FALSE(parse({"a", "b", "c"}).ok());
}

TEST(CommandLineTest, ACommandMayRefuseWhatDoesNotGoTogether) {
  Command command = Show();
  command.check = [](const CommandLine& line) {
    return line.Has("dry") ? absl::InvalidArgumentError("not dry")
                           : absl::OkStatus();
  };
  EXPECT_TRUE(CommandLine::Parse(command, {"r"}, "server:1").ok());
  EXPECT_THAT(CommandLine::Parse(command, {"r", "--dry"}, "server:1").status(),
              StatusIs(absl::StatusCode::kInvalidArgument, "not dry"));
}

}  // namespace
}  // namespace daybook::cli
