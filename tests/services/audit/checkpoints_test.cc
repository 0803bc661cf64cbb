// GetCheckpoint, ListCheckpoints and RotateKey over a connection.

#include "services/audit/checkpoints.h"

#include "absl/strings/str_cat.h"
#include "core/checkpoint/note.h"
#include "core/checkpoint/signed_checkpoint.h"
#include "core/checkpoint/verifier_key.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/publisher/keygen.h"
#include "tests/services/service_fixture.h"

namespace daybook::services {
namespace {

using grpc::StatusCode;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class CheckpointsTest : public ServiceTest {
 protected:
  CheckpointsTest() : ServiceTest(true) {}

  grpc::Status Get(uint64_t min_size, v1::Checkpoint* checkpoint,
                   const std::string& ledger = kLedger) {
    grpc::ClientContext context;
    v1::GetCheckpointRequest request;
    request.set_ledger(ledger);
    request.set_min_size(min_size);
    return v1::AuditService::NewStub(channel_)->GetCheckpoint(&context, request,
                                                              checkpoint);
  }

  grpc::Status List(const v1::ListCheckpointsRequest& request,
                    v1::ListCheckpointsResponse* page) {
    grpc::ClientContext context;
    return v1::AuditService::NewStub(channel_)->ListCheckpoints(&context,
                                                                request, page);
  }

  grpc::Status Rotate(const std::string& ledger, const std::string& reason,
                      v1::RotateKeyResponse* response) {
    grpc::ClientContext context;
    v1::RotateKeyRequest request;
    request.set_ledger(ledger);
    request.set_reason(reason);
    return v1::AdminService::NewStub(channel_)->RotateKey(&context, request,
                                                          response);
  }
};

TEST_F(CheckpointsTest, TheNewestCoversWhatIsWanted) {
  v1::Checkpoint checkpoint;
  ASSERT_TRUE(Get(0, &checkpoint).ok());
  EXPECT_EQ(checkpoint.size(), 1u);
  ASSERT_TRUE(Append(Opening()).ok());
  ASSERT_TRUE(Get(3, &checkpoint).ok());
  EXPECT_EQ(checkpoint.size(), 3u);
  EXPECT_EQ(checkpoint.signed_time_us(), absl::ToUnixMicros(clock_.Now()));
  const auto note = checkpoint::ParseNote(checkpoint.note());
  ASSERT_TRUE(note.ok());
  const auto key = keys_->ReadKey(kLedgerId, KeyRole::kCurrent);
  EXPECT_TRUE(checkpoint::OpenCheckpoint(*note, key->verifier(), {}).ok());
}

TEST_F(CheckpointsTest, WhatIsNotThereIsSaid) {
  v1::Checkpoint checkpoint;
  EXPECT_EQ(Get(2, &checkpoint).error_code(), StatusCode::OUT_OF_RANGE);
  EXPECT_EQ(Get(0, &checkpoint, "ledgers/9").error_code(),
            StatusCode::NOT_FOUND);
  EXPECT_EQ(Get(0, &checkpoint, "9").error_code(),
            StatusCode::INVALID_ARGUMENT);
  // A ledger without key.
  ASSERT_TRUE(CreateLedger("7").ok());
  const grpc::Status unsigned_one = Get(0, &checkpoint, "ledgers/7");
  EXPECT_EQ(unsigned_one.error_code(), StatusCode::FAILED_PRECONDITION);
  EXPECT_THAT(unsigned_one.error_message(), HasSubstr("keygen"));
}

TEST_F(CheckpointsTest, PagesHoldEachOnceTheNewestFirst) {
  v1::Checkpoint checkpoint;
  ASSERT_TRUE(Get(1, &checkpoint).ok());
  ASSERT_TRUE(Append(Opening()).ok());
  ASSERT_TRUE(Get(3, &checkpoint).ok());
  ASSERT_TRUE(Append({Spent("a", "2024-03-15", 1)}).ok());
  ASSERT_TRUE(Get(4, &checkpoint).ok());
  v1::ListCheckpointsRequest request;
  request.set_ledger(kLedger);
  request.set_page_size(2);
  std::vector<uint64_t> sizes;
  do {
    v1::ListCheckpointsResponse page;
    ASSERT_TRUE(List(request, &page).ok());
    for (const auto& c : page.checkpoints()) sizes.push_back(c.size());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_THAT(sizes, ElementsAre(4, 3, 1));
  request.set_page_token("made up");
  v1::ListCheckpointsResponse page;
  EXPECT_EQ(List(request, &page).error_code(), StatusCode::INVALID_ARGUMENT);
}

TEST_F(CheckpointsTest, AKeyIsRotated) {
  v1::RotateKeyResponse rotated;
  EXPECT_EQ(Rotate(kLedger, "yearly", &rotated).error_code(),
            StatusCode::FAILED_PRECONDITION);
  const auto next =
      Keygen({temporary_.path() / "keys", kLedgerId, KeyRole::kNext, ""});
  ASSERT_TRUE(next.ok());
  EXPECT_EQ(Rotate(kLedger, "", &rotated).error_code(),
            StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(Rotate("ledgers/9", "yearly", &rotated).error_code(),
            StatusCode::NOT_FOUND);
  ASSERT_TRUE(Rotate(kLedger, "yearly", &rotated).ok());
  EXPECT_EQ(rotated.position(), 1u);
  EXPECT_EQ(rotated.verifier_key(), next->ToString());
  v1::ListLedgersResponse page;
  ASSERT_TRUE(ListLedgers({}, &page).ok());
  EXPECT_EQ(page.ledgers(0).verifier_key(), next->ToString());
  // Reports go on as if nothing had happened.
  ASSERT_TRUE(Append(Opening()).ok());
  ASSERT_TRUE(Append({Spent("a", "2024-03-15", 1)}).ok());
  v1::GetReportRequest report;
  report.set_name(kReport);
  EXPECT_TRUE(GetReport(report).ok());
}

}  // namespace
}  // namespace daybook::services
