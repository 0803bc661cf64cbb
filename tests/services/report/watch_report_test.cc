// WatchReport over a connection: nothing is lost, marks come where they belong,
// and limits hold.

#include "services/report/watch_report.h"

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "services/report/report_service.h"
#include "tests/services/service_fixture.h"

namespace daybook::services {
namespace {

using grpc::StatusCode;

class WatchTest : public ServiceTest {
 protected:
  WatchTest() : stub_(v1::ReportService::NewStub(channel_)) {
    EXPECT_TRUE(Append(Opening()).ok());
  }

  std::unique_ptr<grpc::ClientReader<v1::WatchReportResponse>> Watch(
      uint64_t from_size, grpc::ClientContext* context) {
    v1::WatchReportRequest request;
    request.set_name(kReport);
    request.set_from_size(from_size);
    context->set_deadline(std::chrono::system_clock::now() +
                          std::chrono::seconds(60));
    return stub_->WatchReport(context, request);
  }

  std::unique_ptr<v1::ReportService::Stub> stub_;
};

TEST_F(WatchTest, TellsWhatWasRecordedSinceThenWhatIsRecordedNext) {
  ASSERT_TRUE(Append({Spent("a", "2024-03-15", 100)}).ok());
  grpc::ClientContext context;
  const auto reader = Watch(3, &context);
  v1::WatchReportResponse message;
  ASSERT_TRUE(reader->Read(&message));
  ASSERT_TRUE(message.has_change());
  EXPECT_EQ(message.change().size(), 4u);
  EXPECT_EQ(message.change().events_total(), 1u);
  EXPECT_EQ(message.change().events(0).event_id(), "a");
  bool executed = false;
  for (const v1::FigureDifference& figure : message.change().figures()) {
    if (figure.path() != "all.executed") continue;
    executed = true;
    EXPECT_EQ(figure.before().amount_fen(), 0);
    EXPECT_EQ(figure.after().amount_fen(), 100);
  }
  EXPECT_TRUE(executed);
  ASSERT_TRUE(reader->Read(&message));
  ASSERT_TRUE(message.has_caught_up());
  EXPECT_EQ(message.caught_up().size(), 4u);
  ASSERT_TRUE(Append({Reversed("b", "a")}).ok());
  ASSERT_TRUE(reader->Read(&message));
  ASSERT_TRUE(message.has_change());
  EXPECT_EQ(message.change().events(0).event_id(), "b");
  EXPECT_EQ(message.change().events(0).cancels(), 3u);
  context.TryCancel();
  while (reader->Read(&message)) {
  }
  EXPECT_EQ(reader->Finish().error_code(), StatusCode::CANCELLED);
}

TEST_F(WatchTest, ASlowReaderIsToldThatItFellBehindAndMissesNothing) {
  grpc::ClientContext context;
  const auto reader = Watch(0, &context);
  v1::WatchReportResponse message;
  ASSERT_TRUE(reader->Read(&message));
  ASSERT_TRUE(message.has_caught_up());
  uint64_t told = message.caught_up().size();
  // More than one message tells of, at once.
  Inputs inputs;
  for (int i = 0; i < 2'500; ++i) {
    inputs.push_back(Spent(absl::StrCat("v", i), "2024-03-15", 1));
  }
  ASSERT_TRUE(Append(inputs).ok());
  uint64_t events = 0;
  bool fell_behind = false;
  while (reader->Read(&message) && !message.has_caught_up()) {
    fell_behind = fell_behind || message.has_fell_behind();
    if (!message.has_change()) continue;
    events += message.change().events_total();
    EXPECT_LE(message.change().events_size(), 100);
    EXPECT_GT(message.change().size(), told);
    told = message.change().size();
  }
  EXPECT_TRUE(fell_behind);
  EXPECT_EQ(events, 2'500u);
  EXPECT_EQ(told, 3u + 2'500u);
}

TEST_F(WatchTest, AServerThatGoesDownEndsTheWatchAtOnce) {
  grpc::ClientContext context;
  const auto reader = Watch(0, &context);
  v1::WatchReportResponse message;
  ASSERT_TRUE(reader->Read(&message));
  server_->Shutdown(absl::Seconds(30));
  while (reader->Read(&message)) {
  }
  EXPECT_EQ(reader->Finish().error_code(), StatusCode::UNAVAILABLE);
  server_ = nullptr;
}

TEST_F(WatchTest, BadQuestionsAreRefused) {
  for (const auto& [size, code] :
       {std::pair(uint64_t{99}, StatusCode::OUT_OF_RANGE)}) {
    grpc::ClientContext context;
    const auto reader = Watch(size, &context);
    v1::WatchReportResponse message;
    EXPECT_FALSE(reader->Read(&message));
    EXPECT_EQ(reader->Finish().error_code(), code);
  }
  v1::WatchReportRequest request;
  request.set_name(kReport2023);
  grpc::ClientContext context;
  const auto reader = stub_->WatchReport(&context, request);
  v1::WatchReportResponse message;
  EXPECT_FALSE(reader->Read(&message));
  EXPECT_EQ(reader->Finish().error_code(), StatusCode::NOT_FOUND);
}

TEST_F(WatchTest, OnlySoManyWatchAtOnce) {
  std::vector<std::unique_ptr<grpc::ClientContext>> contexts;
  std::vector<std::unique_ptr<grpc::ClientReader<v1::WatchReportResponse>>>
      readers;
  v1::WatchReportResponse message;
  for (int i = 0; i < watches_max; ++i) {
    contexts.push_back(std::make_unique<grpc::ClientContext>());
    readers.push_back(Watch(0, contexts.back().get()));
    ASSERT_TRUE(readers.back()->Read(&message)) << i;
  }
  grpc::ClientContext context;
  const auto one_more = Watch(0, &context);
  EXPECT_FALSE(one_more->Read(&message));
  EXPECT_EQ(one_more->Finish().error_code(), StatusCode::RESOURCE_EXHAUSTED);
  for (auto& each : contexts) each->TryCancel();
  for (auto& each : readers) {
    while (each->Read(&message)) {
    }
    each->Finish();
  }
}

}  // namespace
}  // namespace daybook::services
