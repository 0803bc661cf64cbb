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
#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/admission/admission.h"
#include "core/base/strong_int.h"
#include "daybook/v1/entry.pb.h"
#include "daybook/v1/errors.pb.h"
#include "daybook/v1/event.pb.h"
#include "services/engine/append_command.h"
#include "services/engine/fact_table.h"
#include "services/engine/identity_hash.h"

namespace daybook::services {

struct PreparedEvent {
  // As offered; the arena's. Once it is accepted, its event is in the entry.
  v1::EventInput* input = nullptr;

  // What is malformed; when there is something, nothing below is set.
  std::vector<v1::Problem> problems;

  // Of its identity, and of those that it names.
  uint64_t identity = 0;
  uint64_t target = 0;
  uint64_t replaced = 0;
  Needed needed;

  // All but event, position and recorded time; the arena's.
  v1::Entry* entry = nullptr;

  // The event as it will be stored.
  std::string event_bytes;

  // Salt and personal data as they will be kept; empty without any.
  std::string personal_record;

  // Of the facts that `needed` visits, the subject's first; the decider's.
  absl::InlinedVector<FactTable::Slot*, 6> slots;

  // The event, wherever it is.
  const v1::Event& event() const {
    return entry != nullptr && entry->has_event() ? entry->event()
                                                  : input->event();
  }
};

struct PreparedBatch {
  AppendCommand command;
  // Of the command's inputs, in their arena.
  std::vector<PreparedEvent> events;

  // Why nothing of it is decided, while `events` are empty; OK otherwise. Such
  // a batch goes to the writer to be kept as a refusal.
  absl::Status refused;
  // Events that it held.
  size_t offered = 0;

  // What it counts for in queues.
  size_t bytes = 0;
};

// `ledger` is "ledgers/430203", whose identities have hashes by `hash`.
//
// Errors:
//   INVALID_ARGUMENT    the source is malformed.
//   PERMISSION_DENIED   it is the server's.
//   UNAVAILABLE         no random bytes for a salt.
// And of a command that only validates, what is `refused` of another:
//   INVALID_ARGUMENT    the cursor is malformed; no events, or too many.
//   RESOURCE_EXHAUSTED  too many bytes; send less at once.
absl::StatusOr<PreparedBatch> Prepare(AppendCommand command,
                                      absl::string_view ledger,
                                      const IdentityHash& hash);

// What the inputs count for in queues: their bytes, serialised.
size_t BytesOf(const AppendCommand& command);

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_ENGINE_PREPARED_BATCH_H_
