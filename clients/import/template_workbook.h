// The blank workbook of a kind: headings, drop-downs, a row that shows how, and
// a sheet that explains every column.
//
// Thread safety: pure, but for the file that is written.
//
// Format: ECMA-376, by libxlsxwriter.

#ifndef DAYBOOK_CLIENTS_IMPORT_TEMPLATE_WORKBOOK_H_
#define DAYBOOK_CLIENTS_IMPORT_TEMPLATE_WORKBOOK_H_

#include <string>

#include "absl/status/status.h"
#include "clients/import/sheet_form.h"

namespace daybook::importer {

// Rows below the headings that have formats and drop-downs.
inline constexpr int template_rows = 2'000;

// Writes `path`, which must not exist.
//
// Errors: ALREADY_EXISTS, for a filled one may stand there; FAILED_PRECONDITION
// when it can not be written.
absl::Status WriteTemplate(const WorkbookForm& form, const std::string& path);

}  // namespace daybook::importer

#endif  // DAYBOOK_CLIENTS_IMPORT_TEMPLATE_WORKBOOK_H_
