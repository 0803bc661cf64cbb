// Sheets as one HTML page for a browser and a printer (A4), and back.
//
// The page needs nothing beside itself and runs no script. Each cell that shows
// a figure names it in `data-figure`. There is one page for given sheets: what
// was read is written again and must give the same bytes, so that nothing can
// stand in a page, be hidden in it or be moved in it that is not in the sheets.
//
// Thread safety: pure functions.
//
// Format: docs/reports.md.

#ifndef DAYBOOK_CLIENTS_CLI_REPORT_HTML_H_
#define DAYBOOK_CLIENTS_CLI_REPORT_HTML_H_

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "clients/cli/report_sheets.h"

namespace daybook::cli {

// The longest printed report that is read, in bytes, of each format.
inline constexpr size_t report_file_bytes_max = size_t{64} << 20;

// `sheets` as FileSheets gives them.
std::string FormatReportHtml(const PrintedSheets& sheets);

// Errors: INVALID_ARGUMENT when it is no page of FormatReportHtml, naming the
// first line that is not as it would be: save the original file again.
absl::StatusOr<PrintedSheets> ParseReportHtml(absl::string_view bytes);

}  // namespace daybook::cli

#endif  // DAYBOOK_CLIENTS_CLI_REPORT_HTML_H_
