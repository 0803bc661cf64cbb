// Run: what needs no server, and the exit codes.

#include "clients/cli/run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

namespace daybook::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

struct Ran {
  int code = 0;
  std::string out;
  std::string err;
};

// Nobody listens on port 1.
Ran RunWords(const std::vector<std::string>& words) {
  std::istringstream in;
  std::ostringstream out;
  std::ostringstream err;
  Streams streams{in, out, err};
  Ran ran;
  ran.code = Run(words, "127.0.0.1:1", streams);
  ran.out = out.str();
  ran.err = err.str();
  return ran;
}

TEST(RunTest, HelpGoesToStandardOutput) {
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"--help"},
        {"ledger", "--help"},
        {"report", "show", "--help"}}) {
    const Ran ran = RunWords(words);
    EXPECT_EQ(ran.code, kDone);
    EXPECT_THAT(ran.out, HasSubstr("usage: daybook"));
    EXPECT_EQ(ran.err, "");
  }
}

TEST(RunTest, HelpOfAGroupListsItsCommandsAlone) {
  EXPECT_THAT(
      RunWords({"ledger", "--help"}).out,
      AllOf(HasSubstr("ledger create LEDGER"), Not(HasSubstr("audit replay"))));
}

TEST(RunTest, UsageShowsWhatIsRequired) {
  EXPECT_THAT(RunWords({"append", "--help"}).out,
              HasSubstr("append FILE.jsonl|- --source=NAME [flags]"));
}

TEST(RunTest, TheVersionIsPrinted) {
  EXPECT_EQ(RunWords({"--version"}).out, "daybook 0.1.0\n");
}

TEST(RunTest, AWrongCommandLineExitsWithTwoAndPrintsNoData) {
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{},
        {"report"},
        {"moon"},
        {"report", "show"},
        {"append", "events.jsonl"},
        {"append", "events.jsonl", "--source=a", "--batch-size=0"},
        {"append", "events.jsonl", "--source=a", "--batch-size=4097"},
        {"ledger", "list", "--moon"}}) {
    const Ran ran = RunWords(words);
    EXPECT_EQ(ran.code, kUsage);
    EXPECT_EQ(ran.out, "");
    EXPECT_NE(ran.err, "");
  }
}

TEST(RunTest, WhatWasMeantIsSuggested) {
  EXPECT_THAT(RunWords({"report", "shwo", "x"}).err,
              HasSubstr("did you mean 'report show'?"));
  EXPECT_THAT(RunWords({"apend", "events.jsonl"}).err,
              HasSubstr("did you mean 'append'?"));
}

TEST(RunTest, AServerThatIsNotThereExitsWithThree) {
  const Ran ran = RunWords({"ledger", "list"});
  EXPECT_EQ(ran.code, kUnavailable);
  EXPECT_THAT(ran.err, HasSubstr("UNAVAILABLE: no Daybook server answers at "
                                 "127.0.0.1:1"));
}

TEST(RunTest, EveryCodeHasItsExitCode) {
  const auto code_of = [](absl::StatusCode code) {
    return ExitCodeOf(absl::Status(code, ""));
  };
  EXPECT_EQ(code_of(absl::StatusCode::kOk), kDone);
  EXPECT_EQ(code_of(absl::StatusCode::kInvalidArgument), kRefused);
  EXPECT_EQ(code_of(absl::StatusCode::kAborted), kRefused);
  EXPECT_EQ(code_of(absl::StatusCode::kAlreadyExists), kRefused);
  EXPECT_EQ(code_of(absl::StatusCode::kFailedPrecondition), kRefused);
  EXPECT_EQ(code_of(absl::StatusCode::kUnavailable), kUnavailable);
  EXPECT_EQ(code_of(absl::StatusCode::kDeadlineExceeded), kUnavailable);
  EXPECT_EQ(code_of(absl::StatusCode::kResourceExhausted), kUnavailable);
  EXPECT_EQ(code_of(absl::StatusCode::kNotFound), kNotFound);
  EXPECT_EQ(code_of(absl::StatusCode::kDataLoss), kDataLoss);
}

}  // namespace
}  // namespace daybook::cli
