// Who is calling, and whether they may: the first line of every call.
//
// There is no authentication yet. Whoever reaches the server is the principal
// `local` and may do everything, which is why the server listens on the
// loopback address unless it is told otherwise.
//
// Thread safety: pure function.

#ifndef DAYBOOK_SERVICES_GRPC_AUTHORIZE_H_
#define DAYBOOK_SERVICES_GRPC_AUTHORIZE_H_

#include <grpcpp/grpcpp.h>

#include <string>

#include "absl/status/statusor.h"

namespace daybook::services {

// An authenticated caller.
struct Principal {
  std::string name;
};

// The caller of the call that `context` belongs to.
//
// Errors: none yet; UNAUTHENTICATED and PERMISSION_DENIED are to come.
absl::StatusOr<Principal> Authorize(const grpc::ServerContextBase& context);

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_GRPC_AUTHORIZE_H_
