// Acks at ACK_LEVEL_PUBLISHED over a connection: what they prove, and what they
// say when nothing can be proven.

#include "services/ledger/publication.h"

#include <filesystem>

#include "absl/strings/str_cat.h"
#include "core/checkpoint/note.h"
#include "core/checkpoint/signed_checkpoint.h"
#include "core/checkpoint/verifier_key.h"
#include "core/merkle/hash.h"
#include "core/merkle/verify.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/services/ledger/stream_caller.h"
#include "tests/services/service_fixture.h"

namespace daybook::services {
namespace {

using ::testing::HasSubstr;

class PublicationTest : public ServiceTest {
 protected:
  PublicationTest() : ServiceTest(true) { EXPECT_TRUE(Append(Opening()).ok()); }

  static v1::AppendEventsRequest Published(const Inputs& inputs) {
    v1::AppendEventsRequest request = AppendRequest(inputs);
    request.set_ack_level(v1::ACK_LEVEL_PUBLISHED);
    return request;
  }

  checkpoint::VerifierKey Key() {
    const auto key = keys_->ReadKey(kLedgerId, KeyRole::kCurrent);
    EXPECT_TRUE(key.ok());
    return key->verifier();
  }

  // As a writer checks it who has the key and what it wrote.
  void ExpectProven(const v1::PublicationProof& publication,
                    const std::vector<uint64_t>& positions) {
    const auto note = checkpoint::ParseNote(publication.checkpoint().note());
    ASSERT_TRUE(note.ok()) << note.status();
    const auto opened = checkpoint::OpenCheckpoint(*note, Key(), {});
    ASSERT_TRUE(opened.ok()) << opened.status();
    ASSERT_EQ(publication.proofs_size(), static_cast<int>(positions.size()));
    for (int i = 0; i < publication.proofs_size(); ++i) {
      const v1::InclusionProof& proof = publication.proofs(i);
      EXPECT_EQ(proof.position(), positions[static_cast<size_t>(i)]);
      EXPECT_EQ(proof.size(), publication.checkpoint().size());
      v1::GetEventRequest request;
      request.set_ledger(kLedger);
      request.set_position(proof.position());
      v1::StoredEntry stored;
      ASSERT_TRUE(GetEvent(request, &stored).ok());
      std::vector<merkle::Hash> hashes;
      for (const std::string& bytes : proof.hashes()) {
        hashes.push_back(*merkle::Hash::FromBytes(bytes));
      }
      EXPECT_TRUE(merkle::VerifyInclusion(hashes, Position(proof.position()),
                                          merkle::LeafHash(stored.entry()),
                                          opened->checkpoint.head)
                      .ok());
    }
  }
};

TEST_F(PublicationTest, AnAppendIsProven) {
  v1::AppendEventsResponse response;
  ASSERT_TRUE(Append(Published({Spent("a", "2024-03-15", 1),
                                Spent("b", "2024-03-15", 2)}),
                     &response)
                  .ok());
  EXPECT_FALSE(response.has_unpublished());
  ExpectProven(response.publication(), {3, 4});
  // Also of what was recorded before.
  ASSERT_TRUE(Append(Published({Spent("c", "2024-03-15", 3),
                                Spent("a", "2024-03-15", 1)}),
                     &response)
                  .ok());
  ExpectProven(response.publication(), {5, 3});
}

TEST_F(PublicationTest, WhatIsNotAskedForIsNotThere) {
  v1::AppendEventsResponse response;
  ASSERT_TRUE(
      Append(AppendRequest({Spent("a", "2024-03-15", 1)}), &response).ok());
  EXPECT_FALSE(response.has_publication());
  v1::AppendEventsRequest request = Published({Spent("b", "2024-03-15", 1)});
  request.set_validate_only(true);
  ASSERT_TRUE(Append(request, &response).ok());
  EXPECT_FALSE(response.has_publication());
  EXPECT_FALSE(response.has_unpublished());
}

TEST_F(PublicationTest, ABatchHasAtMost256Events) {
  Inputs inputs;
  for (size_t i = 0; i < published_events_max; ++i) {
    inputs.push_back(Spent(absl::StrCat("v", i), "2024-03-15", 1));
  }
  v1::AppendEventsResponse response;
  ASSERT_TRUE(Append(Published(inputs), &response).ok());
  EXPECT_EQ(response.publication().proofs_size(), 256);
  inputs.push_back(Spent("more", "2024-03-15", 1));
  const grpc::Status refused = Append(Published(inputs));
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(refused.error_message(), HasSubstr("ACK_LEVEL_PUBLISHED"));
  EXPECT_TRUE(Append(inputs).ok());
}

TEST_F(PublicationTest, EveryBatchOfAStreamIsProven) {
  Stream stream(channel_, absl::Seconds(60));
  ASSERT_TRUE(stream.Open(kSource, kLedger, false, v1::ACK_LEVEL_PUBLISHED));
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(stream.Send(
        {.inputs = {Spent(absl::StrCat("a", i), "2024-03-15", 1),
                    Spent(absl::StrCat("b", i), "2023-03-15", 1)}}));
  }
  for (uint64_t i = 0; i < 3; ++i) {
    const v1::BatchAck ack = stream.Ack();
    // The other is of a report that is not opened.
    ASSERT_EQ(ack.refusals_size(), 1);
    EXPECT_EQ(ack.level(), v1::ACK_LEVEL_PUBLISHED);
    ExpectProven(ack.publication(), {3 + i});
  }
  const v1::BatchAck nothing = stream.SendAndAck({.inputs = {}, .cursor = "3"});
  EXPECT_EQ(nothing.level(), v1::ACK_LEVEL_DURABLE);
  EXPECT_FALSE(nothing.has_publication());
}

TEST_F(PublicationTest, WithoutSignatureTheAckSaysWhy) {
  // The key directory is gone: nothing can be signed.
  std::filesystem::rename(temporary_.path() / "keys",
                          temporary_.path() / "away");
  v1::AppendEventsResponse response;
  ASSERT_TRUE(Append(Published({Spent("a", "2024-03-15", 1)}), &response).ok());
  EXPECT_FALSE(response.has_publication());
  EXPECT_EQ(response.unpublished().code(), grpc::StatusCode::UNAVAILABLE);
  Stream stream(channel_, absl::Seconds(60));
  ASSERT_TRUE(stream.Open(kSource, kLedger, false, v1::ACK_LEVEL_PUBLISHED));
  const v1::BatchAck ack =
      stream.SendAndAck({.inputs = {Spent("b", "2024-03-15", 1)}});
  EXPECT_EQ(ack.level(), v1::ACK_LEVEL_DURABLE);
  EXPECT_EQ(ack.unpublished().code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(ack.positions(0), 4u);
}

using UnsignedTest = ServiceTest;

TEST_F(UnsignedTest, AServerWithoutKeysSaysSo) {
  v1::AppendEventsRequest request = AppendRequest(Opening());
  request.set_ack_level(v1::ACK_LEVEL_PUBLISHED);
  v1::AppendEventsResponse response;
  ASSERT_TRUE(Append(request, &response).ok());
  EXPECT_EQ(response.unpublished().code(),
            grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_THAT(response.unpublished().message(), HasSubstr("--key_dir"));
  request.set_ack_level(static_cast<v1::AckLevel>(7));
  EXPECT_EQ(Append(request).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
}

}  // namespace
}  // namespace daybook::services
