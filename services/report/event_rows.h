// EventRows: the rows of events that answers list, with what cancels what.
//
// Thread safety: thread-compatible.

#ifndef DAYBOOK_SERVICES_REPORT_EVENT_ROWS_H_
#define DAYBOOK_SERVICES_REPORT_EVENT_ROWS_H_

#include <optional>

#include "absl/status/statusor.h"
#include "core/base/strong_int.h"
#include "daybook/v1/entry.pb.h"
#include "daybook/v1/report_history.pb.h"
#include "services/engine/report_history.h"
#include "services/report/report_place.h"

namespace daybook::services {

class EventRows {
 public:
  // Both must outlive it. Cancellations count that are within `place`.
  EventRows(const ReportHistory& history, const PinnedPlace& place)
      : history_(history), place_(place) {}

  // The row of one entry, with the amount that it states, and of a reversal
  // what it takes away. Leaf and side are left to the caller. Rows of one entry
  // that follow each other read it once.
  //
  // Errors: DATA_LOSS when stored bytes are damaged.
  absl::StatusOr<v1::EventRow> Row(Position position);

 private:
  absl::Status Load(Position position);

  const ReportHistory& history_;
  const PinnedPlace& place_;
  // Of the last entry.
  std::optional<v1::EventRow> row_;
};

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_REPORT_EVENT_ROWS_H_
