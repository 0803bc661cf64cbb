// A printed report as it is read back from a file: JSON, HTML or a workbook.
//
// What was printed must have one meaning, so a file is taken only as it was
// written. A JSON file may be laid out anew (blanks and line ends), no more.
//
// Thread safety: pure functions, but for the file.

#ifndef DAYBOOK_CLIENTS_CLI_REPORT_FILE_H_
#define DAYBOOK_CLIENTS_CLI_REPORT_FILE_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "clients/cli/report_evidence.h"
#include "clients/cli/report_sheets.h"
#include "daybook/v1/report_service.pb.h"

namespace daybook::cli {

enum class ReportFormat { kJson, kHtml, kXlsx };

struct PrintedFile {
  ReportFormat format = ReportFormat::kJson;
  PrintedEvidence evidence;
  PrintedSheets sheets;
};

// Errors: NOT_FOUND when there is no such file; INVALID_ARGUMENT when it is no
// report that `report show` wrote with its evidence, or was written anew since;
// OUT_OF_RANGE when it is too large; DATA_LOSS when a checksum is wrong.
absl::StatusOr<PrintedFile> ReadReportFile(const std::string& path);

// The same of the bytes of a JSON file.
//
// Errors: INVALID_ARGUMENT.
absl::StatusOr<PrintedFile> ParseReportJson(absl::string_view bytes);

// What a file of this kind must hold for `report`, which has its evidence.
PrintedSheets ExpectedSheets(const PrintedFile& file, const v1::Report& report);

}  // namespace daybook::cli

#endif  // DAYBOOK_CLIENTS_CLI_REPORT_FILE_H_
