// The ack of a batch: what the stream's writer is told became of it.
//
// Thread safety: pure functions.

#ifndef DAYBOOK_SERVICES_LEDGER_BATCH_ACK_H_
#define DAYBOOK_SERVICES_LEDGER_BATCH_ACK_H_

#include <cstddef>
#include <cstdint>

#include "daybook/v1/ledger_service.pb.h"
#include "services/engine/append_command.h"

namespace daybook::services {

// Of a batch of `events`.
v1::BatchAck AckOf(uint64_t correlation_id, size_t events,
                   AppendOutcome outcome);

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_LEDGER_BATCH_ACK_H_
