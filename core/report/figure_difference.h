// Which figures differ between two readings of reports.
//
// Thread safety: pure functions.

#ifndef DAYBOOK_CORE_REPORT_FIGURE_DIFFERENCE_H_
#define DAYBOOK_CORE_REPORT_FIGURE_DIFFERENCE_H_

#include <vector>

#include "daybook/v1/figure.pb.h"
#include "daybook/v1/report_history.pb.h"

namespace daybook {

// Whether two values are the same answer; 1.0 and 1.00 are.
bool SameValue(const v1::FigureValue& a, const v1::FigureValue& b);

// The figures whose values differ, in the order of `after`, then those that
// only `before` has. One that a side does not list is blank there; label and
// unit are those of `after`, where it has them.
std::vector<v1::FigureDifference> DifferencesOf(
    const std::vector<v1::Figure>& before,
    const std::vector<v1::Figure>& after);

}  // namespace daybook

#endif  // DAYBOOK_CORE_REPORT_FIGURE_DIFFERENCE_H_
