#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "clients/cli/command_parts.h"
#include "clients/cli/commands.h"
#include "clients/cli/csv.h"
#include "clients/cli/json.h"
#include "clients/cli/report_html.h"
#include "clients/cli/report_sheets.h"
#include "clients/cli/report_text.h"
#include "clients/cli/report_xlsx.h"
#include "clients/cli/table.h"
#include "clients/cpp/client.h"
#include "core/base/status_macros.h"
#include "core/budget/fiscal_date.h"

namespace daybook::cli {
namespace {

absl::Status WriteTo(const std::string& path, const std::string& text,
                     Streams& streams) {
  if (path.empty()) {
    streams.out << text;
    return absl::OkStatus();
  }
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  if (file.good()) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat(path, ": cannot be written; name another --output"));
}

absl::Status CheckShow(const CommandLine& line) {
  if (line.Text("format") == "xlsx" && line.Text("output").empty()) {
    return absl::InvalidArgumentError(
        "--format=xlsx is no text; name a file with --output=FILE.xlsx");
  }
  return absl::OkStatus();
}

absl::Status Show(const CommandLine& line, Streams& streams) {
  const std::string format = line.Text("format", "text");
  v1::GetReportRequest request;
  request.set_name(line.argument(0));
  if (const auto as_of = line.Date("as-of")) {
    *request.mutable_as_of() = ToDate(*as_of);
  }
  if (const auto known_at = line.KnownAt("known-at")) {
    *request.mutable_known_at() = *known_at;
  }
  request.set_min_size(line.Number("min-size").value_or(0));
  // A table for programs has no room for it.
  request.set_include_evidence(format != "csv");
  ASSIGN_OR_RETURN(const v1::Report report,
                   client::Client(line.server()).GetReport(request));
  const MoneyUnit unit = UnitOf(line);
  if (format == "xlsx") {
    return WriteReportXlsx(FileSheets(report, unit), line.Text("output"));
  }
  const std::string text = format == "json" ? ToJsonText(report)
                           : format == "html"
                               ? FormatReportHtml(FileSheets(report, unit))
                           : format == "csv"    ? ReportCsv(report, unit)
                           : line.Has("tables") ? ReportTables(report, unit)
                                                : ReportText(report, unit);
  return WriteTo(line.Text("output"), text, streams);
}

std::vector<std::string> SummaryCells(const v1::ReportSummary& report) {
  const auto as_of = ToCivilDay(report.as_of());
  return {report.name(),
          report.department_name(),
          as_of.ok() ? FormatDay(*as_of) : "",
          FormatFigureValue(report.adjusted()),
          FormatFigureValue(report.executed()),
          FormatFigureValue(report.execution_rate()),
          FormatFigureValue(report.total()),
          FormatFigureValue(report.grade())};
}

absl::Status List(const CommandLine& line, Streams& streams) {
  v1::ListReportsRequest request;
  request.set_parent(absl::StartsWith(line.argument(0), "ledgers/")
                         ? line.argument(0)
                         : absl::StrCat("ledgers/", line.argument(0)));
  if (const auto as_of = line.Date("as-of")) {
    *request.mutable_as_of() = ToDate(*as_of);
  }
  if (const auto known_at = line.KnownAt("known-at")) {
    *request.mutable_known_at() = *known_at;
  }
  request.set_min_size(line.Number("min-size").value_or(0));
  ASSIGN_OR_RETURN(const std::vector<v1::ReportSummary> reports,
                   client::Client(line.server()).ListReports(request));
  const std::string format = line.Text("format", "text");
  if (format == "csv") {
    streams.out << CsvRow({"report", "department", "as_of", "adjusted",
                           "executed", "execution_rate", "total", "grade"});
  }
  Table table({{"报告"},
               {"部门"},
               {"截至"},
               {"全年预算(万元)", Table::Align::kRight},
               {"执行(万元)", Table::Align::kRight},
               {"执行率(%)", Table::Align::kRight},
               {"总分", Table::Align::kRight},
               {"等级"}});
  for (const v1::ReportSummary& report : reports) {
    if (format == "json") {
      streams.out << ToJsonLine(report) << "\n";
    } else if (format == "csv") {
      streams.out << CsvRow(SummaryCells(report));
    } else {
      table.AddRow(SummaryCells(report));
    }
  }
  if (format == "text") streams.out << table.ToString();
  return absl::OkStatus();
}

}  // namespace

std::vector<Command> ReportCommands() {
  const Flag format = FormatFlag({"text", "json", "csv"});
  return {
      {"report show",
       "REPORT",
       "Shows a report: ledgers/430203/departments/115001/reports/2024.",
       {AsOfFlag(),
        KnownAtFlag(),
        MinSizeFlag(),
        FormatFlag({"text", "json", "csv", "html", "xlsx"}),
        {"tables", Flag::Kind::kSwitch, "",
         "leave the narrative and its counts out of the text"},
        {"output", Flag::Kind::kText, "FILE", "write to a file instead"},
        UnitFlag()},
       1,
       Show,
       0,
       CheckShow},
      {"report list",
       "LEDGER|DEPARTMENT",
       "Lists the reports of a ledger or department.",
       {AsOfFlag(), KnownAtFlag(), MinSizeFlag(), format},
       1,
       List},
  };
}

}  // namespace daybook::cli
