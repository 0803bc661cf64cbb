// How a result inside becomes the status of a call: the one place that maps
// them.
//
// The codes are the same numbers. An error that tells of damage or of a bug is
// written to standard error in full and answered in brief: it may quote stored
// bytes and paths, which are nobody's business outside.
//
// Thread safety: may be called from any thread.

#ifndef DAYBOOK_SERVICES_GRPC_GRPC_STATUS_H_
#define DAYBOOK_SERVICES_GRPC_GRPC_STATUS_H_

#include <grpcpp/grpcpp.h>

#include <cstddef>

#include "absl/status/status.h"
#include "daybook/v1/errors.pb.h"

namespace daybook::services {

// Bytes that message and details of one error may take as trailers, encoded.
// Clients refuse more than 8 KiB of metadata unless told otherwise; the rest is
// for the other trailers.
inline constexpr size_t error_trailer_bytes_max = 7'680;

// Bytes of those that the message may take.
inline constexpr size_t error_message_bytes_max = 1'536;

grpc::Status ToGrpcStatus(const absl::Status& status);

// The same for auditors: what of the ledger is damaged, and where, is theirs to
// know.
grpc::Status ToAuditorStatus(const absl::Status& status);

// The status of a refused AppendEvents: the code of the first refused event,
// and a message that names its index, id, field, value, problem and remedy.
// `refused`, which must hold a refusal, travels as an AppendRefused in the
// details; what does not fit leaves from the end, first the further problems of
// an event, then refusals.
grpc::Status ToRefusedStatus(v1::AppendRefused refused);

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_GRPC_GRPC_STATUS_H_
