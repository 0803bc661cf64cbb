// LedgerService: the writers' calls.
//
// Thread safety: may be called from any thread; holds no state of its own.
//
// Protocol: proto/daybook/v1/ledger_service.proto.

#ifndef DAYBOOK_SERVICES_LEDGER_LEDGER_SERVICE_H_
#define DAYBOOK_SERVICES_LEDGER_LEDGER_SERVICE_H_

#include <grpcpp/grpcpp.h>

#include "daybook/v1/ledger_service.grpc.pb.h"
#include "services/engine/ledger_registry.h"

namespace daybook::services {

class LedgerService final : public v1::LedgerService::Service {
 public:
  // `ledgers` must outlive the service.
  explicit LedgerService(LedgerRegistry& ledgers) : ledgers_(ledgers) {}

  grpc::Status AppendEvents(grpc::ServerContext* context,
                            const v1::AppendEventsRequest* request,
                            v1::AppendEventsResponse* response) override;

 private:
  LedgerRegistry& ledgers_;
};

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_LEDGER_LEDGER_SERVICE_H_
