// How the client library connects, and what it makes of gRPC's errors.
//
// Thread safety: pure functions.

#ifndef DAYBOOK_CLIENTS_CPP_CHANNEL_H_
#define DAYBOOK_CLIENTS_CPP_CHANNEL_H_

#include <grpcpp/channel.h>
#include <grpcpp/support/status.h>

#include <memory>
#include <string>

#include "absl/status/status.h"

namespace daybook::client {

// Connects at the first call. Channels to one address share a connection.
std::shared_ptr<grpc::Channel> ConnectTo(const std::string& address);

// The same code, with the details that Refusals reads. Where gRPC itself failed
// it says so in words of ours, with the address and what to do. A call that the
// server cancelled is UNAVAILABLE; who cancels one himself knows that without
// asking.
absl::Status ToStatus(const grpc::Status& status, const std::string& address);

}  // namespace daybook::client

#endif  // DAYBOOK_CLIENTS_CPP_CHANNEL_H_
