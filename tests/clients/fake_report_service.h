// FakeReportService: a server on the loopback that answers what a test put into
// it, page by page or message by message.
//
// Thread safety: fill it before the first call; then calls may come from any
// thread.

#ifndef DAYBOOK_TESTS_CLIENTS_FAKE_REPORT_SERVICE_H_
#define DAYBOOK_TESTS_CLIENTS_FAKE_REPORT_SERVICE_H_

#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "core/base/check.h"
#include "daybook/v1/report_service.grpc.pb.h"

namespace daybook::testing {

class FakeReportService final : public v1::ReportService::Service {
 public:
  enum class Start { kNow, kLater };

  explicit FakeReportService(Start start = Start::kNow) {
    if (start == Start::kNow) Serve("127.0.0.1:0");
  }
  ~FakeReportService() override {
    if (server_ != nullptr) server_->Shutdown();
  }
  FakeReportService(const FakeReportService&) = delete;
  FakeReportService& operator=(const FakeReportService&) = delete;

  // Once; port 0 is a free one.
  void Serve(const std::string& listen) {
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort(listen, grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(this);
    server_ = builder.BuildAndStart();
    DAYBOOK_CHECK(server_ != nullptr);
    address = absl::StrCat("127.0.0.1:", port);
  }

  std::string address;

  v1::Report report;
  v1::TraceEventResponse trace;
  // Page i is answered for the token "i"; each but the last names the next.
  std::vector<v1::ExplainFigureResponse> explain_pages;
  std::vector<v1::CompareReportsResponse> compare_pages;
  std::vector<v1::GetReportTimelineResponse> timeline_pages;
  std::vector<v1::ListLateAdjustmentsResponse> late_pages;
  // What call i of WatchReport tells before it ends with `watch_ends[i]`; calls
  // after the last are answered UNAVAILABLE.
  std::vector<std::vector<v1::WatchReportResponse>> watches;
  std::vector<grpc::Status> watch_ends;

  // What was asked.
  std::vector<v1::ExplainFigureRequest> explained;
  std::vector<v1::CompareReportsRequest> compared;
  std::vector<v1::WatchReportRequest> watched;
  std::vector<v1::TraceEventRequest> traced;

  grpc::Status GetReport(grpc::ServerContext*, const v1::GetReportRequest*,
                         v1::Report* response) override {
    *response = report;
    return grpc::Status::OK;
  }

  grpc::Status TraceEvent(grpc::ServerContext*,
                          const v1::TraceEventRequest* request,
                          v1::TraceEventResponse* response) override {
    traced.push_back(*request);
    *response = trace;
    return grpc::Status::OK;
  }

  grpc::Status ExplainFigure(grpc::ServerContext*,
                             const v1::ExplainFigureRequest* request,
                             v1::ExplainFigureResponse* response) override {
    explained.push_back(*request);
    return Page(explain_pages, *request, *response);
  }

  grpc::Status CompareReports(grpc::ServerContext*,
                              const v1::CompareReportsRequest* request,
                              v1::CompareReportsResponse* response) override {
    compared.push_back(*request);
    return Page(compare_pages, *request, *response);
  }

  grpc::Status GetReportTimeline(
      grpc::ServerContext*, const v1::GetReportTimelineRequest* request,
      v1::GetReportTimelineResponse* response) override {
    return Page(timeline_pages, *request, *response);
  }

  grpc::Status ListLateAdjustments(
      grpc::ServerContext*, const v1::ListLateAdjustmentsRequest* request,
      v1::ListLateAdjustmentsResponse* response) override {
    return Page(late_pages, *request, *response);
  }

  grpc::Status WatchReport(
      grpc::ServerContext*, const v1::WatchReportRequest* request,
      grpc::ServerWriter<v1::WatchReportResponse>* writer) override {
    const size_t call = watched.size();
    watched.push_back(*request);
    if (call >= watches.size()) {
      return {grpc::StatusCode::UNAVAILABLE, "the server is going down"};
    }
    for (const v1::WatchReportResponse& message : watches[call]) {
      writer->Write(message);
    }
    return watch_ends[call];
  }

 private:
  template <typename Request, typename Response>
  static grpc::Status Page(const std::vector<Response>& pages,
                           const Request& request, Response& response) {
    size_t page = 0;
    if (!request.page_token().empty() &&
        !absl::SimpleAtoi(request.page_token(), &page)) {
      return {grpc::StatusCode::INVALID_ARGUMENT, "page_token"};
    }
    if (page >= pages.size()) {
      return {grpc::StatusCode::NOT_FOUND, "no such report"};
    }
    response = pages[page];
    if (page + 1 < pages.size()) {
      response.set_next_page_token(absl::StrCat(page + 1));
    }
    return grpc::Status::OK;
  }

  std::unique_ptr<grpc::Server> server_;
};

}  // namespace daybook::testing

#endif  // DAYBOOK_TESTS_CLIENTS_FAKE_REPORT_SERVICE_H_
