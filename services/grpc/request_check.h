// Checks of a request as a message, before its meaning is looked at.
//
// Thread safety: pure functions.

#ifndef DAYBOOK_SERVICES_GRPC_REQUEST_CHECK_H_
#define DAYBOOK_SERVICES_GRPC_REQUEST_CHECK_H_

#include <google/protobuf/message.h>

#include "absl/status/status.h"

namespace daybook::services {

// How far CheckKnownFields looks.
enum class Depth {
  // The message alone: those inside it are checked elsewhere.
  kEnvelope,
  // The message and all messages in it.
  kEverything,
};

// A field that this server does not know may change what is asked, so it is
// refused rather than ignored.
//
// Errors: INVALID_ARGUMENT naming message and number of an unknown field.
absl::Status CheckKnownFields(const google::protobuf::Message& request,
                              Depth depth = Depth::kEverything);

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_GRPC_REQUEST_CHECK_H_
