// EventRow: an entry as it is listed behind a figure.
//
// Thread safety: pure functions.

#ifndef DAYBOOK_CORE_REPORT_EVENT_ROW_H_
#define DAYBOOK_CORE_REPORT_EVENT_ROW_H_

#include "daybook/v1/entry.pb.h"
#include "daybook/v1/report_history.pb.h"

namespace daybook {

// What an entry that holds an event says of itself. Leaf, amount, links to
// other entries and side are left to the caller.
v1::EventRow EventRowOf(const v1::Entry& entry);

}  // namespace daybook

#endif  // DAYBOOK_CORE_REPORT_EVENT_ROW_H_
