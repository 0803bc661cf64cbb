#include "services/http/http_client.h"

#include <curl/curl.h>

#include <atomic>

#include "absl/strings/str_cat.h"
#include "core/base/check.h"

namespace daybook::services {
namespace {

// What a reply grows in, and whether it grew too long.
struct Received {
  std::string body;
  size_t bytes_max = 0;
  bool too_long = false;
};

size_t Receive(char* data, size_t one, size_t count, void* user) {
  auto& received = *static_cast<Received*>(user);
  if (received.body.size() + count > received.bytes_max) {
    received.too_long = true;
    return 0;
  }
  received.body.append(data, one * count);
  return one * count;
}

int CheckCancelled(void* cancelled, curl_off_t, curl_off_t, curl_off_t,
                   curl_off_t) {
  return static_cast<std::atomic<bool>*>(cancelled)->load() ? 1 : 0;
}

absl::Status ErrorOf(CURLcode code, const std::string& url,
                     const Received& received) {
  const std::string what = absl::StrCat(url, ": ", curl_easy_strerror(code));
  if (received.too_long) {
    return absl::ResourceExhaustedError(absl::StrCat(
        url, ": the reply has more than ", received.bytes_max, " bytes"));
  }
  switch (code) {
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
      return absl::InvalidArgumentError(what);
    case CURLE_OPERATION_TIMEDOUT:
      return absl::DeadlineExceededError(what);
    case CURLE_ABORTED_BY_CALLBACK:
      return absl::CancelledError(what);
    default:
      return absl::UnavailableError(what);
  }
}

// Process-wide, and to be done before any other use.
void PrepareCurl() {
  static const bool prepared = curl_global_init(CURL_GLOBAL_DEFAULT) == 0;
  DAYBOOK_CHECK(prepared);
}

}  // namespace

struct HttpClient::Impl {
  absl::StatusOr<HttpReply> Perform(const std::string& url);

  const Limits limits;
  std::atomic<bool> cancelled{false};
  CURL* curl = nullptr;
};

HttpClient::HttpClient(Limits limits) : impl_(new Impl{limits}) {
  PrepareCurl();
  impl_->curl = curl_easy_init();
  DAYBOOK_CHECK(impl_->curl != nullptr);
}

HttpClient::~HttpClient() { curl_easy_cleanup(impl_->curl); }

void HttpClient::Cancel() { impl_->cancelled = true; }

absl::StatusOr<HttpReply> HttpClient::Impl::Perform(const std::string& url) {
  Received received{"", limits.reply_bytes_max};
  curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(
      curl, CURLOPT_TIMEOUT_MS,
      static_cast<long>(absl::ToInt64Milliseconds(limits.timeout)));
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, &Receive);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &received);
  curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, &CheckCancelled);
  curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &cancelled);
  if (cancelled) return absl::CancelledError("the client was cancelled");
  const CURLcode code = curl_easy_perform(curl);
  if (code != CURLE_OK) return ErrorOf(code, url, received);
  long status = 0;
  const char* type = nullptr;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  curl_easy_getinfo(curl, CURLINFO_CONTENT_TYPE, &type);
  return HttpReply{static_cast<int>(status), type == nullptr ? "" : type,
                   std::move(received.body)};
}

absl::StatusOr<HttpReply> HttpClient::Get(const std::string& url) {
  curl_easy_reset(impl_->curl);
  return impl_->Perform(url);
}

absl::StatusOr<HttpReply> HttpClient::Post(const std::string& url,
                                           absl::string_view body) {
  curl_easy_reset(impl_->curl);
  curl_slist* const headers =
      curl_slist_append(nullptr, "Content-Type: text/plain; charset=utf-8");
  curl_easy_setopt(impl_->curl, CURLOPT_HTTPHEADER, headers);
  curl_easy_setopt(impl_->curl, CURLOPT_POSTFIELDSIZE_LARGE,
                   static_cast<curl_off_t>(body.size()));
  curl_easy_setopt(impl_->curl, CURLOPT_POSTFIELDS, body.data());
  absl::StatusOr<HttpReply> reply = impl_->Perform(url);
  curl_slist_free_all(headers);
  return reply;
}

}  // namespace daybook::services
