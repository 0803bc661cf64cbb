// A report as people read it on a terminal: tables first, then the text.
//
// Thread safety: pure functions.

#ifndef DAYBOOK_CLIENTS_CLI_REPORT_TEXT_H_
#define DAYBOOK_CLIENTS_CLI_REPORT_TEXT_H_

#include <string>

#include "core/report/figure_text.h"
#include "daybook/v1/report_service.pb.h"

namespace daybook::cli {

// Title and coordinates, money by row, the other rows of the form, the score
// sheet, what the narrative counts, and the narrative.
std::string ReportText(const v1::Report& report, MoneyUnit unit);

// The same up to the score sheet.
std::string ReportTables(const v1::Report& report, MoneyUnit unit);

// `figure,label,value,unit`, all figures in their order.
std::string ReportCsv(const v1::Report& report, MoneyUnit unit);

}  // namespace daybook::cli

#endif  // DAYBOOK_CLIENTS_CLI_REPORT_TEXT_H_
