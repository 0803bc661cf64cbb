// Client: pages follow each other, and a watch goes on where it was cut off.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "clients/cpp/client.h"
#include "tests/clients/fake_report_service.h"
#include "tests/support/status_matchers.h"

namespace daybook::client {
namespace {

using ::testing::ElementsAre;
using testing::FakeReportService;
using testing::IsOk;
using testing::StatusIs;

const grpc::Status going_down(grpc::StatusCode::UNAVAILABLE, "going down");

ClientOptions Impatient() {
  ClientOptions options;
  options.watch_tries_max = 2;
  options.watch_wait = absl::Milliseconds(1);
  return options;
}

v1::WatchReportResponse ChangeTo(uint64_t size) {
  v1::WatchReportResponse message;
  message.mutable_change()->set_size(size);
  return message;
}

v1::WatchReportResponse CaughtUpAt(uint64_t size) {
  v1::WatchReportResponse message;
  message.mutable_caught_up()->set_size(size);
  return message;
}

TEST(HistoryCallsTest, AllPagesAreVisitedInOrder) {
  FakeReportService service;
  for (int i = 0; i < 3; ++i) {
    v1::ListLateAdjustmentsResponse page;
    page.set_total(static_cast<uint32_t>(i));
    service.late_pages.push_back(page);
  }
  std::vector<uint32_t> visited;
  Client client(service.address);
  EXPECT_THAT(client.ListLateAdjustments(
                  {},
                  [&](const v1::ListLateAdjustmentsResponse& page) {
                    visited.push_back(page.total());
                    return absl::OkStatus();
                  }),
              IsOk());
  EXPECT_THAT(visited, ElementsAre(0, 1, 2));
}

TEST(HistoryCallsTest, AVisitorThatFailsEndsThePages) {
  FakeReportService service;
  service.compare_pages.resize(3);
  int visits = 0;
  Client client(service.address);
  EXPECT_THAT(client.CompareReports({},
                                    [&](const v1::CompareReportsResponse&) {
                                      ++visits;
                                      return absl::AbortedError("enough");
                                    }),
              StatusIs(absl::StatusCode::kAborted));
  EXPECT_EQ(visits, 1);
}

TEST(HistoryCallsTest, APageThatLeadsToItselfIsRefused) {
  FakeReportService service;
  service.timeline_pages.resize(1);
  service.timeline_pages[0].set_next_page_token("0");
  Client client(service.address);
  EXPECT_THAT(
      client.GetReportTimeline({},
                               [](const v1::GetReportTimelineResponse&) {
                                 return absl::OkStatus();
                               }),
      StatusIs(absl::StatusCode::kDataLoss));
}

TEST(HistoryCallsTest, AWatchGoesOnFromTheLastSizeTold) {
  FakeReportService service;
  service.watches = {{CaughtUpAt(5), ChangeTo(7)}, {}, {ChangeTo(9)}};
  service.watch_ends = {going_down, going_down, grpc::Status::OK};
  std::vector<uint64_t> sizes;
  Client client(service.address, Impatient());
  EXPECT_THAT(client.WatchReport({},
                                 [&](const v1::WatchReportResponse& message) {
                                   sizes.push_back(message.change().size());
                                   return true;
                                 }),
              IsOk());
  EXPECT_THAT(sizes, ElementsAre(0, 7, 9));
  std::vector<uint64_t> asked;
  for (const auto& request : service.watched) {
    asked.push_back(request.from_size());
  }
  EXPECT_THAT(asked, ElementsAre(0, 7, 7));
}

TEST(HistoryCallsTest, AWatchOutlivesARestartOfTheServer) {
  auto first = std::make_unique<FakeReportService>();
  const std::string address = first->address;
  first->watches = {{ChangeTo(7)}};
  first->watch_ends = {going_down};
  FakeReportService second(FakeReportService::Start::kLater);
  second.watches = {{ChangeTo(9)}};
  second.watch_ends = {grpc::Status::OK};
  std::thread restart;
  std::vector<uint64_t> sizes;
  Client client(address);
  EXPECT_THAT(client.WatchReport({},
                                 [&](const v1::WatchReportResponse& message) {
                                   sizes.push_back(message.change().size());
                                   if (sizes.size() > 1) return false;
                                   first.reset();
                                   restart = std::thread([&] {
                                     absl::SleepFor(absl::Milliseconds(400));
                                     second.Serve(address);
                                   });
                                   return true;
                                 }),
              IsOk());
  restart.join();
  EXPECT_THAT(sizes, ElementsAre(7, 9));
  ASSERT_EQ(second.watched.size(), 1u);
  EXPECT_EQ(second.watched[0].from_size(), 7u);
}

TEST(HistoryCallsTest, AWatchGivesUpAServerThatStaysAway) {
  FakeReportService service;
  service.watches = {{ChangeTo(7)}};
  service.watch_ends = {going_down};
  Client client(service.address, Impatient());
  EXPECT_THAT(client.WatchReport(
                  {}, [](const v1::WatchReportResponse&) { return true; }),
              StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_EQ(service.watched.size(), 3u);
}

TEST(HistoryCallsTest, AWatchThatNeverBeganIsNotTriedAgain) {
  FakeReportService service;
  Client client(service.address, Impatient());
  EXPECT_THAT(client.WatchReport(
                  {}, [](const v1::WatchReportResponse&) { return true; }),
              StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_EQ(service.watched.size(), 1u);
}

TEST(HistoryCallsTest, OtherErrorsEndAWatch) {
  FakeReportService service;
  service.watches = {{ChangeTo(7)}};
  service.watch_ends = {grpc::Status(grpc::StatusCode::DATA_LOSS, "damaged")};
  Client client(service.address, Impatient());
  EXPECT_THAT(client.WatchReport(
                  {}, [](const v1::WatchReportResponse&) { return true; }),
              StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_EQ(service.watched.size(), 1u);
}

TEST(HistoryCallsTest, TheVisitorEndsAWatch) {
  FakeReportService service;
  service.watches = {{ChangeTo(7), ChangeTo(8)}};
  service.watch_ends = {going_down};
  int visits = 0;
  Client client(service.address, Impatient());
  EXPECT_THAT(client.WatchReport({},
                                 [&](const v1::WatchReportResponse&) {
                                   ++visits;
                                   return false;
                                 }),
              IsOk());
  EXPECT_EQ(visits, 1);
}

}  // namespace
}  // namespace daybook::client
