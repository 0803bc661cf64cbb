// What a witness answers, reply by reply of its protocol, and that it keeps its
// word over restarts, failing disks and requests that come at once.

#include "services/witness/witness.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/check.h"
#include "core/checkpoint/signed_checkpoint.h"
#include "core/merkle/frontier.h"
#include "core/merkle/proof.h"
#include "tests/core/checkpoint/vectors.h"
#include "tests/services/test_clock.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temporary_directory.h"

namespace daybook::services {
namespace {

using ::daybook::testing::StatusIs;
using ::testing::HasSubstr;

// A log whose entries are `name`-0, `name`-1, …
class FakeLog {
 public:
  explicit FakeLog(std::string name) : name_(std::move(name)) {}

  merkle::TreeHead Head(uint64_t size) const {
    merkle::Frontier frontier;
    for (uint64_t i = 0; i < size; ++i) frontier.Append(Leaf(i));
    return frontier.Head();
  }

  std::vector<merkle::Hash> Proof(uint64_t older, uint64_t newer) const {
    const auto wanted =
        *merkle::ProofNodes::OfConsistency(LogSize(older), LogSize(newer));
    return *merkle::ReadProof(wanted, [this](merkle::NodeId node) {
      return absl::StatusOr<merkle::Hash>(Node(node));
    });
  }

 private:
  merkle::Hash Leaf(uint64_t i) const {
    return merkle::LeafHash(absl::StrCat(name_, "-", i));
  }

  merkle::Hash Node(merkle::NodeId node) const {
    if (node.level.value() == 0) return Leaf(node.index.value());
    const merkle::Level below(node.level.value() - 1);
    const uint64_t left = node.index.value() * 2;
    return merkle::NodeHash(Node({below, merkle::NodeIndex(left)}),
                            Node({below, merkle::NodeIndex(left + 1)}));
  }

