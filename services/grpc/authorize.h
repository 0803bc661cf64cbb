// Who is calling, and whether they may: the first line of every call.
//
// There is no authentication yet. Whoever reaches the server is the principal
// `local` and may do everything but read personal data, which the operator
// grants or withholds for all; that is why the server listens on the loopback
// address unless it is told otherwise.
//
// Thread safety: pure function.

#ifndef DAYBOOK_SERVICES_GRPC_AUTHORIZE_H_
#define DAYBOOK_SERVICES_GRPC_AUTHORIZE_H_

#include <grpcpp/grpcpp.h>

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace daybook::services {

// An authenticated caller.
struct Principal {
  std::string name;
};

// What callers may do besides.
struct Rights {
  // Have payees, summaries and preparers answered, or search in them.
  bool read_personal_data = false;
};

// The caller of the call that `context` belongs to.
//
// Errors: none yet; UNAUTHENTICATED and PERMISSION_DENIED are to come.
absl::StatusOr<Principal> Authorize(const grpc::ServerContextBase& context);

// Whether the caller may read personal data. `field` is what asks for it.
//
// Errors: PERMISSION_DENIED, saying who can change that.
absl::Status AuthorizePersonalData(const Principal& caller,
                                   const Rights& rights,
                                   absl::string_view field);

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_GRPC_AUTHORIZE_H_
