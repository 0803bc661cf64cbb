// Why an append was refused, event by event.
//
// Thread safety: pure functions.

#ifndef DAYBOOK_CLIENTS_CPP_REFUSALS_H_
#define DAYBOOK_CLIENTS_CPP_REFUSALS_H_

#include <string>

#include "absl/status/status.h"
#include "daybook/v1/errors.pb.h"

namespace daybook::client {

// The details of a status that Client answered; empty when it has none.
v1::AppendRefused Refusals(const absl::Status& status);

// Puts the bytes of `grpc-status-details-bin` into `status`, for Refusals.
void AttachDetails(const std::string& error_details, absl::Status& status);

// "INVALID_ARGUMENT" and so on; "code 99" for what is no canonical code.
std::string CodeName(int code);

}  // namespace daybook::client

#endif  // DAYBOOK_CLIENTS_CPP_REFUSALS_H_
