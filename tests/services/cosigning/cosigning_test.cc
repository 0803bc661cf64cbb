// A server's ledgers and real witnesses, over the loopback: what is cosigned is
// kept, a witness that is away is asked again, and a log that shows two
// histories is caught.

#include "services/cosigning/cosigning.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "core/base/check.h"
#include "core/checkpoint/policy.h"
#include "services/http/http_server.h"
#include "services/witness/witness.h"
#include "tests/core/checkpoint/vectors.h"
#include "tests/services/gateway/published_ledger.h"
#include "tests/support/status_matchers.h"

namespace daybook::services {
namespace {

using ::daybook::testing::IsOk;
using ::daybook::testing::StatusIs;
using ::testing::HasSubstr;

// Whoever waits longer is broken.
constexpr absl::Duration patience = absl::Seconds(60);

// A witness that can be away, at one address.
class RunningWitness {
 public:
  RunningWitness(const std::string& name,
                 std::vector<checkpoint::VerifierKey> logs)
      : key_(checkpoint::MakeSigner(name, checkpoint::KeyType::kCosignature,
                                    std::string(32, name.back()))) {
    auto opened =
        Witness::Open(temporary_.path() / "state",
                      *checkpoint::SignerKey::Parse(key_.ToPrivateText()),
                      std::move(logs), clock_);
    DAYBOOK_CHECK(opened.ok());
    witness_ = *std::move(opened);
    HttpServerOptions options;
    options.address = {"127.0.0.1", 0};
    options.body_bytes_max = checkpoint::add_checkpoint_bytes_max;
    auto server =
        HttpServer::Start(options, [this](const HttpRequest& request) {
          ++asked_;
          if (!away_) return witness_->Answer(request);
          HttpResponse response;
          response.status = 503;
          return response;
        });
    DAYBOOK_CHECK(server.ok());
    server_ = *std::move(server);
  }

  void SetAway(bool away) { away_ = away; }
  int asked() const { return asked_; }

  // "witness NAME VKEY URL", for a policy.
  std::string Line(const std::string& name) const {
    return absl::StrCat("witness ", name, " ", key_.verifier().ToString(),
                        " http://", server_->address(), "/\n");
  }

  checkpoint::PolicyWitness ForPolicy() const {
    return {"w", key_.verifier(), absl::StrCat("http://", server_->address())};
  }

 private:
  const checkpoint::SignerKey key_;
  testing::TemporaryDirectory temporary_;
  TestClock clock_;
  std::unique_ptr<Witness> witness_;
  std::atomic<bool> away_{false};
  std::atomic<int> asked_{0};
  std::unique_ptr<HttpServer> server_;
};

class CosigningTest : public ::testing::Test {
 protected:
  static checkpoint::Policy Parse(const std::string& text) {
    auto policy = checkpoint::Policy::Parse(text);
    DAYBOOK_CHECK(policy.ok());
    return *std::move(policy);
  }

  static std::unique_ptr<Cosigning> Start(PublishedLedger& ledger,
                                          const checkpoint::Policy& policy) {
    Cosigning::Options options;
    options.interval = absl::Milliseconds(5);
    options.pause_min = absl::Milliseconds(5);
    options.pause_max = absl::Milliseconds(20);
    return std::make_unique<Cosigning>(ledger.ledgers(), ledger.publishers(),
                                       policy, options);
  }

  static checkpoint::PolicyOpinion Judge(PublishedLedger& ledger,
                                         const checkpoint::Policy& policy) {
    const auto note =
        checkpoint::ParseNote(ledger.publisher().Newest()->note());
    const auto opinion = policy.Judge(*note, ledger.publisher().key());
    DAYBOOK_CHECK(opinion.ok());
    return *opinion;
  }

  // Whether the newest checkpoint comes to have its quorum.
  static bool ComesToBeCosigned(PublishedLedger& ledger,
                                const checkpoint::Policy& policy) {
    const absl::Time deadline = absl::Now() + patience;
    while (absl::Now() < deadline) {
      if (Judge(ledger, policy).quorum_met) return true;
      absl::SleepFor(absl::Milliseconds(2));
    }
    return false;
  }

