// ReportService: the readers' calls.
//
// Thread safety: may be called from any thread; holds no state of its own.
//
// Protocol: proto/daybook/v1/report_service.proto.

#ifndef DAYBOOK_SERVICES_REPORT_REPORT_SERVICE_H_
#define DAYBOOK_SERVICES_REPORT_REPORT_SERVICE_H_

#include <grpcpp/grpcpp.h>

#include "core/base/clock.h"
#include "daybook/v1/report_service.grpc.pb.h"
#include "services/engine/ledger_registry.h"

namespace daybook::services {

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

 private:
  LedgerRegistry& ledgers_;
  const Clock& clock_;
};

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_REPORT_REPORT_SERVICE_H_
