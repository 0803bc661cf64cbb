#include <sys/mman.h>
#include <unistd.h>

#include <string>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "clients/cli/report_difference.h"
#include "clients/cli/report_evidence.h"
#include "clients/cli/report_file.h"
#include "clients/cli/report_html.h"
#include "clients/cli/report_xlsx.h"
#include "core/base/check.h"
#include "tests/fuzz/parsers.h"

namespace daybook::fuzz {
namespace {

// Of sheets that were taken: they are what they are, and say what they say.
void TrySheets(const cli::PrintedSheets& sheets) {
  const auto evidence = cli::ReadEvidence(sheets);
  DAYBOOK_CHECK(!evidence.ok() ||
                evidence->report.evidence().root().size() == 32);
  for (const auto equal :
       {cli::CellsEqual::kExactly, cli::CellsEqual::kByValue}) {
    DAYBOOK_CHECK(cli::CompareSheets(sheets, sheets, equal).total == 0);
    static_cast<void>(cli::CompareSheets(sheets, {}, equal));
  }
}

}  // namespace

bool TryReportHtml(absl::string_view bytes) {
  const auto sheets = cli::ParseReportHtml(bytes);
  if (!sheets.ok()) return false;
  DAYBOOK_CHECK(cli::FormatReportHtml(*sheets) == bytes);
  TrySheets(*sheets);
  return true;
}

bool TryReportJson(absl::string_view bytes) {
  const auto file = cli::ParseReportJson(bytes);
  if (!file.ok()) return false;
  TrySheets(file->sheets);
  DAYBOOK_CHECK(cli::ExpectedSheets(*file, file->evidence.report) ==
                file->sheets);
  return true;
}

bool TryReportXlsx(absl::string_view bytes) {
  // libzip reads files; this one is memory.
  const int file = memfd_create("report", MFD_CLOEXEC);
  DAYBOOK_CHECK(file >= 0);
  const absl::Cleanup close_file = [file] { close(file); };
  DAYBOOK_CHECK(write(file, bytes.data(), bytes.size()) ==
                static_cast<ssize_t>(bytes.size()));
  const auto sheets = cli::ReadReportXlsx(absl::StrCat("/proc/self/fd/", file));
  if (!sheets.ok()) return false;
  TrySheets(*sheets);
  return true;
}

}  // namespace daybook::fuzz
