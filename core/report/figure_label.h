// The Chinese label of a figure that its form does not print.
//
// Thread safety: a reader of figures; safe beside other readers.

#ifndef DAYBOOK_CORE_REPORT_FIGURE_LABEL_H_
#define DAYBOOK_CORE_REPORT_FIGURE_LABEL_H_

#include <string>

#include "core/budget/figure_path.h"
#include "core/report/figures.h"

namespace daybook {

std::string FigureLabel(const Figures& figures, const FigurePath& path);

}  // namespace daybook

#endif  // DAYBOOK_CORE_REPORT_FIGURE_LABEL_H_
