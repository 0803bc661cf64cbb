#include "services/server/http_front.h"

#include "core/base/status_macros.h"
#include "services/http/listen_address.h"

namespace daybook::services {

absl::StatusOr<std::unique_ptr<HttpFront>> HttpFront::Start(
    const Options& options, LedgerRegistry& ledgers, Publishers& publishers) {
  std::unique_ptr<HttpFront> front(new HttpFront(ledgers, publishers));
  if (!options.listen.empty()) {
    HttpServerOptions listening;
    ASSIGN_OR_RETURN(listening.address, ParseListenAddress(options.listen));
    auto server = HttpServer::Start(
        listening, [gateway = &front->gateway_](const HttpRequest& request) {
          return gateway->Answer(request);
        });
    if (!server.ok()) {
      return ExplainListenFailure(listening.address, "--http_listen");
    }
    front->server_ = *std::move(server);
  }
  if (options.policy != nullptr) {
    front->cosigning_ = std::make_unique<Cosigning>(
        ledgers, publishers, *options.policy, Cosigning::Options());
  }
  return front;
}

void HttpFront::Shutdown(absl::Duration grace) {
  cosigning_ = nullptr;
  if (server_ != nullptr) server_->Shutdown(grace);
}

}  // namespace daybook::services
