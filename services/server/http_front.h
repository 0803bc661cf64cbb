// HttpFront: what a server does over HTTP. It gives its ledgers out as files,
// and has witnesses cosign their checkpoints.
//
// Thread safety: thread-compatible; Shutdown may be called from any thread,
// once.

#ifndef DAYBOOK_SERVICES_SERVER_HTTP_FRONT_H_
#define DAYBOOK_SERVICES_SERVER_HTTP_FRONT_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "core/checkpoint/policy.h"
#include "services/cosigning/cosigning.h"
#include "services/engine/ledger_registry.h"
#include "services/gateway/gateway.h"
#include "services/http/http_server.h"
#include "services/publisher/publisher.h"

namespace daybook::services {

class HttpFront {
 public:
  struct Options {
    // HOST:PORT; port 0 picks a free one. Empty: no files are given out.
    std::string listen;

    // Whose witnesses are asked; null: nobody's.
    const checkpoint::Policy* policy = nullptr;
  };

  // Begins. `ledgers` and `publishers` must outlive it.
  //
  // Errors (each message names the address and the remedy):
  //   INVALID_ARGUMENT  `listen` is not HOST:PORT.
  //   UNAVAILABLE       the address can not be listened on; it may be in use.
  static absl::StatusOr<std::unique_ptr<HttpFront>> Start(
      const Options& options, LedgerRegistry& ledgers, Publishers& publishers);

  HttpFront(const HttpFront&) = delete;
  HttpFront& operator=(const HttpFront&) = delete;

  // "127.0.0.1:7480", with the port that was picked; empty when there is none.
  std::string address() const {
    return server_ == nullptr ? "" : server_->address();
  }

  // Asks witnesses no more, and answers what was asked here, within `grace`.
  void Shutdown(absl::Duration grace);

 private:
  HttpFront(LedgerRegistry& ledgers, Publishers& publishers)
      : gateway_(ledgers, publishers) {}

  Gateway gateway_;
  std::unique_ptr<Cosigning> cosigning_;
  // The last, as it uses the gateway.
  std::unique_ptr<HttpServer> server_;
};

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_SERVER_HTTP_FRONT_H_
