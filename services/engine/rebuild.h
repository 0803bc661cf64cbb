// Makes what lies beside the log anew from the log alone: identities, the facts
// that admission decides by, and the lineage that reports are read from.
// Personal data is not in the entries, and stays.
//
// Thread safety: nobody else may use the log meanwhile.

#ifndef DAYBOOK_SERVICES_ENGINE_REBUILD_H_
#define DAYBOOK_SERVICES_ENGINE_REBUILD_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "storage/event_log.h"

namespace daybook::services {

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
absl::Status Rebuild(storage::EventLog& log);

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_ENGINE_REBUILD_H_
