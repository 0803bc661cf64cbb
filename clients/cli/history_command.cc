#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "clients/cli/command_parts.h"
#include "clients/cli/commands.h"
#include "clients/cli/compare_text.h"
#include "clients/cli/coordinates_text.h"
#include "clients/cli/csv.h"
#include "clients/cli/display_width.h"
#include "clients/cli/event_rows_text.h"
#include "clients/cli/history_text.h"
#include "clients/cli/json.h"
#include "clients/cpp/client.h"
#include "core/base/status_macros.h"
#include "core/budget/fiscal_date.h"

namespace daybook::cli {
namespace {

constexpr int32_t page_events = 1000;

std::string HeadingOf(const v1::ResolvedCoordinates& coordinates) {
  return absl::StrCat(Printable(coordinates.name()), "\n",
                      CoordinatesText(coordinates), "\n\n");
}

absl::Status CheckTimeline(const CommandLine& line) {
  if (!line.Has("all") || !line.Has("figure")) return absl::OkStatus();
  return absl::InvalidArgumentError(
      "--all lists all figures; leave --figure away");
}

// The server knows which figures a report can have, and the nearest of others.
absl::Status CheckFigures(const CommandLine& line, client::Client& client) {
  for (const std::string& figure : line.Texts("figure")) {
    v1::ExplainFigureRequest request;
    *request.mutable_coordinates() = CoordinatesOf(line);
    request.set_figure(figure);
    request.set_page_size(1);
    RETURN_IF_ERROR(client.ExplainFigure(request).status());
  }
  return absl::OkStatus();
}

absl::Status Timeline(const CommandLine& line, Streams& streams) {
  client::Client client(line.server());
  RETURN_IF_ERROR(CheckFigures(line, client));
  v1::GetReportTimelineRequest request;
  request.set_name(line.argument(0));
  if (const auto known_at = line.KnownAt("known-at")) {
    *request.mutable_known_at() = *known_at;
  }
  request.set_min_size(line.Number("min-size").value_or(0));
  const std::vector<std::string> figures = line.Texts("figure");
  const std::set<std::string> asked(figures.begin(), figures.end());
  const MoneyUnit unit = UnitOf(line);
  const std::string format = line.Text("format", "text");
  Table table = TimelineTable();
  bool first = true;
  return client.GetReportTimeline(request, [&](const auto& answer) {
    v1::GetReportTimelineResponse page = answer;
    if (!line.Has("all")) KeepFigures(asked, page);
    if (format == "json") {
      streams.out << ToJsonLine(page) << "\n";
    } else if (format == "csv") {
      if (first) {
        streams.out << CsvRow({"date", "figure", "label", "value", "unit"});
      }
      streams.out << TimelineCsv(page, unit);
    } else {
      if (first) {
        streams.out << HeadingOf(page.coordinates());
      }
      AddTimeline(page, unit, table);
      streams.out << table.TakeRows();
    }
    first = false;
    return CheckWritten(streams);
  });
}

absl::Status Late(const CommandLine& line, Streams& streams) {
  v1::ListLateAdjustmentsRequest request;
  *request.mutable_coordinates() = CoordinatesOf(line);
  request.set_page_size(page_events);
  const bool json = line.Text("format", "text") == "json";
  EventTable table(EventTable::Shows::kRecorded);
  bool first = true;
  return client::Client(line.server())
      .ListLateAdjustments(
          request, [&](const v1::ListLateAdjustmentsResponse& page) {
            if (json) {
              streams.out << ToJsonLine(page) << "\n";
              return CheckWritten(streams);
            }
            if (first) {
              streams.out << HeadingOf(page.coordinates()) << "结账后调整 "
                          << page.total() << " 笔\n";
            }
            for (const v1::EventRow& row : page.events()) table.AddRow(row);
            if (page.total() > 0) {
              streams.out << (first ? "\n" : "") << table.TakeRows();
            }
            first = false;
            return CheckWritten(streams);
          });
}

absl::Status Watch(const CommandLine& line, Streams& streams) {
  v1::WatchReportRequest request;
  request.set_name(line.argument(0));
  request.set_from_size(line.Number("from-size").value_or(0));
  if (const auto as_of = line.Date("as-of")) {
    *request.mutable_as_of() = ToDate(*as_of);
  }
  const MoneyUnit unit = UnitOf(line);
  const bool json = line.Text("format", "text") == "json";
  const bool ends = line.Has("until-caught-up");
  return client::Client(line.server())
      .WatchReport(request, [&](const v1::WatchReportResponse& message) {
        if (json) {
          streams.out << ToJsonLine(message) << "\n";
        } else if (message.has_change()) {
          streams.out << ChangeText(message.change(), unit);
        } else if (message.has_caught_up()) {
          streams.err << "已跟上：账本大小 " << message.caught_up().size()
                      << std::endl;
        } else if (message.has_fell_behind()) {
          streams.err << "落后：已报至账本大小 " << message.fell_behind().size()
                      << "，账本已有 " << message.fell_behind().ledger_size()
                      << "，以下合并报告" << std::endl;
        }
        streams.out.flush();
        return streams.out.good() && !(ends && message.has_caught_up());
      });
}

}  // namespace

std::vector<Command> HistoryCommands() {
  return {
      {"report timeline",
       "REPORT",
       "Shows on which days the figures of a report change.",
       {KnownAtFlag(),
        MinSizeFlag(),
        {.name = "figure",
         .value = "PATH",
         .help = "only this figure, may stand several times; else the rows of "
                 "the form by fund, nature and project",
         .repeated = true},
        {"all", Flag::Kind::kSwitch, "", "all figures"},
        FormatFlag({"text", "json", "csv"}),
        UnitFlag()},
       1,
       Timeline,
       0,
       CheckTimeline},
      {"report late",
       "REPORT",
       "Lists what was recorded into days that were closed, and who approved "
       "it.",
       {AsOfFlag(), KnownAtFlag(), MinSizeFlag(), FormatFlag({"text", "json"})},
       1,
       Late},
      {"report watch",
       "REPORT",
       "Shows events and what they change as they are recorded, until Ctrl-C.",
       {{.name = "from-size",
         .kind = Flag::Kind::kNumber,
         .value = "N",
         .help = "what changed since that size of the ledger first; else from "
                 "now on",
         .number_min = 1},
        {"as-of", Flag::Kind::kDate, "DATE",
         "figures as of this day; else 31 December"},
        {"until-caught-up", Flag::Kind::kSwitch, "",
         "end as soon as everything was shown"},
        FormatFlag({"text", "json"}),
        UnitFlag()},
       1,
       Watch},
  };
}

}  // namespace daybook::cli
