// AdminService: the operators' calls.
//
// Thread safety: may be called from any thread; holds no state of its own.
//
// Protocol: proto/daybook/v1/admin_service.proto.

#ifndef DAYBOOK_SERVICES_ADMIN_ADMIN_SERVICE_H_
#define DAYBOOK_SERVICES_ADMIN_ADMIN_SERVICE_H_

#include <grpcpp/grpcpp.h>

#include "daybook/v1/admin_service.grpc.pb.h"
#include "services/engine/ledger_registry.h"
#include "services/publisher/publishers.h"

namespace daybook::services {

class AdminService final : public v1::AdminService::Service {
 public:
  // Both must outlive the service.
  AdminService(LedgerRegistry& ledgers, LedgerPublishers& publishers)
      : ledgers_(ledgers), publishers_(publishers) {}

  grpc::Status CreateLedger(grpc::ServerContext* context,
                            const v1::CreateLedgerRequest* request,
                            v1::Ledger* response) override;

  grpc::Status ListLedgers(grpc::ServerContext* context,
                           const v1::ListLedgersRequest* request,
                           v1::ListLedgersResponse* response) override;

  grpc::Status RotateKey(grpc::ServerContext* context,
                         const v1::RotateKeyRequest* request,
                         v1::RotateKeyResponse* response) override;

 private:
  LedgerRegistry& ledgers_;
  LedgerPublishers& publishers_;
};

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_ADMIN_ADMIN_SERVICE_H_
