// Makes what lies beside the log anew from the log alone: identities, the facts
// that admission decides by, and the lineage that reports are read from.
// Personal data is not in the entries, and stays.
//
// A program with another projection version does so beside what is stored, and
// without identities, which do not depend on it: see background_rebuild.h.
//
// Thread safety: nobody else may use the log during Rebuild; the others may be
// called from any thread.

#ifndef DAYBOOK_SERVICES_ENGINE_REBUILD_H_
#define DAYBOOK_SERVICES_ENGINE_REBUILD_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/base/strong_int.h"
#include "services/engine/identities.h"
#include "storage/event_log.h"

namespace daybook::services {

// The projection version of what lies beside the log; absent when that is not
// complete.
//
// Errors: DATA_LOSS when stored bytes are damaged.
absl::StatusOr<std::optional<uint32_t>> StoredVersion(
    const storage::EventLog& log);

// What says that a space of facts and its lineage are complete up to a size,
// and of this program's version.
std::vector<storage::SideWrite> CompleteWrites(storage::Space space,
                                               LogSize size);

// Whether what lies beside the log is complete and of this program's projection
// version.
//
// Errors: DATA_LOSS when stored bytes are damaged.
absl::StatusOr<bool> IsCurrent(const storage::EventLog& log);

// Deletes and makes it anew, once all entries were read. Interrupted, it is not
// current, and is made anew when the ledger is opened again.
//
// Errors:
//   DATA_LOSS            an entry is damaged, or can not have been recorded
//                        over those before it.
//   FAILED_PRECONDITION  a later version of Daybook wrote entries.
//   UNAVAILABLE          the disk refused a write.
absl::Status Rebuild(storage::EventLog& log, Identities& identities);

// Has what lies beside the log count as incomplete, so that it is made anew
// when the ledger is opened. Nobody may have it open.
//
// Errors: UNAVAILABLE when the disk refused it.
absl::Status ForgetVersion(storage::EventLog& log);

// Deletes what the next generation holds, if anything: what was left behind, or
// served before.
//
// Errors: UNAVAILABLE when the disk refused it; DATA_LOSS.
absl::Status ClearNextGeneration(storage::EventLog& log);

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_ENGINE_REBUILD_H_