  PublishedLedger ledger_;
  RunningWitness one_{"witness.example/1", {ledger_.publisher().key()}};
  RunningWitness two_{"witness.example/2", {ledger_.publisher().key()}};
  const checkpoint::Policy both_ =
      Parse(absl::StrCat(one_.Line("one"), two_.Line("two"),
                         "group both all one two\nquorum both\n"));
};

TEST_F(CosigningTest, EachCheckpointThatStaysTheNewestIsCosigned) {
  ledger_.SignAt(5);
  const auto cosigning = Start(ledger_, both_);
  EXPECT_TRUE(ComesToBeCosigned(ledger_, both_));
  for (const uint64_t size : {uint64_t{6}, uint64_t{300}, uint64_t{301}}) {
    ledger_.SignAt(size);
    EXPECT_TRUE(ComesToBeCosigned(ledger_, both_)) << size;
  }
}

TEST_F(CosigningTest, AfterARestartItGoesOnFromWhatTheWitnessKnows) {
  ledger_.SignAt(5);
  auto cosigning = Start(ledger_, both_);
  ASSERT_TRUE(ComesToBeCosigned(ledger_, both_));
  cosigning = nullptr;
  ledger_.SignAt(300);
  cosigning = Start(ledger_, both_);
  EXPECT_TRUE(ComesToBeCosigned(ledger_, both_));
}

TEST_F(CosigningTest, AWitnessThatIsAwayHoldsUpNobodyAndIsAskedAgain) {
  two_.SetAway(true);
  ledger_.SignAt(5);
  const auto cosigning = Start(ledger_, both_);
  const checkpoint::Policy first =
      Parse(absl::StrCat(one_.Line("one"), "quorum one\n"));
  EXPECT_TRUE(ComesToBeCosigned(ledger_, first));
  ledger_.SignAt(300);
  EXPECT_TRUE(ComesToBeCosigned(ledger_, first));
  EXPECT_FALSE(Judge(ledger_, both_).quorum_met);
  two_.SetAway(false);
  EXPECT_TRUE(ComesToBeCosigned(ledger_, both_));
}

TEST_F(CosigningTest, WhatIsCosignedIsNotSubmittedAgain) {
  ledger_.SignAt(5);
  {
    const auto cosigning = Start(ledger_, both_);
    ASSERT_TRUE(ComesToBeCosigned(ledger_, both_));
  }
  const int asked = one_.asked();
  const checkpoint::Policy three = Parse(absl::StrCat(
      one_.Line("one"), two_.Line("two"),
      RunningWitness("witness.example/3", {}).Line("gone"), "quorum none\n"));
  // The third is asked again and again meanwhile, and is not there.
  const auto cosigning = Start(ledger_, three);
  absl::SleepFor(absl::Milliseconds(100));
  EXPECT_EQ(one_.asked(), asked);
}

TEST_F(CosigningTest, LedgersThatThePolicyDoesNotNameAreNotSubmitted) {
  ledger_.SignAt(5);
  const auto cosigning =
      Start(ledger_, Parse(absl::StrCat("log ", checkpoint::log_vkey, "\n",
                                        one_.Line("one"), "quorum none\n")));
  absl::SleepFor(absl::Milliseconds(50));
  EXPECT_EQ(one_.asked(), 0);
}

// Two readers are shown two histories of one log, both signed. The witness
// cosigns the first; the second reader demands its cosignature, and is safe.
TEST_F(CosigningTest, ASplitViewIsCaught) {
  PublishedLedger other;
  ASSERT_EQ(other.publisher().verifier_key(),
            ledger_.publisher().verifier_key());
  ledger_.SignAt(300);
  other.SignAt(400);
  ASSERT_NE(other.engine().tree().HeadAt(LogSize(300))->root,
            ledger_.engine().tree().Head().root);
  const auto cosigning = Start(ledger_, both_);
  ASSERT_TRUE(ComesToBeCosigned(ledger_, both_));

  WitnessClient client(one_.ForPolicy(), {});
  const auto note = checkpoint::ParseNote(other.publisher().Newest()->note());
  EXPECT_THAT(client.Ask(*note,
                         [&](LogSize older, LogSize newer) {
                           return other.engine().tree().ProveConsistency(older,
                                                                         newer);
                         }),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("422")));
  // Nor is a smaller one, which can not even be proven to continue.
  PublishedLedger smaller;
  smaller.SignAt(200);
  const auto small_note =
      checkpoint::ParseNote(smaller.publisher().Newest()->note());
  EXPECT_THAT(client.Ask(*small_note,
                         [&](LogSize older, LogSize newer) {
                           return smaller.engine().tree().ProveConsistency(
                               older, newer);
                         }),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("300")));

  const checkpoint::PolicyOpinion opinion = Judge(other, both_);
  EXPECT_FALSE(opinion.quorum_met);
  EXPECT_THAT(opinion.told, HasSubstr("cosigned by no witness"));
}

// Replies that a witness must not give.
TEST_F(CosigningTest, WhatIsNoCosignatureIsNotKept) {
  ledger_.SignAt(5);
  const auto note = checkpoint::ParseNote(ledger_.publisher().Newest()->note());
  const auto other = checkpoint::WitnessSigner();
  std::string body;
  int status = 200;
  HttpServerOptions options;
  options.address = {"127.0.0.1", 0};
  options.body_bytes_max = size_t{1} << 20;
  const auto server = HttpServer::Start(options, [&](const HttpRequest&) {
    HttpResponse response;
    response.status = status;
    response.body = body;
    return response;
  });
  ASSERT_THAT(server, IsOk());
  const auto ask = [&]() {
    WitnessClient client(
        {"w", other.verifier(), absl::StrCat("http://", (*server)->address())},
        {});
    return client.Ask(*note, [&](LogSize older, LogSize newer) {
      return ledger_.engine().tree().ProveConsistency(older, newer);
    });
  };
  const std::string good = checkpoint::FormatSignatureLine(
      *other.Cosign(note->text, checkpoint::witness_time));
  body = absl::StrCat(checkpoint::log_line, good);
  EXPECT_THAT(ask(), daybook::testing::IsOkAndHolds(good));
  for (const std::string& wrong :
       {std::string(), std::string("hello\n"), good + "x",
        std::string(checkpoint::log_line),
        // Of another checkpoint.
        std::string(checkpoint::witness_line)}) {
    body = wrong;
    EXPECT_THAT(ask(), StatusIs(absl::StatusCode::kUnavailable)) << wrong;
  }
  body = good;
  for (const auto& [code, expected] :
       std::vector<std::pair<int, absl::StatusCode>>{
           {403, absl::StatusCode::kFailedPrecondition},
           {404, absl::StatusCode::kFailedPrecondition},
           {422, absl::StatusCode::kDataLoss},
           {409, absl::StatusCode::kUnavailable},
           {302, absl::StatusCode::kUnavailable},
           {500, absl::StatusCode::kUnavailable}}) {
    status = code;
    EXPECT_THAT(ask(), StatusIs(expected)) << code;
  }
  // One that names a size each time, and is never content.
  status = 409;
  body = "4\n";
  EXPECT_THAT(ask(), StatusIs(absl::StatusCode::kUnavailable));
  body = "6\n";
  EXPECT_THAT(ask(), StatusIs(absl::StatusCode::kDataLoss));
}

}  // namespace
}  // namespace daybook::services