  const std::string name_;
};

std::string Body(uint64_t old_size, const std::vector<merkle::Hash>& proof,
                 const merkle::TreeHead& head) {
  checkpoint::AddCheckpointRequest request{LogSize(old_size), proof, {}};
  request.checkpoint = *checkpoint::SignCheckpoint(
      {checkpoint::log_name, head, {}}, checkpoint::LogSigner());
  return *checkpoint::FormatAddCheckpoint(request);
}

class WitnessTest : public ::testing::Test {
 protected:
  WitnessTest() {
    clock_.Set(absl::FromUnixSeconds(1'700'000'000));
    Reopen();
  }

  absl::StatusOr<std::unique_ptr<Witness>> Open(
      checkpoint::SignerKey key = checkpoint::WitnessSigner()) {
    return Witness::Open(folder_, std::move(key),
                         {checkpoint::LogSigner().verifier()}, clock_);
  }

  void Reopen() {
    witness_ = nullptr;
    auto witness = Open();
    DAYBOOK_CHECK(witness.ok());
    witness_ = *std::move(witness);
  }

  HttpResponse Post(const std::string& body) {
    return witness_->Answer({"POST", "/add-checkpoint", body});
  }

  // From a size to another one of the log.
  HttpResponse Grow(uint64_t older, uint64_t newer) {
    return Post(Body(older, log_.Proof(older, newer), log_.Head(newer)));
  }

  HttpResponse Get() {
    return witness_->Answer(
        {"GET",
         absl::StrCat("/", WitnessState::HashOf(checkpoint::log_name),
                      "/checkpoint"),
         ""});
  }

  std::filesystem::path File() const {
    return folder_ / absl::StrCat(WitnessState::HashOf(checkpoint::log_name),
                                  ".checkpoint");
  }

  const FakeLog log_{"event"};
  testing::TemporaryDirectory temporary_;
  const std::filesystem::path folder_ = temporary_.path() / "state";
  TestClock clock_;
  std::unique_ptr<Witness> witness_;
};

TEST_F(WitnessTest, CosignsAsOtherImplementationsDo) {
  const HttpResponse response = Grow(0, 7);
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, checkpoint::witness_line);
  EXPECT_EQ(Get().status, 200);
  EXPECT_EQ(Get().body, checkpoint::SignedText());
}

TEST_F(WitnessTest, CosignsWhatContinuesAndTheSameAgain) {
  EXPECT_EQ(Grow(0, 3).status, 200);
  EXPECT_EQ(Grow(3, 3).status, 200);
  EXPECT_EQ(Grow(3, 7).status, 200);
  EXPECT_EQ(Grow(7, 100).status, 200);
}

TEST_F(WitnessTest, AnotherOldSizeIsToldTheRightOne) {
  ASSERT_EQ(Grow(0, 7).status, 200);
  for (const uint64_t wrong : {uint64_t{0}, uint64_t{6}, uint64_t{8}}) {
    const HttpResponse response = Grow(wrong, 9);
    EXPECT_EQ(response.status, 409);
    EXPECT_EQ(response.content_type, "text/x.tlog.size");
    EXPECT_EQ(response.body, "7\n");
  }
  // The log went back.
  EXPECT_EQ(Grow(5, 6).status, 409);
}

TEST_F(WitnessTest, AnotherHistoryIsRefused) {
  ASSERT_EQ(Grow(0, 7).status, 200);
  const FakeLog other("other");
  EXPECT_EQ(Post(Body(7, other.Proof(7, 9), other.Head(9))).status, 422);
  EXPECT_EQ(Post(Body(7, log_.Proof(7, 9), other.Head(9))).status, 422);
  EXPECT_EQ(Post(Body(7, {}, other.Head(7))).status, 422);
  EXPECT_EQ(Get().body, checkpoint::SignedText());
  EXPECT_EQ(Grow(7, 9).status, 200);
}

TEST_F(WitnessTest, AProofWhereNoneMayBeIsRefused) {
  EXPECT_EQ(Post(Body(0, log_.Proof(3, 7), log_.Head(7))).status, 422);
}

TEST_F(WitnessTest, MalformedRequestsAreRefused) {
  EXPECT_EQ(Post("").status, 400);
  EXPECT_EQ(Post("old 0\n\nhello\n").status, 400);
  // The old size is above the checkpoint's.
  EXPECT_EQ(Post(Body(9, {}, log_.Head(7))).status, 400);
}

TEST_F(WitnessTest, StrangersAreNotKnown) {
  const auto signer = checkpoint::MakeSigner(
      "other.example", checkpoint::KeyType::kEd25519, std::string(32, 'o'));
  checkpoint::AddCheckpointRequest request;
  request.checkpoint =
      *checkpoint::SignCheckpoint({"other.example", log_.Head(7), {}}, signer);
  EXPECT_EQ(Post(*checkpoint::FormatAddCheckpoint(request)).status, 404);
  EXPECT_EQ(
      witness_
          ->Answer({"GET",
                    absl::StrCat("/", WitnessState::HashOf("other.example"),
                                 "/checkpoint"),
                    ""})
          .status,
      404);
}

TEST_F(WitnessTest, WhatTheLogDidNotSignIsRefused) {
  std::string body = Body(0, {}, log_.Head(7));
  const size_t size = body.find("\n7\n");
  body[size + 1] = '8';
  EXPECT_EQ(Post(body).status, 403);
  EXPECT_EQ(Get().status, 404);
}

TEST_F(WitnessTest, OtherPathsAndMethodsAreRefused) {
  const auto status = [&](const char* method, const std::string& path) {
    return witness_->Answer({method, path, ""}).status;
  };
  EXPECT_EQ(status("GET", "/add-checkpoint"), 405);
  EXPECT_EQ(status("POST", "/x/checkpoint"), 405);
  EXPECT_EQ(status("GET", "/x/checkpoint"), 404);
  EXPECT_EQ(status("GET", "/../state/LOCK"), 404);
  EXPECT_EQ(status("POST", "/sign-subtree"), 404);
  EXPECT_EQ(status("GET", "/"), 404);
}

TEST_F(WitnessTest, RemembersOverARestart) {
  ASSERT_EQ(Grow(0, 7).status, 200);
  Reopen();
  EXPECT_EQ(Get().body, checkpoint::SignedText());
  EXPECT_EQ(Grow(0, 9).body, "7\n");
  EXPECT_EQ(Grow(7, 9).status, 200);
}

TEST_F(WitnessTest, AFolderHasOneWitness) {
  EXPECT_THAT(Open(), StatusIs(absl::StatusCode::kFailedPrecondition,
                               HasSubstr("another witness")));
}

TEST_F(WitnessTest, DamagedAndForeignFilesAreNotTakenForNothing) {
  ASSERT_EQ(Grow(0, 7).status, 200);
  witness_ = nullptr;
  EXPECT_THAT(Open(checkpoint::MakeSigner("witness.example/w2",
                                          checkpoint::KeyType::kCosignature,
                                          std::string(32, '2'))),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("new key")));
  for (const std::string& damaged :
       {std::string(), checkpoint::SignedText().substr(0, 90),
        std::string("x") + checkpoint::SignedText()}) {
    std::ofstream(File(), std::ios::trunc) << damaged;
    EXPECT_THAT(Open(), StatusIs(absl::StatusCode::kDataLoss));
  }
}

TEST_F(WitnessTest, AfterAFailedWriteNothingIsAnsweredUntilARestart) {
  ASSERT_EQ(Grow(0, 7).status, 200);
  // Nothing can be written beside the file.
  const std::filesystem::path beside = File().string() + ".tmp";
  std::filesystem::create_directory(beside);
  EXPECT_EQ(Grow(7, 9).status, 503);
  std::filesystem::remove(beside);
  EXPECT_EQ(Grow(7, 9).status, 503);
  EXPECT_EQ(Get().status, 503);
  Reopen();
  EXPECT_EQ(Get().body, checkpoint::SignedText());
  EXPECT_EQ(Grow(7, 9).status, 200);
}

TEST_F(WitnessTest, KeysOfTheWrongKindAreRefused) {
  witness_ = nullptr;
  EXPECT_THAT(Open(checkpoint::LogSigner()),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(Witness::Open(folder_, checkpoint::WitnessSigner(),
                            {checkpoint::WitnessSigner().verifier()}, clock_),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

// Of many that fork at once, each consistent with what was cosigned, one is
// cosigned.
TEST_F(WitnessTest, OfRequestsAtOnceOneIsCosigned) {
  ASSERT_EQ(Grow(0, 7).status, 200);
  constexpr int callers = 8;
  std::atomic<int> cosigned{0};
  std::atomic<int> told{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < callers; ++i) {
    const auto newer = static_cast<uint64_t>(8 + i);
    threads.emplace_back([&, newer] {
      const HttpResponse response = Grow(7, newer);
      cosigned += response.status == 200 ? 1 : 0;
      told += response.status == 409 ? 1 : 0;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(cosigned, 1);
  EXPECT_EQ(told, callers - 1);
}

}  // namespace
}  // namespace daybook::services
