// A LedgerService that does nothing: it reads the same messages as daybookd and
// acks every batch at once, as if it had recorded it. What a stream costs by
// itself is what it says about the rest.
//
// usage: empty_server

#include <grpcpp/grpcpp.h>

#include <csignal>
#include <cstdint>
#include <cstdio>
#include <memory>

#include "core/base/check.h"
#include "daybook/v1/ledger_service.grpc.pb.h"

namespace daybook::bench {
namespace {

// As daybookd's.
constexpr int message_bytes_max = 32 << 20;

class EmptyLedgerService final : public v1::LedgerService::Service {
 public:
  grpc::Status StreamEvents(
      grpc::ServerContext*,
      grpc::ServerReaderWriter<v1::StreamEventsResponse,
                               v1::StreamEventsRequest>* stream) override {
    uint64_t position = 0;
    v1::StreamEventsRequest request;
    while (stream->Read(&request)) {
      v1::StreamEventsResponse response;
      if (request.has_open()) {
        response.mutable_opened()->set_source(request.open().source());
      } else {
        Ack(request.batch(), position, *response.mutable_ack());
      }
      if (!stream->Write(response)) break;
    }
    return grpc::Status::OK;
  }

 private:
  static void Ack(const v1::StreamBatch& batch, uint64_t& position,
                  v1::BatchAck& ack) {
    ack.set_correlation_id(batch.correlation_id());
    for (int i = 0; i < batch.inputs_size(); ++i) {
      ack.add_outcomes(v1::STREAM_OUTCOME_CREATED);
      ack.add_positions(position++);
    }
    ack.set_level(v1::ACK_LEVEL_DURABLE);
    ack.set_size(position);
    ack.set_cursor(batch.cursor());
    ack.set_cursor_kept(batch.has_cursor());
  }
};

int Run() {
  EmptyLedgerService service;
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(),
                           &port);
  builder.SetMaxReceiveMessageSize(message_bytes_max);
  builder.RegisterService(&service);
  const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  DAYBOOK_CHECK(server != nullptr);
  std::fprintf(stderr, "listening on 127.0.0.1:%d\n", port);
  server->Wait();
  return 0;
}

}  // namespace
}  // namespace daybook::bench

int main() {
  // Nothing is kept, so nothing is to be put in order.
  std::signal(SIGTERM, [](int) { std::_Exit(0); });
  return daybook::bench::Run();
}
