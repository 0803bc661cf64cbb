// Reads entries again for the rows that they have in ordinary buckets.
//
// Neither facts nor rules are needed for that: a row follows from the entry and
// what it reverses, and the number of its bucket is a fact that stays. Whether
// an entry came late can not be told so; rows of the late bucket never wait.
//
// Thread safety: a pure function over a log that does not grow meanwhile.

#ifndef DAYBOOK_SERVICES_ENGINE_LINEAGE_REPLAY_H_
#define DAYBOOK_SERVICES_ENGINE_LINEAGE_REPLAY_H_

#include <optional>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/base/strong_int.h"
#include "daybook/v1/entry.pb.h"
#include "services/engine/placed_posting.h"
#include "storage/event_log.h"

namespace daybook::services {

// Calls `visit` for each entry from size `from` on that has such rows, with
// these alone, until it answers a status that is not OK. `target_of` answers
// the entry that an entry reverses.
//
// Errors: those of both; DATA_LOSS when an entry or a fact is damaged or
// missing.
absl::Status ReplayLineage(
    const storage::EventLog& log, LogSize from,
    absl::FunctionRef<
        absl::StatusOr<std::optional<v1::Entry>>(const v1::Entry&)>
        target_of,
    absl::FunctionRef<absl::Status(const PlacedPosting&)> visit);

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_ENGINE_LINEAGE_REPLAY_H_
