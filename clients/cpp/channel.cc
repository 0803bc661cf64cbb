#include "clients/cpp/channel.h"

#include <grpcpp/grpcpp.h>

#include <cstddef>

#include "absl/strings/str_cat.h"
#include "clients/cpp/refusals.h"

namespace daybook::client {
namespace {

// A report with much text, or a page of reports; the server's own messages are
// smaller.
constexpr int receive_bytes_max = 64 << 20;
// A watch and a stream have no deadline: this finds out that the server's
// machine is gone. A server takes more frequent pings for an attack.
constexpr int keepalive_ms = 6 * 60 * 1000;
// gRPC's own wait between connections grows to two minutes; what tries again
// would meet the old failure.
constexpr int reconnect_ms_max = 1000;

// gRPC's own words for a connection that never was, and for one that ended
// during a call. A server that answers UNAVAILABLE itself says neither.
constexpr const char* never_connected[] = {"failed to connect",
                                           "DNS resolution failed"};
constexpr const char* broke_off[] = {"Socket closed", "Connection reset",
                                     "Broken pipe"};

template <size_t kCount>
bool SaysOneOf(const std::string& message, const char* const (&words)[kCount]) {
  for (const char* word : words) {
    if (message.find(word) != std::string::npos) return true;
  }
  return false;
}

}  // namespace

std::shared_ptr<grpc::Channel> ConnectTo(const std::string& address) {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(receive_bytes_max);
  // A proxy of the environment is for the web; it can not reach loopback.
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, keepalive_ms);
  arguments.SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, reconnect_ms_max);
  return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(),
                                   arguments);
}

absl::Status ToStatus(const grpc::Status& status, const std::string& address) {
  if (status.ok()) return absl::OkStatus();
  const bool unavailable = status.error_code() == grpc::StatusCode::UNAVAILABLE;
  if (unavailable && SaysOneOf(status.error_message(), never_connected)) {
    return absl::UnavailableError(absl::StrCat(
        "no Daybook server answers at ", address,
        "; start one with daybookd --data_dir=DIR, or name another "
        "with --server=HOST:PORT"));
  }
  if (unavailable && SaysOneOf(status.error_message(), broke_off)) {
    return absl::UnavailableError(
        absl::StrCat("the connection to ", address,
                     " broke before the answer came; whether the call took "
                     "effect is unknown"));
  }
  if (status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED) {
    return absl::DeadlineExceededError(absl::StrCat(
        address,
        " did not answer in time; whether the call took effect is unknown"));
  }
  // So gRPC ends a call that comes in while the server shuts down.
  if (status.error_code() == grpc::StatusCode::CANCELLED) {
    return absl::UnavailableError(
        absl::StrCat(address,
                     " let the call go, as a server does that shuts down; "
                     "whether the call took effect is unknown"));
  }
  absl::Status result(static_cast<absl::StatusCode>(status.error_code()),
                      status.error_message());
  AttachDetails(status.error_details(), result);
  return result;
}

}  // namespace daybook::client
