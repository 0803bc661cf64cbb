// Server: the services of one data directory, listening on one address.
//
// Besides the four services of daybook.v1 it serves the standard health and
// reflection services. It listens without transport security and without
// authentication.
//
// Thread safety: thread-compatible; Shutdown may be called from any thread,
// once.

#ifndef DAYBOOK_SERVICES_SERVER_SERVER_H_
#define DAYBOOK_SERVICES_SERVER_SERVER_H_

#include <grpcpp/grpcpp.h>

#include <cstddef>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "core/base/clock.h"
#include "services/admin/admin_service.h"
#include "services/audit/audit_service.h"
#include "services/engine/ledger_registry.h"
#include "services/grpc/authorize.h"
#include "services/ledger/ledger_service.h"
#include "services/publisher/key_directory.h"
#include "services/publisher/publishers.h"
#include "services/report/report_service.h"
#include "services/server/http_front.h"
#include "storage/data_directory.h"

namespace daybook::services {

struct ServerOptions {
  // HOST:PORT; port 0 picks a free one.
  std::string listen = "127.0.0.1:7400";

  // What callers may do besides reading and writing.
  Rights rights;

  // How much each ledger takes on at a time.
  LedgerEngineOptions ledger_options;

  // What checkpoints are signed with; null: none are. It must outlive the
  // server.
  KeyDirectory* keys = nullptr;

  // Files over HTTP, and whom to ask for cosignatures; neither unless given.
  HttpFront::Options http;
};

class Server {
 public:
  // Longest message received, in bytes: twice the 16 MiB that one AppendEvents
  // may hold, so that what is over that is refused in our words.
  static constexpr int message_bytes_max = 32 << 20;

  // Threads that answer calls; a call that finds none is refused with
  // RESOURCE_EXHAUSTED.
  static constexpr int threads_max = 256;

  // Memory for what is being received and sent, over all connections.
  static constexpr size_t buffer_bytes_max = size_t{256} << 20;

  // Calls at once on one connection.
  static constexpr int connection_streams_max = 128;

  // Starts serving. `directory` and `clock` must outlive the server.
  //
  // Errors (each message names the address and the remedy):
  //   INVALID_ARGUMENT  an address is not HOST:PORT.
  //   UNAVAILABLE       an address can not be listened on; it may be in use.
  static absl::StatusOr<std::unique_ptr<Server>> Start(
      const ServerOptions& options, storage::DataDirectory& directory,
      const Clock& clock);

  // Stops at once, cancelling calls, unless Shutdown was called before.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // "127.0.0.1:7400", with the port that was picked.
  const std::string& address() const { return address_; }

  // The same of the files; empty when they are not given out.
  std::string http_address() const { return http_->address(); }

  // Says NOT_SERVING, takes no further calls, and waits until those accepted
  // are answered. What is not answered within `grace` is cancelled.
  void Shutdown(absl::Duration grace);

 private:
  Server(const ServerOptions& options, storage::DataDirectory& directory,
         const Clock& clock);

  absl::Status Listen(const std::string& listen);

  LedgerRegistry ledgers_;
  LedgerPublishers publishers_;
  LedgerService ledger_service_;
  ReportService report_service_;
  AuditService audit_service_;
  AdminService admin_service_;
  std::string address_;
  std::unique_ptr<HttpFront> http_;
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_SERVER_SERVER_H_
