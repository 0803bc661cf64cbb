// Unknown fields are refused wherever they are in a request.

#include "services/grpc/request_check.h"

#include "absl/status/status.h"
#include "daybook/v1/audit_service.pb.h"
#include "daybook/v1/ledger_service.pb.h"
#include "daybook/v1/report_service.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace daybook::services {
namespace {

using absl::StatusCode;
using ::testing::HasSubstr;

void AddUnknown(google::protobuf::Message& message) {
  message.GetReflection()->MutableUnknownFields(&message)->AddVarint(1'000, 1);
}

TEST(RequestCheckTest, KnownFieldsPass) {
  v1::GetReportRequest request;
  request.mutable_as_of()->set_year(2024);
  EXPECT_TRUE(CheckKnownFields(request).ok());
}

TEST(RequestCheckTest, UnknownFieldIsNamed) {
  v1::GetReportRequest request;
  AddUnknown(request);
  const absl::Status status = CheckKnownFields(request);
  EXPECT_EQ(status.code(), StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), HasSubstr("GetReportRequest"));
  EXPECT_THAT(std::string(status.message()), HasSubstr("1000"));
}

TEST(RequestCheckTest, UnknownFieldsWithinAreFound) {
  v1::GetReportRequest report;
  AddUnknown(*report.mutable_as_of());
  EXPECT_EQ(CheckKnownFields(report).code(), StatusCode::kInvalidArgument);
  v1::GetEventRequest event;
  AddUnknown(*event.mutable_identity());
  EXPECT_EQ(CheckKnownFields(event).code(), StatusCode::kInvalidArgument);
  v1::AppendEventsRequest append;
  AddUnknown(*append.add_inputs()->mutable_event());
  EXPECT_EQ(CheckKnownFields(append).code(), StatusCode::kInvalidArgument);
}

TEST(RequestCheckTest, EnvelopeAloneLeavesWhatIsWithin) {
  v1::AppendEventsRequest append;
  AddUnknown(*append.add_inputs());
  EXPECT_TRUE(CheckKnownFields(append, Depth::kEnvelope).ok());
  AddUnknown(append);
  EXPECT_FALSE(CheckKnownFields(append, Depth::kEnvelope).ok());
}

}  // namespace
}  // namespace daybook::services
