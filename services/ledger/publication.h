// Publication: what a writer is answered at ACK_LEVEL_PUBLISHED, the proof that
// what was recorded is under a signature.
//
// Thread safety: may be called from any thread.

#ifndef DAYBOOK_SERVICES_LEDGER_PUBLICATION_H_
#define DAYBOOK_SERVICES_LEDGER_PUBLICATION_H_

#include <cstddef>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/base/strong_int.h"
#include "daybook/v1/errors.pb.h"
#include "daybook/v1/evidence.pb.h"
#include "daybook/v1/ledger_service.pb.h"
#include "services/engine/append_command.h"
#include "services/engine/ledger_engine.h"
#include "services/publisher/publisher.h"

namespace daybook::services {

// Most events of a batch at that level: each has a proof of its own.
inline constexpr size_t published_events_max = 256;

// Whether the level, of this field, asks for a publication.
//
// Errors: INVALID_ARGUMENT for a level that there is not.
absl::StatusOr<bool> AsksForPublication(v1::AckLevel level,
                                        absl::string_view field);

// Where the events of a batch stand that are recorded, in order of the inputs.
std::vector<Position> RecordedPositions(const AppendOutcome& outcome);

// The proof for entries that are durable. Waits for a signature, a few seconds
// at most.
//
// Errors: as Publisher::Await; DATA_LOSS when the tree is damaged.
absl::StatusOr<v1::PublicationProof> Publish(
    const LedgerEngine& ledger, Publisher& publisher,
    const std::vector<Position>& positions);

// As it is told to who asked for more.
v1::ErrorStatus ToErrorStatus(const absl::Status& status);

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_LEDGER_PUBLICATION_H_
