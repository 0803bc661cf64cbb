// The ack of a batch: what the stream's writer is told became of it.
//
// Thread safety: pure functions.

#ifndef DAYBOOK_SERVICES_LEDGER_BATCH_ACK_H_
#define DAYBOOK_SERVICES_LEDGER_BATCH_ACK_H_

#include <cstddef>
#include <cstdint>

#include "absl/status/statusor.h"
#include "daybook/v1/evidence.pb.h"
#include "daybook/v1/ledger_service.pb.h"
#include "services/engine/append_command.h"

namespace daybook::services {

// Of a batch of `events`.
v1::BatchAck AckOf(uint64_t correlation_id, size_t events,
                   AppendOutcome outcome);

// Has the ack say what came of publishing what it tells of.
void AddPublication(absl::StatusOr<v1::PublicationProof> published,
                    v1::BatchAck& ack);

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_LEDGER_BATCH_ACK_H_
