// Proofs and tiles over a connection: what is answered leads to the root of the
// ledger, and each kind of bad question is told.

#include "absl/strings/str_cat.h"
#include "core/merkle/entry_bundle.h"
#include "core/merkle/frontier.h"
#include "core/merkle/verify.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/audit/audit_service.h"
#include "tests/services/service_fixture.h"

namespace daybook::services {
namespace {

using grpc::StatusCode;
using ::testing::HasSubstr;

// The ledger has 303 entries: genesis, department, report, 300 expenditures.
class ProofsTest : public ServiceTest {
 protected:
  ProofsTest() {
    EXPECT_TRUE(Append(Opening()).ok());
    Inputs inputs;
    for (size_t i = 0; i < 300; ++i) {
      inputs.push_back(Spent(absl::StrCat("e", i), "2024-03-15", 100));
    }
    EXPECT_TRUE(Append(inputs).ok());
  }

  template <typename Request, typename Response>
  using Method = grpc::Status (v1::AuditService::Stub::*)(grpc::ClientContext*,
                                                          const Request&,
                                                          Response*);

  template <typename Request, typename Response>
  grpc::Status Call(Method<Request, Response> method, Request request,
                    Response& response) {
    if (request.ledger().empty()) request.set_ledger(kLedger);
    grpc::ClientContext context;
    return ((*stub_).*method)(&context, request, &response);
  }

  grpc::Status Tile(const std::string& path, std::string& content) {
    v1::GetTileRequest request;
    request.set_path(path);
    v1::GetTileResponse response;
    const grpc::Status status =
        Call(&v1::AuditService::Stub::GetTile, request, response);
    content = response.content();
    return status;
  }

  // The tree over the first entries, hashed from the bundles.
  merkle::TreeHead HeadOf(uint64_t size) {
    merkle::Frontier frontier;
    for (const char* const path :
         {"tile/entries/000", "tile/entries/001.p/47"}) {
      std::string bytes;
      EXPECT_TRUE(Tile(path, bytes).ok());
      const auto entries =
          merkle::ParseBundle(bytes, merkle::ParseBundlePath(path)->width);
      for (const absl::string_view entry : *entries) {
        if (frontier.size().value() == size) break;
        frontier.Append(merkle::LeafHash(entry));
        leaves_.push_back(merkle::LeafHash(entry));
      }
    }
    return frontier.Head();
  }

  template <typename Proof>
  static std::vector<merkle::Hash> Hashes(const Proof& proof) {
    std::vector<merkle::Hash> hashes;
    for (const std::string& bytes : proof.hashes()) {
      hashes.push_back(*merkle::Hash::FromBytes(bytes));
    }
    return hashes;
  }

  const std::unique_ptr<v1::AuditService::Stub> stub_ =
      v1::AuditService::NewStub(channel_);
  std::vector<merkle::Hash> leaves_;
};

TEST_F(ProofsTest, InclusionByPositionAndByIdentityLeadsToTheRoot) {
  const merkle::TreeHead head = HeadOf(303);
  v1::GetInclusionProofRequest request;
  request.set_position(5);
  v1::InclusionProof proof;
  ASSERT_TRUE(
      Call(&v1::AuditService::Stub::GetInclusionProof, request, proof).ok());
  EXPECT_EQ(proof.size(), 303);
  EXPECT_TRUE(
      merkle::VerifyInclusion(Hashes(proof), Position(5), leaves_[5], head)
          .ok());

  request.mutable_identity()->set_source(kSource);
  request.mutable_identity()->set_event_id("e2");
  v1::InclusionProof named;
  ASSERT_TRUE(
      Call(&v1::AuditService::Stub::GetInclusionProof, request, named).ok());
  EXPECT_EQ(named.SerializeAsString(), proof.SerializeAsString());
}

TEST_F(ProofsTest, ConsistencyLeadsToBothRoots) {
  v1::GetConsistencyProofRequest request;
  request.set_older_size(200);
  v1::ConsistencyProof proof;
  ASSERT_TRUE(
      Call(&v1::AuditService::Stub::GetConsistencyProof, request, proof).ok());
  EXPECT_EQ(proof.newer_size(), 303);
  EXPECT_TRUE(
      merkle::VerifyConsistency(Hashes(proof), HeadOf(200), HeadOf(303)).ok());
}

TEST_F(ProofsTest, BadQuestionsAreTold) {
  v1::InclusionProof inclusion;
  v1::GetInclusionProofRequest request;
  const auto ask = [&] {
    return Call(&v1::AuditService::Stub::GetInclusionProof, request, inclusion);
  };
  EXPECT_EQ(ask().error_code(), StatusCode::INVALID_ARGUMENT);
  request.set_position(303);
  EXPECT_EQ(ask().error_code(), StatusCode::NOT_FOUND);
  request.set_position(302);
  request.set_size(302);
  EXPECT_EQ(ask().error_code(), StatusCode::OUT_OF_RANGE);
  request.set_size(304);
  EXPECT_EQ(ask().error_code(), StatusCode::OUT_OF_RANGE);
  request.mutable_identity()->set_source(kSource);
  EXPECT_EQ(ask().error_code(), StatusCode::INVALID_ARGUMENT);
  request.set_ledger("ledgers/none");
  EXPECT_EQ(ask().error_code(), StatusCode::NOT_FOUND);

  v1::GetConsistencyProofRequest between;
  between.set_older_size(10);
  between.set_newer_size(9);
  v1::ConsistencyProof consistency;
  const grpc::Status backwards =
      Call(&v1::AuditService::Stub::GetConsistencyProof, between, consistency);
  EXPECT_EQ(backwards.error_code(), StatusCode::OUT_OF_RANGE);
  EXPECT_THAT(backwards.error_message(), HasSubstr("older_size"));
}

TEST_F(ProofsTest, OnlyPathsOfTilesThatAreThereAreAnswered) {
  std::string content;
  EXPECT_TRUE(Tile("tile/0/001.p/47", content).ok());
  EXPECT_EQ(content.size(), 47 * merkle::hash_bytes);
  EXPECT_TRUE(Tile("tile/1/000.p/1", content).ok());
  EXPECT_EQ(Tile("tile/0/001.p/48", content).error_code(),
            StatusCode::NOT_FOUND);
  EXPECT_EQ(Tile("tile/entries/001", content).error_code(),
            StatusCode::NOT_FOUND);
  for (const char* const path :
       {"", "tile/0/1", "checkpoint", "tile/0/000/.."}) {
    EXPECT_EQ(Tile(path, content).error_code(), StatusCode::INVALID_ARGUMENT)
        << path;
  }
}

}  // namespace
}  // namespace daybook::services
