// ReportService: the readers' calls.
//
// Thread safety: may be called from any thread; keeps nothing but how many
// watch.
//
// Protocol: proto/daybook/v1/report_service.proto.

#ifndef DAYBOOK_SERVICES_REPORT_REPORT_SERVICE_H_
#define DAYBOOK_SERVICES_REPORT_REPORT_SERVICE_H_

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <string>

#include "core/base/clock.h"
#include "daybook/v1/report_service.grpc.pb.h"
#include "services/engine/ledger_registry.h"
#include "services/report/report_place.h"

namespace daybook::services {

// Callers that watch at once: each takes a thread of the server's.
inline constexpr int watches_max = 64;

class ReportService final : public v1::ReportService::Service {
 public:
  // Both must outlive the service. `clock` says which day is today.
  ReportService(LedgerRegistry& ledgers, const Clock& clock)
      : ledgers_(ledgers), clock_(clock) {}

  grpc::Status GetReport(grpc::ServerContext* context,
                         const v1::GetReportRequest* request,
                         v1::Report* response) override;

  grpc::Status ListReports(grpc::ServerContext* context,
                           const v1::ListReportsRequest* request,
                           v1::ListReportsResponse* response) override;

  grpc::Status GetReportTimeline(
      grpc::ServerContext* context, const v1::GetReportTimelineRequest* request,
      v1::GetReportTimelineResponse* response) override;

  grpc::Status ExplainFigure(grpc::ServerContext* context,
                             const v1::ExplainFigureRequest* request,
                             v1::ExplainFigureResponse* response) override;

  grpc::Status TraceEvent(grpc::ServerContext* context,
                          const v1::TraceEventRequest* request,
                          v1::TraceEventResponse* response) override;

  grpc::Status CompareReports(grpc::ServerContext* context,
                              const v1::CompareReportsRequest* request,
                              v1::CompareReportsResponse* response) override;

  grpc::Status ListLateAdjustments(
      grpc::ServerContext* context,
      const v1::ListLateAdjustmentsRequest* request,
      v1::ListLateAdjustmentsResponse* response) override;

  grpc::Status WatchReport(
      grpc::ServerContext* context, const v1::WatchReportRequest* request,
      grpc::ServerWriter<v1::WatchReportResponse>* writer) override;

  // Ends all watches, with UNAVAILABLE, and takes no more.
  void StopWatching() { stopping_.store(true, std::memory_order_relaxed); }

 private:
  // Answers from the ledger of the report that `name` names.
  template <typename Response, typename Read>
  grpc::Status Answer(const grpc::ServerContext& context,
                      const std::string& name, Response* response, Read read);

  CallTimes TimesOf(const grpc::ServerContext& context) const;

  LedgerRegistry& ledgers_;
  const Clock& clock_;
  std::atomic<int> watches_ = 0;
  std::atomic<bool> stopping_ = false;
};

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_REPORT_REPORT_SERVICE_H_
