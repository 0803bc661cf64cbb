// HttpServer: answers HTTP/1.1 requests from functions, on one address.
//
// For what is small and asked for often: files of a log, a witness's replies.
// Everything has a limit: connections, header and body sizes, idle time, and
// the bytes of answers that slow readers have not taken yet. A connection is
// kept for further requests. There is no transport security; whoever needs it
// puts a proxy in front.
//
// Thread safety: Shutdown may be called from any thread, once. The handler is
// called from several threads at a time.
//
// Protocol: RFC 9112, by GNU libmicrohttpd.

#ifndef DAYBOOK_SERVICES_HTTP_HTTP_SERVER_H_
#define DAYBOOK_SERVICES_HTTP_HTTP_SERVER_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/http/listen_address.h"

namespace daybook::services {

struct HttpRequest {
  // "GET", "HEAD", "POST".
  std::string method;

  // "/ledgers/430203/checkpoint", without what follows a question mark.
  std::string path;

  std::string body;
};

struct HttpResponse {
  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  // How long others may keep it; an error is never kept.
  std::string cache_control = "no-store";
  // Which methods there are; of 405 alone.
  std::string allow = "";
  // Not sent in answer to HEAD.
  std::string body;
};

struct HttpServerOptions {
  // Port 0 picks a free one.
  ListenAddress address;

  // The longest body of a request; a longer one is answered 413.
  size_t body_bytes_max = 0;

  // Connections at a time; another one waits until one ends.
  unsigned connections_max = 256;

  // A connection that is silent for so long is ended.
  absl::Duration idle_max = absl::Seconds(30);
};

class HttpServer {
 public:
  using Handler = std::function<HttpResponse(const HttpRequest&)>;

  // Threads that answer.
  static constexpr unsigned threads = 4;

  // What a connection's request line and headers may take.
  static constexpr size_t header_bytes_max = size_t{32} << 10;

  // Answers that are made and not yet taken. While there are more, requests are
  // answered 503.
  static constexpr size_t waiting_bytes_max = size_t{64} << 20;

  // Begins to answer.
  //
  // Errors: UNAVAILABLE when the address can not be listened on; the caller
  // knows by which flag it was given (ExplainListenFailure).
  static absl::StatusOr<std::unique_ptr<HttpServer>> Start(
      const HttpServerOptions& options, Handler handler);

  // Ends all connections at once, unless Shutdown was called before.
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  // "127.0.0.1:7480", with the port that was picked.
  const std::string& address() const;

  // Takes no further connections and requests, and waits until those that were
  // taken are answered, at most `grace`.
  void Shutdown(absl::Duration grace);

 private:
  struct Impl;  // Keeps libmicrohttpd out of every file that includes this.

  explicit HttpServer(std::unique_ptr<Impl> impl);

  const std::unique_ptr<Impl> impl_;
};

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_HTTP_HTTP_SERVER_H_
