// HttpClient: sends a request to an http or https URL, and waits for the reply
// within limits.
//
// A connection is kept for the next request. Redirections are not followed: who
// is asked is the caller's decision. Certificates of https are checked against
// those that the system trusts.
//
// Thread safety: thread-compatible, but Cancel may be called from any thread.
//
// Protocol: by libcurl.

#ifndef DAYBOOK_SERVICES_HTTP_HTTP_CLIENT_H_
#define DAYBOOK_SERVICES_HTTP_HTTP_CLIENT_H_

#include <cstddef>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace daybook::services {

struct HttpReply {
  int status = 0;
  std::string content_type;
  std::string body;
};

class HttpClient {
 public:
  struct Limits {
    // From the first byte sent to the last received.
    absl::Duration timeout = absl::Seconds(10);
    size_t reply_bytes_max = size_t{64} << 10;
  };

  explicit HttpClient(Limits limits);
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  // The reply, whatever its status.
  //
  // Errors:
  //   INVALID_ARGUMENT    it is no http or https URL.
  //   DEADLINE_EXCEEDED   there was no whole reply in time.
  //   RESOURCE_EXHAUSTED  the reply is longer than the limit.
  //   CANCELLED           Cancel was called.
  //   UNAVAILABLE         else; nobody answers there, or not with HTTP.
  absl::StatusOr<HttpReply> Get(const std::string& url);
  absl::StatusOr<HttpReply> Post(const std::string& url,
                                 absl::string_view body);

  // Ends the request that is under way, and refuses further ones.
  void Cancel();

 private:
  struct Impl;  // Keeps libcurl out of every file that includes this.

  const std::unique_ptr<Impl> impl_;
};

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_HTTP_HTTP_CLIENT_H_
