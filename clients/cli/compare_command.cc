#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "clients/cli/command_parts.h"
#include "clients/cli/commands.h"
#include "clients/cli/compare_text.h"
#include "clients/cli/json.h"
#include "clients/cpp/client.h"
#include "core/base/status_macros.h"

namespace daybook::cli {
namespace {

constexpr uint64_t events_shown = 10;
constexpr uint64_t events_max = 100;
constexpr int32_t page_figures = 1000;

absl::Status Check(const CommandLine& line) {
  const bool other = !line.argument(1).empty();
  if (line.Has("since-published")) {
    if (!other && !line.Has("as-of") && !line.Has("known-at")) {
      return absl::OkStatus();
    }
    return absl::InvalidArgumentError(
        "--since-published says what to compare with; leave OTHER_REPORT, "
        "--as-of and --known-at away");
  }
  if (other || line.Has("known-at") || line.Has("to-as-of") ||
      line.Has("to-known-at")) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      "both sides are the same; give --since-published, --known-at, "
      "--to-as-of, "
      "--to-known-at or OTHER_REPORT");
}

v1::Coordinates After(const CommandLine& line, const v1::Date* as_of) {
  return SecondCoordinatesOf(
      line, line.argument(line.argument(1).empty() ? 0 : 1), as_of);
}

absl::StatusOr<v1::CompareReportsRequest> SincePublished(
    const CommandLine& line, client::Client& client) {
  const v1::Coordinates now = After(line, nullptr);
  v1::GetReportRequest request;
  request.set_name(now.name());
  if (now.has_as_of()) *request.mutable_as_of() = now.as_of();
  if (now.has_known_at()) *request.mutable_known_at() = now.known_at();
  ASSIGN_OR_RETURN(const v1::Report report, client.GetReport(request));
  if (report.publications().empty()) {
    return absl::FailedPreconditionError(
        absl::StrCat(now.name(), " was not published by size ", report.size(),
                     "; say what to compare with by --known-at, or record a "
                     "report_published event"));
  }
  const v1::ReportPublished& published =
      report.publications(report.publications_size() - 1).published();
  v1::CompareReportsRequest compare;
  compare.mutable_before()->set_name(now.name());
  *compare.mutable_before()->mutable_as_of() = published.as_of();
  compare.mutable_before()->mutable_known_at()->set_size(published.size());
  *compare.mutable_after() = After(line, &published.as_of());
  return compare;
}

absl::StatusOr<v1::CompareReportsRequest> RequestOf(const CommandLine& line,
                                                    client::Client& client) {
  if (line.Has("since-published")) return SincePublished(line, client);
  v1::CompareReportsRequest request;
  *request.mutable_before() = CoordinatesOf(line);
  // Another report may be of another year.
  const bool same_day =
      line.argument(1).empty() && request.before().has_as_of();
  *request.mutable_after() =
      After(line, same_day ? &request.before().as_of() : nullptr);
  return request;
}

absl::Status Compare(const CommandLine& line, Streams& streams) {
  client::Client client(line.server());
  ASSIGN_OR_RETURN(v1::CompareReportsRequest request, RequestOf(line, client));
  const uint64_t events = line.Number("events").value_or(events_shown);
  request.set_events_max(static_cast<int32_t>(std::max<uint64_t>(events, 1)));
  request.set_page_size(page_figures);
  const bool json = line.Text("format", "text") == "json";
  v1::CompareReportsResponse coordinates;
  std::vector<v1::FigureDifference> differences;
  RETURN_IF_ERROR(client.CompareReports(
      request, [&](const v1::CompareReportsResponse& answer) {
        v1::CompareReportsResponse page = answer;
        for (v1::FigureDifference& figure : *page.mutable_differences()) {
          if (events == 0) figure.clear_events();
          if (!json) differences.push_back(std::move(figure));
        }
        if (json) streams.out << ToJsonLine(page) << "\n";
        page.clear_differences();
        coordinates = std::move(page);
        return CheckWritten(streams);
      }));
  if (!json) {
    streams.out << CompareText(coordinates, differences, UnitOf(line));
  }
  return absl::OkStatus();
}

}  // namespace

std::vector<Command> CompareCommands() {
  return {
      {"report compare",
       "REPORT [OTHER_REPORT]",
       "Shows which figures differ between two days, sizes or reports, and "
       "why.",
       {{"since-published", Flag::Kind::kSwitch, "",
         "compare with the latest publication"},
        {"as-of", Flag::Kind::kDate, "DATE",
         "day of the first side; else as in report show"},
        KnownAtFlag(),
        ToAsOfFlag(),
        ToKnownAtFlag(),
        {.name = "events",
         .kind = Flag::Kind::kNumber,
         .value = "N",
         .help = "list so many events for each figure; 10 unless said "
                 "otherwise, 0 for none",
         .number_max = events_max},
        FormatFlag({"text", "json"}),
        UnitFlag()},
       2,
       Compare,
       1,
       Check},
  };
}

}  // namespace daybook::cli
