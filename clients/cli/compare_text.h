// What differs between two coordinates, or changes as it is recorded, as people
// read it.
//
// Thread safety: pure functions.

#ifndef DAYBOOK_CLIENTS_CLI_COMPARE_TEXT_H_
#define DAYBOOK_CLIENTS_CLI_COMPARE_TEXT_H_

#include <string>
#include <vector>

#include "core/report/figure_text.h"
#include "daybook/v1/report_history.pb.h"

namespace daybook::cli {

// Both coordinates; a table of before, after and what lies between; then the
// events, once for all figures that differ by the same ones. `differences` are
// those of all pages, `page` says the coordinates.
std::string CompareText(const v1::CompareReportsResponse& page,
                        const std::vector<v1::FigureDifference>& differences,
                        MoneyUnit unit);

// One line for each event, and one for each figure that is another now:
// "  all.executed 执行数  643.14 → 650.00 万元".
std::string ChangeText(const v1::ReportChange& change, MoneyUnit unit);

// `after` - `before` with its sign; nothing where one of them is no number:
// blank is not 0.
std::string DifferenceText(const v1::FigureValue& before,
                           const v1::FigureValue& after, MoneyUnit unit);

}  // namespace daybook::cli

#endif  // DAYBOOK_CLIENTS_CLI_COMPARE_TEXT_H_
