// The address that a server listens on.
//
// Thread safety: pure functions, but for ExplainListenFailure, which tries the
// address.

#ifndef DAYBOOK_SERVICES_HTTP_LISTEN_ADDRESS_H_
#define DAYBOOK_SERVICES_HTTP_LISTEN_ADDRESS_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace daybook::services {

struct ListenAddress {
  // Without the brackets of IPv6.
  std::string host;
  uint16_t port = 0;

  // "127.0.0.1:7400", "[::1]:7400".
  std::string ToString() const;

  // Whether only this machine can reach it.
  bool IsLoopback() const;
};

// Reads HOST:PORT.
//
// Errors: INVALID_ARGUMENT for anything else.
absl::StatusOr<ListenAddress> ParseListenAddress(absl::string_view text);

// Why the address, given with `flag` ("--listen"), could not be listened on, as
// UNAVAILABLE.
absl::Status ExplainListenFailure(const ListenAddress& address,
                                  absl::string_view flag);

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_HTTP_LISTEN_ADDRESS_H_
