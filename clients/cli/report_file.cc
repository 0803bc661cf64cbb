#include "clients/cli/report_file.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "clients/cli/display_width.h"
#include "clients/cli/json.h"
#include "clients/cli/report_html.h"
#include "clients/cli/report_xlsx.h"
#include "core/base/status_macros.h"
#include "core/base/utf8.h"
#include "core/budget/fiscal_date.h"
#include "core/report/figures_digest.h"
#include "google/protobuf/util/json_util.h"

namespace daybook::cli {
namespace {

constexpr size_t hash_bytes = 32;
// Of what the parser says.
constexpr size_t problem_bytes_max = 200;

// JSON without what may stand between its tokens.
std::string Minified(absl::string_view json) {
  std::string minified;
  bool in_text = false;
  for (size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    const bool blank = c == ' ' || c == '\n' || c == '\r' || c == '\t';
    if (!in_text && blank) continue;
    minified += c;
    if (c == '"') in_text = !in_text;
    if (in_text && c == '\\' && i + 1 < json.size()) minified += json[++i];
  }
  return minified;
}

// What a line of the canonical form is about.
std::string FigureOf(const CanonicalLine& line) {
  if (line.size() < 2) return line.front();
  if (line[0] == "figure") return line[1];
  if (line[0] == "indicator" || line[0] == "section" || line[0] == "level" ||
      line[0] == "project" || line[0] == "publication") {
    return absl::StrCat(line[0], "[", line[1], "]");
  }
  return line[0];
}

// The canonical form, with what it leaves out: all that the JSON of a report
// has.
PrintedSheets CanonicalSheets(const v1::Report& report) {
  std::vector<CanonicalLine> lines = CanonicalLines(report);
  const v1::ReportEvidence& evidence = report.evidence();
  lines.push_back({"origin", evidence.origin()});
  lines.push_back({"root", absl::BytesToHexString(evidence.root())});
  lines.push_back(
      {"figures_digest", absl::BytesToHexString(evidence.figures_digest())});
  PrintedSheet sheet{"json", {}};
  for (CanonicalLine& line : lines) {
    const std::string figure = FigureOf(line);
    PrintedRow row{PrintedRow::Kind::kCells, {}};
    for (std::string& field : line) {
      row.cells.push_back({std::move(field), figure});
    }
    sheet.rows.push_back(std::move(row));
  }
  return {std::move(sheet)};
}

absl::Status CheckEvidence(const v1::Report& report) {
  if (!report.has_evidence()) {
    return absl::InvalidArgumentError(
        "it has no evidence; write it with this version of daybook report "
        "show");
  }
  const v1::ReportEvidence& evidence = report.evidence();
  if (evidence.root().size() != hash_bytes ||
      evidence.figures_digest().size() != hash_bytes) {
    return absl::InvalidArgumentError("evidence: a hash has 32 bytes");
  }
  return ToCivilDay(report.as_of()).status();
}

absl::StatusOr<std::string> ReadAll(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::exists(path, error)) {
    return absl::NotFoundError(absl::StrCat(path, ": there is no such file"));
  }
  const uintmax_t size = std::filesystem::file_size(path, error);
  if (error || !std::filesystem::is_regular_file(path, error)) {
    return absl::InvalidArgumentError("it is no file that can be read");
  }
  if (size > report_file_bytes_max) {
    return absl::OutOfRangeError(absl::StrCat(
        "it has ", size, " bytes, at most ", report_file_bytes_max, " can be"));
  }
  std::ifstream file(path, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(file), {}};
  if (file.bad() || !file.is_open()) {
    return absl::InvalidArgumentError("it can not be read");
  }
  return bytes;
}

absl::StatusOr<PrintedFile> WithEvidence(ReportFormat format,
                                         PrintedSheets sheets) {
  PrintedFile file{format, {}, std::move(sheets)};
  ASSIGN_OR_RETURN(file.evidence, ReadEvidence(file.sheets));
  return file;
}

}  // namespace

absl::StatusOr<PrintedFile> ParseReportJson(absl::string_view bytes) {
  if (bytes.size() > report_file_bytes_max) {
    return absl::OutOfRangeError(absl::StrCat(
        "it has ", bytes.size(), " bytes, at most ", report_file_bytes_max));
  }
  v1::Report report;
  const auto parsed =
      google::protobuf::util::JsonStringToMessage(std::string(bytes), &report);
  if (!parsed.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("it is no report in JSON: ",
                     Printable(Shortened(std::string(parsed.message()),
                                         problem_bytes_max))));
  }
  if (Minified(ToJsonText(report)) != Minified(bytes)) {
    return absl::InvalidArgumentError(
        "a field stands there twice, or otherwise than daybook report show "
        "--format=json writes it; take the original file");
  }
  RETURN_IF_ERROR(CheckEvidence(report));
  PrintedFile file;
  file.sheets = CanonicalSheets(report);
  file.evidence.report = std::move(report);
  return file;
}

absl::StatusOr<PrintedFile> ReadReportFile(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string bytes, ReadAll(path));
  if (absl::StartsWith(bytes, "PK")) {
    ASSIGN_OR_RETURN(PrintedSheets sheets, ReadReportXlsx(path));
    return WithEvidence(ReportFormat::kXlsx, std::move(sheets));
  }
  if (absl::StartsWith(bytes, "<")) {
    ASSIGN_OR_RETURN(PrintedSheets sheets, ParseReportHtml(bytes));
    return WithEvidence(ReportFormat::kHtml, std::move(sheets));
  }
  return ParseReportJson(bytes);
}

PrintedSheets ExpectedSheets(const PrintedFile& file,
                             const v1::Report& report) {
  return file.format == ReportFormat::kJson
             ? CanonicalSheets(report)
             : FileSheets(report, file.evidence.unit);
}

}  // namespace daybook::cli
