// PreparedBatch: a command made ready for the writer, as far as that is
// possible without knowing what is recorded.
//
// Checking, copying, drawing salts and hashing are done by the caller's thread,
// so that the writer, of which there is one, has only the rest to do.
//
// Thread safety: thread-compatible; Prepare is a pure function but for the
// salts.

#ifndef DAYBOOK_SERVICES_ENGINE_PREPARED_BATCH_H_
#define DAYBOOK_SERVICES_ENGINE_PREPARED_BATCH_H_

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/admission/admission.h"
#include "core/base/strong_int.h"
#include "daybook/v1/entry.pb.h"
#include "daybook/v1/errors.pb.h"
#include "daybook/v1/event.pb.h"
#include "services/engine/append_command.h"

namespace daybook::services {

struct PreparedEvent {
  // As offered. Once it is accepted, its event is in the entry.
  v1::EventInput input;

  // What is malformed; when there is something, nothing below is set.
  std::vector<v1::Problem> problems;

  std::string identity_key;
  Needed needed;

  // All but event, position and recorded time.
  v1::Entry entry;

  // Salt and personal data as they will be kept; empty without any.
  std::string personal_record;
};

struct PreparedBatch {
  // All but its inputs.
  AppendCommand command;
  std::vector<PreparedEvent> events;

  // Why nothing of it is decided, while `events` are empty; OK otherwise. Such
  // a batch goes to the writer to be kept as a refusal.
  absl::Status refused;
  // Events that it held.
  size_t offered = 0;

  // What it counts for in queues.
  size_t bytes = 0;
};

// `ledger` is "ledgers/430203".
//
// Errors:
//   INVALID_ARGUMENT    the source is malformed.
//   UNAVAILABLE         no random bytes for a salt.
// And of a command that only validates, what is `refused` of another:
//   INVALID_ARGUMENT    the cursor is malformed; no events, or too many.
//   RESOURCE_EXHAUSTED  too many bytes; send less at once.
absl::StatusOr<PreparedBatch> Prepare(AppendCommand command,
                                      absl::string_view ledger);

// What the inputs count for in queues: their bytes, serialised.
size_t BytesOf(const AppendCommand& command);

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_ENGINE_PREPARED_BATCH_H_
