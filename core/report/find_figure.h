// FindFigure: the path that a caller asks about, or the nearest ones.
//
// Thread safety: a reader of figures; safe beside other readers.

#ifndef DAYBOOK_CORE_REPORT_FIND_FIGURE_H_
#define DAYBOOK_CORE_REPORT_FIND_FIGURE_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/budget/figure_path.h"
#include "core/report/figures.h"

namespace daybook {

// Parses a path that a caller asks about.
//
// Errors: INVALID_ARGUMENT for what is no path; NOT_FOUND for one that this
// report can not have. Both name the nearest paths that it has.
absl::StatusOr<FigurePath> FindFigure(const Figures& figures,
                                      absl::string_view path);

}  // namespace daybook

#endif  // DAYBOOK_CORE_REPORT_FIND_FIGURE_H_
