// Tells the callbacks of a batch what became of its events, one by one.
//
// Thread safety: pure functions.

#ifndef DAYBOOK_CLIENTS_CPP_OUTCOME_TELLER_H_
#define DAYBOOK_CLIENTS_CPP_OUTCOME_TELLER_H_

#include "absl/status/status.h"
#include "clients/cpp/event_outcome.h"
#include "clients/cpp/stream_queue.h"
#include "daybook/v1/ledger_service.pb.h"

namespace daybook::client {

// What an ack without error says. `other` is told about events without a
// callback of their own; it may be null.
void TellAck(const StreamBatch& batch, const v1::BatchAck& ack,
             const OutcomeCallback& other);

// The same for all: `kind` because of `status`.
void TellAll(const StreamBatch& batch, EventOutcome::Kind kind,
             const absl::Status& status, const OutcomeCallback& other);

// The code and number of an ack's refusals; OK when it has none.
absl::Status RefusalStatus(const v1::BatchAck& ack);

// What to do when its refusals keep the source's cursor from moving.
absl::Status StuckStatus(const v1::BatchAck& ack);

}  // namespace daybook::client

#endif  // DAYBOOK_CLIENTS_CPP_OUTCOME_TELLER_H_
