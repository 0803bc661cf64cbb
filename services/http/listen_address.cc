#include "services/http/listen_address.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "core/base/utf8.h"

namespace daybook::services {
namespace {

absl::Status Malformed(absl::string_view text) {
  return absl::InvalidArgumentError(
      absl::StrCat("'", Shortened(text, 128),
                   "' is not an address to listen on; write HOST:PORT, such as "
                   "127.0.0.1:7400, and port 0 for any free one"));
}

// 0 when the address can be bound, else the error number.
int TryBind(const addrinfo& address) {
  const int socket_fd =
      socket(address.ai_family, address.ai_socktype, address.ai_protocol);
  if (socket_fd < 0) return errno;
  // As gRPC does, so that a port just left is not taken for one in use.
  const int on = 1;
  setsockopt(socket_fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  int error = 0;
  if (bind(socket_fd, address.ai_addr, address.ai_addrlen) != 0 ||
      listen(socket_fd, 1) != 0) {
    error = errno;
  }
  close(socket_fd);
  return error;
}

}  // namespace

std::string ListenAddress::ToString() const {
  const bool ipv6 = absl::StrContains(host, ':');
  return ipv6 ? absl::StrCat("[", host, "]:", port)
              : absl::StrCat(host, ":", port);
}

bool ListenAddress::IsLoopback() const {
  in_addr ipv4 = {};
  if (inet_pton(AF_INET, host.c_str(), &ipv4) == 1) {
    constexpr uint32_t loopback_net = 127;
    return ntohl(ipv4.s_addr) >> 24 == loopback_net;
  }
  return host == "localhost" || host == "::1";
}

absl::StatusOr<ListenAddress> ParseListenAddress(absl::string_view text) {
  const size_t colon = text.rfind(':');
  if (colon == absl::string_view::npos) return Malformed(text);
  absl::string_view host = text.substr(0, colon);
  const bool bracketed =
      host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) host = host.substr(1, host.size() - 2);
  uint32_t port = 0;
  if (host.empty() || (!bracketed && absl::StrContains(host, ':')) ||
      !absl::SimpleAtoi(text.substr(colon + 1), &port) || port > 65'535) {
    return Malformed(text);
  }
  return ListenAddress{std::string(host), static_cast<uint16_t>(port)};
}

absl::Status ExplainListenFailure(const ListenAddress& address,
                                  absl::string_view flag) {
  addrinfo hints = {};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE;
  addrinfo* found = nullptr;
  const int lookup = getaddrinfo(
      address.host.c_str(), absl::StrCat(address.port).c_str(), &hints, &found);
  std::string why = "it is refused for a reason unknown";
  if (lookup != 0) {
    why = gai_strerror(lookup);
  } else {
    const int error = TryBind(*found);
    if (error == EADDRINUSE) {
      why = absl::StrCat(
          "another process listens there; stop it, or choose another port "
          "with ",
          flag);
    } else if (error != 0) {
      why = std::strerror(error);
    }
    freeaddrinfo(found);
  }
  return absl::UnavailableError(
      absl::StrCat("can not listen on ", address.ToString(), ": ", why));
}

}  // namespace daybook::services
