#include "services/http/http_server.h"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cstring>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "core/base/check.h"

namespace daybook::services {
namespace {

constexpr int backlog = 128;

// One request, from its headers to the last byte of its answer.
struct Exchange {
  HttpRequest request;
  bool too_long = false;
  size_t answer_bytes = 0;
};

HttpResponse Brief(int status, std::string text) {
  HttpResponse response;
  response.status = status;
  response.body = std::move(text);
  return response;
}

// A socket that listens; -1 when the address can not be listened on.
int Listen(const ListenAddress& address) {
  addrinfo hints = {};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE;
  addrinfo* found = nullptr;
  if (getaddrinfo(address.host.c_str(), absl::StrCat(address.port).c_str(),
                  &hints, &found) != 0) {
    return -1;
  }
  int number = socket(found->ai_family, found->ai_socktype | SOCK_CLOEXEC,
                      found->ai_protocol);
  const int on = 1;
  if (number >= 0 &&
      (setsockopt(number, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) != 0 ||
       bind(number, found->ai_addr, found->ai_addrlen) != 0 ||
       listen(number, backlog) != 0)) {
    close(number);
    number = -1;
  }
  freeaddrinfo(found);
  return number;
}

uint16_t PortOf(int number) {
  sockaddr_storage bound = {};
  socklen_t size = sizeof(bound);
  DAYBOOK_CHECK(
      getsockname(number, reinterpret_cast<sockaddr*>(&bound), &size) == 0);
  if (bound.ss_family == AF_INET6) {
    return ntohs(reinterpret_cast<const sockaddr_in6*>(&bound)->sin6_port);
  }
  return ntohs(reinterpret_cast<const sockaddr_in*>(&bound)->sin_port);
}

void AddHeader(MHD_Response* response, const char* name,
               const std::string& value) {
  if (value.empty()) return;
  DAYBOOK_CHECK(MHD_add_response_header(response, name, value.c_str()) ==
                MHD_YES);
}

// What libmicrohttpd has to say is of clients that misbehave.
void Ignore(void*, const char*, va_list) {}

}  // namespace

struct HttpServer::Impl {
  // Called with the headers, then with each part of the body, then to answer.
  static MHD_Result OnRequest(void* self, MHD_Connection* connection,
                              const char* url, const char* method,
                              const char* version, const char* data,
                              size_t* data_size, void** exchange);
  static void OnEnd(void* self, MHD_Connection* connection, void** exchange,
                    MHD_RequestTerminationCode code);

  MHD_Result Answer(MHD_Connection* connection, Exchange& exchange)
      ABSL_LOCKS_EXCLUDED(mutex);
  HttpResponse ResponseTo(const Exchange& exchange) ABSL_LOCKS_EXCLUDED(mutex);
  void Begin() ABSL_LOCKS_EXCLUDED(mutex) {
    absl::MutexLock lock(&mutex);
    ++open;
  }

  // Constant once it is started.
  HttpServerOptions options;
  Handler handler;
  std::string address;
  int socket = -1;
  MHD_Daemon* daemon = nullptr;

  std::atomic<bool> stopping{false};
  std::atomic<size_t> waiting_bytes{0};

