// An .xlsx workbook as a TableReader.
//
// Thread safety: thread-compatible.
//
// Format: ECMA-376 part 1, SpreadsheetML, transitional and strict.

#ifndef DAYBOOK_CLIENTS_IMPORT_XLSX_TABLE_H_
#define DAYBOOK_CLIENTS_IMPORT_XLSX_TABLE_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "clients/import/table_reader.h"

namespace daybook::importer {

// Errors: as TableReader::Open.
absl::StatusOr<std::unique_ptr<TableReader>> OpenXlsxTable(
    const std::string& path, const TableOptions& options);

}  // namespace daybook::importer

#endif  // DAYBOOK_CLIENTS_IMPORT_XLSX_TABLE_H_
