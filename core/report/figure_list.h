// Which figures a report lists, each with label, value and unit.
//
// Thread safety: readers of figures; safe beside other readers.

#ifndef DAYBOOK_CORE_REPORT_FIGURE_LIST_H_
#define DAYBOOK_CORE_REPORT_FIGURE_LIST_H_

#include <vector>

#include "core/budget/figure_path.h"
#include "core/budget/form.h"
#include "core/report/figures.h"
#include "daybook/v1/figure.pb.h"

namespace daybook {

// Any figure, with the label that it has where no form prints it.
v1::Figure MakeFigure(const Figures& figures, const FigurePath& path);

// The rows that the report's form prints, in its order; none without a form.
std::vector<FormRow> FormRows(const Figures& figures);

// The rows of the form in its order, then every other figure with an event or a
// statement, in byte order of the paths.
std::vector<v1::Figure> ListFigures(const Figures& figures);

}  // namespace daybook

#endif  // DAYBOOK_CORE_REPORT_FIGURE_LIST_H_
