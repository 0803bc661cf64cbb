// The events behind an explained figure, page by page, with carried sums; also
// those that are within one of two places alone.
//
// Thread safety: functions that may be called from any thread.

#ifndef DAYBOOK_SERVICES_REPORT_FIGURE_ROWS_H_
#define DAYBOOK_SERVICES_REPORT_FIGURE_ROWS_H_

#include <cstddef>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "core/base/strong_int.h"
#include "core/report/explain.h"
#include "daybook/v1/report_history.pb.h"
#include "services/engine/report_history.h"
#include "services/report/report_place.h"

namespace daybook::services {

// A figure as explained at a place.
struct ExplainedPlace {
  PinnedPlace place;
  Explained explained;
};

struct FigureRowsPage {
  // As ExplainFigureResponse has them. Those of `after` first, in its order.
  std::vector<v1::Leaf> leaves;
  std::vector<v1::EventRow> events;
  // Where the next page begins; absent on the last.
  std::optional<Position> next;
};

// At least `count` events from position `from` on, where there are so many; all
// of a position stand on one page. With `before`: what is within one of the two
// places alone; of two reports that is all.
//
// Errors: DATA_LOSS when stored bytes are damaged.
absl::StatusOr<FigureRowsPage> ReadFigureRows(const ReportHistory& history,
                                              const ExplainedPlace* before,
                                              const ExplainedPlace& after,
                                              Position from, size_t count);

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_REPORT_FIGURE_ROWS_H_
