// Sheets as a workbook, and back.
//
// Money, rates and counts are numbers where a spreadsheet shows all of their
// digits, so that it can add them up; all else is text. A workbook can show
// something else than it holds, so what could hide, cover or compute a cell is
// refused when one is read: formulas, hidden or merged cells, number formats of
// its own, drawings.
//
// Thread safety: pure functions, but for the file.
//
// Format: ECMA-376, SpreadsheetML, written by libxlsxwriter.

#ifndef DAYBOOK_CLIENTS_CLI_REPORT_XLSX_H_
#define DAYBOOK_CLIENTS_CLI_REPORT_XLSX_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "clients/cli/report_sheets.h"

namespace daybook::cli {

// Writes `sheets`, as FileSheets gives them, over the file at `path`. The same
// sheets give the same bytes.
//
// Errors: FAILED_PRECONDITION when the file can not be written.
absl::Status WriteReportXlsx(const PrintedSheets& sheets,
                             const std::string& path);

// The sheets of a workbook: texts alone, of numbers the digits that are needed,
// with `is_number`. Row i of a sheet is its row i + 1; blank rows have no
// cells, and no row has blank cells at its end.
//
// Errors: INVALID_ARGUMENT when it is no workbook, or one that may show
// something else than it holds; OUT_OF_RANGE when it is too large; DATA_LOSS
// when a checksum is wrong.
absl::StatusOr<PrintedSheets> ReadReportXlsx(const std::string& path);

}  // namespace daybook::cli

#endif  // DAYBOOK_CLIENTS_CLI_REPORT_XLSX_H_
