// Batches of which nothing is even decided: why, and how that is kept.
//
// A batch that has the wrong form or size, or that does not go on where its
// source stands, is a refusal of its source as that of an event is, and lies in
// the same ring: the last are found by whoever looks after the source, also
// when the feed itself drops what it is told. What it held is not kept, but for
// how much.
//
// Thread safety: pure functions.

#ifndef DAYBOOK_SERVICES_ENGINE_REFUSED_BATCH_H_
#define DAYBOOK_SERVICES_ENGINE_REFUSED_BATCH_H_

#include <cstdint>

#include "absl/status/status.h"
#include "daybook/v1/sources.pb.h"
#include "services/engine/prepared_batch.h"

namespace daybook::services {

// Why nothing of the batch may be decided; OK when it may. `progress` is where
// its source stands.
absl::Status WhyUndecided(const PreparedBatch& batch,
                          const v1::SourceProgress& progress);

// That reason as a refusal of its source, without a number.
v1::KeptRefusal RefusedBatchOf(const PreparedBatch& batch,
                               const absl::Status& why,
                               int64_t recorded_time_us);

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_ENGINE_REFUSED_BATCH_H_
