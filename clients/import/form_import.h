// FormImport: a filled workbook of an office, recorded.
//
// As with vouchers, importing again is always right: what is recorded is not
// recorded again, a row that changed becomes a correction, and a cell that is
// blank now takes back what it said.
//
// Thread safety: thread-compatible.
//
// Rules: docs/workbooks.md.

#ifndef DAYBOOK_CLIENTS_IMPORT_FORM_IMPORT_H_
#define DAYBOOK_CLIENTS_IMPORT_FORM_IMPORT_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "clients/cpp/client.h"
#include "clients/import/import_summary.h"
#include "clients/import/sheet_form.h"
#include "daybook/v1/values.pb.h"

namespace daybook::importer {

struct FormImportOptions {
  std::string path;
  // Of any kind but vouchers; must outlive the import.
  const WorkbookForm* form = nullptr;
  // Where the server listens.
  std::string server;
  // "430203".
  std::string ledger;
  std::string source;
  // Where rejected rows go; empty finds a name beside the table.
  std::string rejects_path;
  bool dry_run = false;
  std::optional<v1::Correction> correction;
  // Rows done, and how many there are; may be empty.
  std::function<void(int64_t, int64_t)> progress;
};

struct FormImportResult {
  ImportSummary summary;
  ImportEffect effect;
  // Empty when no row was rejected.
  std::string rejects_path;
  // The first reasons, "sheet X row 12: …", at most `reasons_max`.
  static constexpr size_t reasons_max = 16;
  std::vector<std::string> reasons;
  // What does not add up, though each row can be read.
  std::vector<std::string> mismatches;
  // Sheets that were left out, and why.
  std::vector<std::string> notes;
};

// Errors: those of the table (TableReader); INVALID_ARGUMENT when its headings
// are not those of the kind; those of the server that concern no single row,
// such as UNAVAILABLE: what was recorded by then stays, and running it again
// goes on.
absl::StatusOr<FormImportResult> ImportForm(client::Client& client,
                                            const FormImportOptions& options);

}  // namespace daybook::importer

#endif  // DAYBOOK_CLIENTS_IMPORT_FORM_IMPORT_H_
