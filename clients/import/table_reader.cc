#include "clients/import/table_reader.h"

#include <filesystem>
#include <fstream>
#include <system_error>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "clients/import/csv_table.h"
#include "clients/import/xlsx_table.h"
#include "core/base/status_macros.h"

namespace daybook::importer {
namespace {

// The first bytes of a ZIP file, and of a compound file, which an .xls and a
// workbook with a password are.
constexpr absl::string_view zip_mark("PK\x03\x04", 4);
constexpr absl::string_view compound_mark("\xD0\xCF\x11\xE0", 4);

}  // namespace

absl::StatusOr<std::unique_ptr<TableReader>> TableReader::Open(
    const std::string& path, const TableOptions& options) {
  std::error_code error;
  if (!std::filesystem::exists(path, error)) {
    return absl::NotFoundError(absl::StrCat(path, ": there is no such file"));
  }
  std::ifstream file(path, std::ios::binary);
  if (!std::filesystem::is_regular_file(path, error) || !file) {
    return absl::FailedPreconditionError(absl::StrCat(
        path, ": is no file that can be read; tables are read more than once"));
  }
  char mark[4] = {};
  file.read(mark, sizeof(mark));
  const absl::string_view first(mark, static_cast<size_t>(file.gcount()));
  if (absl::StartsWith(first, compound_mark)) {
    return absl::InvalidArgumentError(absl::StrCat(
        path,
        ": is an .xls or has a password; open it in a spreadsheet and "
        "save it as .xlsx without one"));
  }
  absl::StatusOr<std::unique_ptr<TableReader>> table =
      absl::StartsWith(first, zip_mark) ? OpenXlsxTable(path, options)
                                        : OpenCsvTable(path, options);
  if (table.ok()) return table;
  return absl::Status(table.status().code(),
                      absl::StrCat(path, ": ", table.status().message()));
}

}  // namespace daybook::importer
