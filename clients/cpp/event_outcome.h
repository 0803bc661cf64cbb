// EventOutcome: what became of one event that was given to a StreamWriter.
//
// Thread safety: a value type.

#ifndef DAYBOOK_CLIENTS_CPP_EVENT_OUTCOME_H_
#define DAYBOOK_CLIENTS_CPP_EVENT_OUTCOME_H_

#include <cstdint>
#include <functional>

#include "absl/status/status.h"
#include "daybook/v1/errors.pb.h"
#include "daybook/v1/evidence.pb.h"

namespace daybook::client {

struct EventOutcome {
  enum class Kind {
    // Recorded, durably.
    kCreated,
    // Was recorded before, with the same content: by an earlier run, or by this
    // one when the answer was lost.
    kReplayed,
    // `refusal` says why.
    kRefused,
    // Nothing of its batch was: another event of an atomic batch was refused,
    // or
    // `status` says why.
    kNotRecorded,
    // The writer ended before the answer: recorded or not. `status` says why.
    kUnknown,
  };

  Kind kind = Kind::kUnknown;

  // Which one: events are numbered in the order of Add, from 0.
  uint64_t number = 0;

  // Its place in the ledger; of kCreated and kReplayed.
  uint64_t position = 0;

  // Of kReplayed: a later entry cancels it.
  bool reversed = false;

  // Of kRefused; valid during the call.
  const v1::Refusal* refusal = nullptr;

  // Of kCreated and kReplayed, where the writer asks for it: the proof that it
  // is in the ledger that the checkpoint states. Null when none could be
  // signed, and `status` says why. Valid during the call.
  const v1::InclusionProof* proof = nullptr;
  const v1::Checkpoint* checkpoint = nullptr;

  absl::Status status;
};

using OutcomeCallback = std::function<void(const EventOutcome&)>;

}  // namespace daybook::client

#endif  // DAYBOOK_CLIENTS_CPP_EVENT_OUTCOME_H_
