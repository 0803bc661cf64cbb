// AuditService: the auditors' calls.
//
// Thread safety: may be called from any thread; holds no state of its own.
//
// Protocol: proto/daybook/v1/audit_service.proto.

#ifndef DAYBOOK_SERVICES_AUDIT_AUDIT_SERVICE_H_
#define DAYBOOK_SERVICES_AUDIT_AUDIT_SERVICE_H_

#include <grpcpp/grpcpp.h>

#include "daybook/v1/audit_service.grpc.pb.h"
#include "services/engine/ledger_registry.h"

namespace daybook::services {

class AuditService final : public v1::AuditService::Service {
 public:
  // `ledgers` must outlive the service.
  explicit AuditService(LedgerRegistry& ledgers) : ledgers_(ledgers) {}

  grpc::Status ReplayEvents(
      grpc::ServerContext* context, const v1::ReplayEventsRequest* request,
      grpc::ServerWriter<v1::StoredEntry>* writer) override;

  grpc::Status GetEvent(grpc::ServerContext* context,
                        const v1::GetEventRequest* request,
                        v1::StoredEntry* response) override;

 private:
  LedgerRegistry& ledgers_;
};

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_AUDIT_AUDIT_SERVICE_H_
