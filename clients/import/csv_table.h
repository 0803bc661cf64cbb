// A CSV file as a TableReader.
//
// Thread safety: thread-compatible.
//
// Format: RFC 4180, by libcsv; blanks around a cell without quotes are dropped.

#ifndef DAYBOOK_CLIENTS_IMPORT_CSV_TABLE_H_
#define DAYBOOK_CLIENTS_IMPORT_CSV_TABLE_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "clients/import/table_reader.h"

namespace daybook::importer {

// Errors: as TableReader::Open.
absl::StatusOr<std::unique_ptr<TableReader>> OpenCsvTable(
    const std::string& path, const TableOptions& options);

}  // namespace daybook::importer

#endif  // DAYBOOK_CLIENTS_IMPORT_CSV_TABLE_H_
