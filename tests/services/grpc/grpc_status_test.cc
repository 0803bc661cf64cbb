// Errors keep their codes, say nothing of stored bytes, and fit into what a
// client takes as trailers.

#include "services/grpc/grpc_status.h"

#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace daybook::services {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

v1::AppendRefused Refused(int refusals, int problems,
                          const std::string& message) {
  v1::AppendRefused refused;
  refused.set_refused_total(static_cast<uint32_t>(refusals));
  for (int i = 0; i < refusals; ++i) {
    v1::Refusal& refusal = *refused.add_refusals();
    refusal.set_index(static_cast<uint32_t>(i) + 3);
    refusal.set_event_id(absl::StrCat("V-", i));
    for (int j = 0; j < problems; ++j) {
      v1::Problem& problem = *refusal.add_problems();
      problem.set_code(5);
      problem.set_field("event.subject");
      problem.set_value("ledgers/1/departments/2");
      problem.set_message(message);
      problem.set_remedy("record it first");
    }
  }
  return refused;
}

v1::AppendRefused DetailsOf(const grpc::Status& status) {
  v1::ErrorStatus details;
  v1::AppendRefused refused;
  EXPECT_TRUE(details.ParseFromString(status.error_details()));
  EXPECT_EQ(details.code(), static_cast<int>(status.error_code()));
  EXPECT_EQ(details.message(), status.error_message());
  EXPECT_EQ(details.details_size(), 1);
  EXPECT_TRUE(details.details(0).UnpackTo(&refused));
  return refused;
}

TEST(GrpcStatusTest, CodesAndMessagesAreKept) {
  const grpc::Status status = ToGrpcStatus(absl::AbortedError("stale"));
  EXPECT_EQ(status.error_code(), grpc::StatusCode::ABORTED);
  EXPECT_EQ(status.error_message(), "stale");
  EXPECT_TRUE(ToGrpcStatus(absl::OkStatus()).ok());
}

TEST(GrpcStatusTest, DamageIsAnsweredInBrief) {
  const grpc::Status status =
      ToGrpcStatus(absl::DataLossError("/srv/data: secret"));
  EXPECT_EQ(status.error_code(), grpc::StatusCode::DATA_LOSS);
  EXPECT_THAT(status.error_message(), Not(HasSubstr("secret")));
}

TEST(GrpcStatusTest, RefusalNamesEventFieldValueProblemAndRemedy) {
  const grpc::Status status =
      ToRefusedStatus(Refused(1, 1, "it is not registered"));
  EXPECT_EQ(status.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(status.error_message(),
            "event 3 (V-0): event.subject = ledgers/1/departments/2: it is not "
            "registered; record it first");
  EXPECT_EQ(DetailsOf(status).refusals_size(), 1);
}

TEST(GrpcStatusTest, RefusalTellsHowManyMoreThereAre) {
  const grpc::Status status = ToRefusedStatus(Refused(2, 3, "wrong"));
  EXPECT_THAT(status.error_message(), HasSubstr("2 further problems"));
  EXPECT_THAT(status.error_message(), HasSubstr("2 events of this call"));
}

TEST(GrpcStatusTest, SixteenShortRefusalsTravelWhole) {
  const v1::AppendRefused refused =
      DetailsOf(ToRefusedStatus(Refused(16, 1, "it is not registered")));
  EXPECT_EQ(refused.refusals_size(), 16);
}

TEST(GrpcStatusTest, WhatDoesNotFitLeavesFromTheEnd) {
  std::string longer;
  for (int i = 0; i < 40; ++i) longer += "很长的说明";
  const grpc::Status status = ToRefusedStatus(Refused(16, 16, longer));
  const size_t trailers =
      status.error_message().size() + status.error_details().size() / 3 * 4;
  EXPECT_LE(trailers, error_trailer_bytes_max);
  const v1::AppendRefused refused = DetailsOf(status);
  ASSERT_GE(refused.refusals_size(), 1);
  EXPECT_EQ(refused.refusals(0).event_id(), "V-0");
  EXPECT_GE(refused.refusals(0).problems_size(), 1);
  EXPECT_EQ(refused.refused_total(), 16u);
}

}  // namespace
}  // namespace daybook::services
