// The auditor's commands against a server that answers from a signed ledger:
// what is in order is clean, each lie is named, and the exit code tells the
// three apart.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "clients/cli/run.h"
#include "tests/clients/audit/fake_server.h"
#include "tests/support/temporary_directory.h"

namespace daybook::audit {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class AuditCommandsTest : public ::testing::Test {
 protected:
  // The exit code; what was printed is in `said_`.
  int Run(std::vector<std::string> words) {
    std::istringstream in;
    std::ostringstream out;
    cli::Streams streams{in, out, out};
    const int code = cli::Run(words, server_.address, streams);
    said_ = out.str();
    return code;
  }

  int Verify(std::vector<std::string> more = {}) {
    std::vector<std::string> words = {"audit", "verify", "430203", key_,
                                      "--seed=3"};
    words.insert(words.end(), more.begin(), more.end());
    return Run(words);
  }

  std::string File(const std::string& name) const {
    return (directory_.path() / name).string();
  }

  const SignedLedger ledger_ = SignedLedger::OfLoad(600);
  FakeServer server_{ledger_};
  const std::string key_ = absl::StrCat("--vkey=", ledger_.vkey());
  testing::TemporaryDirectory directory_;
  std::string said_;
};

TEST_F(AuditCommandsTest, AServerInOrderIsClean) {
  EXPECT_EQ(Verify({"--personal-data"}), cli::kDone) << said_;
  EXPECT_THAT(said_, AllOf(HasSubstr("derived 3 reports"),
                           HasSubstr("counted 1 sources"),
                           HasSubstr("personal data of"), HasSubstr("clean")));
  EXPECT_EQ(Verify({"--format=json"}), cli::kDone) << said_;
  EXPECT_THAT(said_, HasSubstr("\"verdict\":\"clean\""));
}

TEST_F(AuditCommandsTest, AFigureThatDoesNotFollowIsNamedWithBothValues) {
  server_.lie = [](v1::Report& report) {
    for (v1::Figure& figure : *report.mutable_figures()) {
      if (figure.path() == "all.executed") {
        figure.mutable_value()->set_amount_fen(1);
      }
    }
  };
  EXPECT_EQ(Verify(), cli::kContradicted);
  EXPECT_THAT(said_, HasSubstr("all.executed: amount_fen: 1, expected"));
  server_.lie = [](v1::Report& report) { report.set_department_name("x"); };
  EXPECT_EQ(Verify(), cli::kContradicted);
  EXPECT_THAT(said_, HasSubstr("department_name"));
}

TEST_F(AuditCommandsTest, SourcesAndStorageAreCompared) {
  server_.sources[0].set_created(7);
  server_.sources[0].mutable_last_event()->set_event_id("another");
  server_.damages.emplace_back().set_place("000012.sst");
  server_.damages[0].set_problem("block checksum mismatch");
  EXPECT_EQ(Verify(), cli::kContradicted);
  EXPECT_THAT(said_, AllOf(HasSubstr("created: 7, expected"),
                           HasSubstr("last_event.event_id: another"),
                           HasSubstr("000012.sst, storage: block checksum")));
}

TEST_F(AuditCommandsTest, ATileThatLiesIsNamed) {
  server_.files.at("tile/1/000.p/2")[0] ^= 1;
  EXPECT_EQ(Verify(), cli::kContradicted);
  EXPECT_THAT(said_, AllOf(HasSubstr("tile/1/000.p/2, hash 0"),
                           Not(HasSubstr("leaf hash"))));
}

TEST_F(AuditCommandsTest, WhereNobodyAnswersItCanNotBeTold) {
  server_.checkpoints.clear();
  EXPECT_EQ(Run({"audit", "verify", "430203", key_, "--server=127.0.0.1:1"}),
            cli::kCannotTell);
  EXPECT_THAT(said_, HasSubstr("could not tell"));
  EXPECT_EQ(Run({"audit", "verify", "430203"}), cli::kUsage);
  EXPECT_EQ(Run({"audit", "verify", "430203", "--vkey=none"}), cli::kRefused);
}

TEST_F(AuditCommandsTest, GoesOnFromAFile) {
  const std::string since = absl::StrCat("--since=", File("state"));
  EXPECT_EQ(Verify({since}), cli::kDone) << said_;
  EXPECT_TRUE(std::filesystem::exists(File("state")));
  EXPECT_EQ(Verify({since}), cli::kDone) << said_;
  EXPECT_THAT(said_, AllOf(HasSubstr("read 0 entries"),
                           HasSubstr("not checked: entries before")));
}

TEST_F(AuditCommandsTest, AnExportVerifies) {
  for (const std::vector<std::string>& more :
       {std::vector<std::string>{}, {"--personal-data"}}) {
    std::vector<std::string> words = {
        "audit", "export", "430203",
        File(more.empty() ? "plain" : "with-personal-data")};
    words.insert(words.end(), more.begin(), more.end());
    ASSERT_EQ(Run(words), cli::kDone) << said_;
    EXPECT_EQ(Run({"audit", "verify", words[3], key_}), cli::kDone) << said_;
    EXPECT_THAT(said_, HasSubstr("clean"));
  }
  EXPECT_THAT(said_, HasSubstr("personal data of"));
  // The key may stand in a file.
  EXPECT_EQ(Run({"audit", "verify", File("plain"),
                 absl::StrCat("--vkey=", File("plain/vkey"))}),
            cli::kDone);
}

TEST_F(AuditCommandsTest, AProofIsCheckedOffline) {
  const std::string event = ledger_.entry(17).event().event_id();
  ASSERT_EQ(Run({"audit", "prove", "430203", absl::StrCat("accounting/", event),
                 absl::StrCat("--output=", File("p.tlog-proof"))}),
            cli::kDone)
      << said_;
  const auto check = [&] {
    return Run({"audit", "check-proof", File("p.tlog-proof"),
                absl::StrCat("--entry=", File("p.entry")), key_,
                "--server=127.0.0.1:1"});
  };
  EXPECT_EQ(check(), cli::kDone) << said_;
  EXPECT_THAT(said_, HasSubstr("position 17"));
  std::ofstream(File("p.entry"), std::ios::app) << "x";
  EXPECT_EQ(check(), cli::kContradicted) << said_;
}

TEST_F(AuditCommandsTest, TheCheckpointIsPrintedAndChecked) {
  EXPECT_EQ(Run({"audit", "checkpoint", "430203", key_}), cli::kDone);
  EXPECT_EQ(said_, server_.files.at("checkpoint"));
  EXPECT_EQ(Run({"audit", "checkpoint", "430203",
                 absl::StrCat("--vkey=", TestKey('z').verifier().ToString())}),
            cli::kContradicted);
}

}  // namespace
}  // namespace daybook::audit
