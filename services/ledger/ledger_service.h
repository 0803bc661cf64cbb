// LedgerService: the writers' calls.
//
// Thread safety: may be called from any thread.
//
// Protocol: proto/daybook/v1/ledger_service.proto.

#ifndef DAYBOOK_SERVICES_LEDGER_LEDGER_SERVICE_H_
#define DAYBOOK_SERVICES_LEDGER_LEDGER_SERVICE_H_

#include <grpcpp/grpcpp.h>

#include "core/base/clock.h"
#include "daybook/v1/ledger_service.grpc.pb.h"
#include "services/engine/ledger_registry.h"
#include "services/ledger/event_stream.h"
#include "services/publisher/publisher.h"

namespace daybook::services {

class LedgerService final
    : public v1::LedgerService::WithCallbackMethod_StreamEvents<
          v1::LedgerService::Service> {
 public:
  // All must outlive the service.
  LedgerService(LedgerRegistry& ledgers, Publishers& publishers,
                const Clock& clock)
      : ledgers_(ledgers), publishers_(publishers), clock_(clock) {}

  grpc::Status AppendEvents(grpc::ServerContext* context,
                            const v1::AppendEventsRequest* request,
                            v1::AppendEventsResponse* response) override;

  grpc::ServerBidiReactor<v1::StreamEventsRequest, v1::StreamEventsResponse>*
  StreamEvents(grpc::CallbackServerContext* context) override;

  grpc::Status GetSourceProgress(grpc::ServerContext* context,
                                 const v1::GetSourceProgressRequest* request,
                                 v1::SourceProgress* response) override;

  grpc::Status ListSources(grpc::ServerContext* context,
                           const v1::ListSourcesRequest* request,
                           v1::ListSourcesResponse* response) override;

  grpc::Status ListRefusals(grpc::ServerContext* context,
                            const v1::ListRefusalsRequest* request,
                            v1::ListRefusalsResponse* response) override;

  // Ends all streams, each once it has acked what it has taken, and takes no
  // more.
  void StopStreaming() { streams_.Stop(); }

 private:
  // Authorises, finds the ledger and calls `read` with it.
  template <typename Request, typename Response, typename Read>
  grpc::Status Answer(const grpc::ServerContext& context,
                      const Request& request, Response* response, Read read);

  LedgerRegistry& ledgers_;
  Publishers& publishers_;
  const Clock& clock_;
  EventStreams streams_;
};

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_LEDGER_LEDGER_SERVICE_H_