  absl::Mutex mutex;
  // Requests that are being answered.
  size_t open ABSL_GUARDED_BY(mutex) = 0;
};

MHD_Result HttpServer::Impl::OnRequest(void* self, MHD_Connection* connection,
                                       const char* url, const char* method,
                                       const char* /*version*/,
                                       const char* data, size_t* data_size,
                                       void** exchange) {
  Impl& impl = *static_cast<Impl*>(self);
  if (*exchange == nullptr) {
    *exchange = new Exchange{{method, url, ""}};
    impl.Begin();
    return MHD_YES;
  }
  Exchange& asked = *static_cast<Exchange*>(*exchange);
  if (*data_size == 0) return impl.Answer(connection, asked);
  // What is too long is read to its end, so that the answer is read.
  asked.too_long |=
      asked.request.body.size() + *data_size > impl.options.body_bytes_max;
  if (!asked.too_long) asked.request.body.append(data, *data_size);
  *data_size = 0;
  return MHD_YES;
}

void HttpServer::Impl::OnEnd(void* self, MHD_Connection* /*connection*/,
                             void** exchange,
                             MHD_RequestTerminationCode /*code*/) {
  if (*exchange == nullptr) return;
  Impl& impl = *static_cast<Impl*>(self);
  const auto* const ended = static_cast<Exchange*>(*exchange);
  impl.waiting_bytes -= ended->answer_bytes;
  delete ended;
  *exchange = nullptr;
  absl::MutexLock lock(&impl.mutex);
  --impl.open;
}

HttpResponse HttpServer::Impl::ResponseTo(const Exchange& exchange) {
  if (stopping) return Brief(503, "the server is stopping; ask again later\n");
  if (exchange.too_long) {
    return Brief(413, absl::StrCat("a request has at most ",
                                   options.body_bytes_max, " bytes\n"));
  }
  if (waiting_bytes >= waiting_bytes_max) {
    return Brief(503, "too much is being sent; ask again later\n");
  }
  return handler(exchange.request);
}

MHD_Result HttpServer::Impl::Answer(MHD_Connection* connection,
                                    Exchange& exchange) {
  HttpResponse made = ResponseTo(exchange);
  exchange.answer_bytes = made.body.size();
  waiting_bytes += exchange.answer_bytes;
  auto* const body = new std::string(std::move(made.body));
  MHD_Response* const response =
      MHD_create_response_from_buffer_with_free_callback_cls(
          body->size(), body->data(),
          [](void* sent) { delete static_cast<std::string*>(sent); }, body);
  DAYBOOK_CHECK(response != nullptr);
  AddHeader(response, MHD_HTTP_HEADER_CONTENT_TYPE, made.content_type);
  AddHeader(response, MHD_HTTP_HEADER_CACHE_CONTROL, made.cache_control);
  AddHeader(response, MHD_HTTP_HEADER_ALLOW, made.allow);
  if (made.status == MHD_HTTP_SERVICE_UNAVAILABLE) {
    AddHeader(response, MHD_HTTP_HEADER_RETRY_AFTER, "1");
  }
  if (stopping) AddHeader(response, MHD_HTTP_HEADER_CONNECTION, "close");
  const MHD_Result queued = MHD_queue_response(
      connection, static_cast<unsigned>(made.status), response);
  MHD_destroy_response(response);
  return queued;
}

HttpServer::HttpServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

HttpServer::~HttpServer() {
  if (impl_->daemon != nullptr) Shutdown(absl::ZeroDuration());
}

absl::StatusOr<std::unique_ptr<HttpServer>> HttpServer::Start(
    const HttpServerOptions& options, Handler handler) {
  auto impl = std::make_unique<Impl>();
  impl->options = options;
  impl->handler = std::move(handler);
  impl->socket = Listen(options.address);
  if (impl->socket >= 0) {
    ListenAddress bound = options.address;
    bound.port = PortOf(impl->socket);
    impl->address = bound.ToString();
    impl->daemon = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ITC | MHD_USE_ERROR_LOG, 0,
        nullptr, nullptr, &Impl::OnRequest, impl.get(),
        MHD_OPTION_EXTERNAL_LOGGER, &Ignore, nullptr, MHD_OPTION_LISTEN_SOCKET,
        impl->socket, MHD_OPTION_THREAD_POOL_SIZE, threads,
        MHD_OPTION_CONNECTION_LIMIT, options.connections_max,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, header_bytes_max,
        MHD_OPTION_CONNECTION_TIMEOUT,
        static_cast<unsigned>(absl::ToInt64Seconds(options.idle_max)),
        MHD_OPTION_NOTIFY_COMPLETED, &Impl::OnEnd, impl.get(), MHD_OPTION_END);
  }
  if (impl->daemon == nullptr) {
    if (impl->socket >= 0) close(impl->socket);
    return absl::UnavailableError(
        absl::StrCat("can not listen on ", options.address.ToString()));
  }
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(impl)));
}

const std::string& HttpServer::address() const { return impl_->address; }

void HttpServer::Shutdown(absl::Duration grace) {
  DAYBOOK_CHECK(impl_->daemon != nullptr);
  impl_->stopping = true;
  const int socket = MHD_quiesce_daemon(impl_->daemon);
  {
    absl::MutexLock lock(&impl_->mutex);
    const auto none_open = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(
                               impl_->mutex) { return impl_->open == 0; };
    impl_->mutex.AwaitWithTimeout(absl::Condition(&none_open), grace);
  }
  MHD_stop_daemon(impl_->daemon);
  impl_->daemon = nullptr;
  // Not before its threads are gone.
  if (socket != MHD_INVALID_SOCKET) close(socket);
}

}  // namespace daybook::services
