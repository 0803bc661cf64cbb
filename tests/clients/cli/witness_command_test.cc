// audit witness: which flags go together, and its key. That it serves is tested
// end to end.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "clients/cli/run.h"
#include "core/checkpoint/verifier_key.h"
#include "tests/core/checkpoint/vectors.h"
#include "tests/support/temporary_directory.h"

namespace daybook::cli {
namespace {

using ::testing::HasSubstr;

struct Ran {
  int code = 0;
  std::string out;
  std::string err;
};

class WitnessCommandTest : public ::testing::Test {
 protected:
  Ran Witness(std::vector<std::string> flags) const {
    std::vector<std::string> words = {"audit", "witness",
                                      absl::StrCat("--key=", key_)};
    words.insert(words.end(), flags.begin(), flags.end());
    std::istringstream in;
    std::ostringstream out;
    std::ostringstream err;
    Streams streams{in, out, err};
    const int code = cli::Run(words, "127.0.0.1:1", streams);
    return {code, out.str(), err.str()};
  }

  testing::TemporaryDirectory temporary_;
  const std::string key_ = (temporary_.path() / "key").string();
  const std::string state_ =
      absl::StrCat("--state=", (temporary_.path() / "state").string());
};

TEST_F(WitnessCommandTest, KeygenPrintsTheVerifierKey) {
  const Ran ran = Witness({"--keygen", "--name=audit.example/witness"});
  EXPECT_EQ(ran.code, kDone) << ran.err;
  ASSERT_FALSE(ran.out.empty());
  const auto key =
      checkpoint::VerifierKey::Parse(ran.out.substr(0, ran.out.size() - 1));
  ASSERT_TRUE(key.ok());
  EXPECT_EQ(key->name(), "audit.example/witness");
  EXPECT_EQ(key->type(), checkpoint::KeyType::kCosignature);
  EXPECT_EQ(Witness({"--keygen", "--name=audit.example/witness"}).code,
            kRefused);
}

TEST_F(WitnessCommandTest, FlagsThatDoNotGoTogetherAreRefused) {
  const std::vector<std::vector<std::string>> wrong = {
      {},
      {"--keygen"},
      {"--keygen", "--name=w", state_},
      {"--listen=127.0.0.1:0"},
      {state_},
      {"--listen=127.0.0.1:0", state_, "--name=w"}};
  for (const auto& flags : wrong) {
    EXPECT_EQ(Witness(flags).code, kUsage) << flags.size();
  }
}

TEST_F(WitnessCommandTest, WhatIsMissingOrMistypedIsNamed) {
  const std::string listen = "--listen=127.0.0.1:0";
  Ran ran = Witness({listen, state_});
  EXPECT_EQ(ran.code, kRefused);
  EXPECT_THAT(ran.err, HasSubstr("--log=VKEY"));
  ran = Witness({listen, state_, "--log=x"});
  EXPECT_THAT(ran.err, HasSubstr("--log: a key is NAME+ID+BASE64"));
  ran = Witness({listen, state_, "--policy=/nowhere"});
  EXPECT_EQ(ran.code, kNotFound);
  EXPECT_THAT(ran.err, HasSubstr("/nowhere"));
  ran = Witness(
      {"--listen=here", state_, absl::StrCat("--log=", checkpoint::log_vkey)});
  EXPECT_THAT(ran.err, HasSubstr("--listen: 'here'"));
  // No key was made.
  ran = Witness({listen, state_, absl::StrCat("--log=", checkpoint::log_vkey)});
  EXPECT_EQ(ran.code, kNotFound);
  EXPECT_FALSE(std::filesystem::exists(temporary_.path() / "state"));
}

}  // namespace
}  // namespace daybook::cli
