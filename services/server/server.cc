#include "services/server/server.h"

#include <grpc/grpc.h>
#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/resource_quota.h>

#include "absl/status/status.h"
#include "core/base/check.h"
#include "core/base/status_macros.h"
#include "services/http/listen_address.h"

namespace daybook::services {
namespace {

// Threads kept waiting for calls.
constexpr int idle_threads_max = 64;

constexpr int milliseconds_per_second = 1'000;

// A connection whose peer has vanished is noticed within this time and a half.
constexpr int keepalive_seconds = 60;
constexpr int keepalive_timeout_seconds = 20;

// Pings of clients that come faster than this end their connection.
constexpr int client_ping_seconds_min = 10;

// Process-wide, and to be done before any server is built.
void PrepareGrpc() {
  static const bool prepared = [] {
    // gRPC lives as long as the process. Otherwise the end of the last server
    // would end it too, which can wait ten seconds for a poller of its own.
    grpc_init();
    grpc::EnableDefaultHealthCheckService(true);
    grpc::reflection::InitProtoReflectionServerBuilderPlugin();
    return true;
  }();
  DAYBOOK_CHECK(prepared);
}

void SetLimits(grpc::ServerBuilder& builder) {
  grpc::ResourceQuota quota("daybookd");
  quota.Resize(Server::buffer_bytes_max);
  quota.SetMaxThreads(Server::threads_max);
  builder.SetResourceQuota(quota);
  // Otherwise gRPC keeps two and makes a new thread for most calls.
  builder.SetSyncServerOption(grpc::ServerBuilder::MAX_POLLERS,
                              idle_threads_max);
  builder.SetMaxReceiveMessageSize(Server::message_bytes_max);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS,
                             Server::connection_streams_max);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS,
                             keepalive_seconds * milliseconds_per_second);
  builder.AddChannelArgument(
      GRPC_ARG_KEEPALIVE_TIMEOUT_MS,
      keepalive_timeout_seconds * milliseconds_per_second);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder.AddChannelArgument(
      GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS,
      client_ping_seconds_min * milliseconds_per_second);
  // Otherwise a second server would share the port, and each would get some of
  // the calls.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
}

}  // namespace

Server::Server(const ServerOptions& options, storage::DataDirectory& directory,
               const Clock& clock)
    : ledgers_(directory, clock, options.ledger_options),
      publishers_(ledgers_, directory, clock,
                  {options.keys, options.ledger_options.writer.read_only}),
      ledger_service_(ledgers_, publishers_, clock),
      report_service_(ledgers_, clock),
      audit_service_(ledgers_, publishers_, options.rights),
      admin_service_(ledgers_, publishers_) {}

Server::~Server() {
  if (server_ != nullptr) Shutdown(absl::ZeroDuration());
}

absl::StatusOr<std::unique_ptr<Server>> Server::Start(
    const ServerOptions& options, storage::DataDirectory& directory,
    const Clock& clock) {
  PrepareGrpc();
  std::unique_ptr<Server> server(new Server(options, directory, clock));
  ASSIGN_OR_RETURN(
      server->http_,
      HttpFront::Start(options.http, server->ledgers_, server->publishers_));
  RETURN_IF_ERROR(server->Listen(options.listen));
  return server;
}

absl::Status Server::Listen(const std::string& listen) {
  ASSIGN_OR_RETURN(ListenAddress address, ParseListenAddress(listen));
  grpc::ServerBuilder builder;
  SetLimits(builder);
  int port = 0;
  builder.AddListeningPort(address.ToString(),
                           grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(&ledger_service_);
  builder.RegisterService(&report_service_);
  builder.RegisterService(&audit_service_);
  builder.RegisterService(&admin_service_);
  server_ = builder.BuildAndStart();
  if (server_ == nullptr || port == 0) {
    server_ = nullptr;
    return ExplainListenFailure(address, "--listen");
  }
  address.port = static_cast<uint16_t>(port);
  address_ = address.ToString();
  grpc::HealthCheckServiceInterface& health = *server_->GetHealthCheckService();
  for (const char* service : {v1::LedgerService::service_full_name(),
                              v1::ReportService::service_full_name(),
                              v1::AuditService::service_full_name(),
                              v1::AdminService::service_full_name()}) {
    health.SetServingStatus(service, true);
  }
  return absl::OkStatus();
}

void Server::Shutdown(absl::Duration grace) {
  DAYBOOK_CHECK(server_ != nullptr);
  const absl::Time deadline = absl::Now() + grace;
  server_->GetHealthCheckService()->Shutdown();
  report_service_.StopWatching();
  ledger_service_.StopStreaming();
  server_->Shutdown(absl::ToChronoTime(deadline));
  server_->Wait();
  server_ = nullptr;
  http_->Shutdown(deadline - absl::Now());
}

}  // namespace daybook::services
