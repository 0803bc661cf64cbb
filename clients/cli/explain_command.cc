#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "clients/cli/command_parts.h"
#include "clients/cli/commands.h"
#include "clients/cli/event_rows_text.h"
#include "clients/cli/explain_text.h"
#include "clients/cli/json.h"
#include "clients/cpp/client.h"
#include "clients/cpp/explanation_check.h"
#include "core/base/status_macros.h"

namespace daybook::cli {
namespace {

constexpr uint64_t page_events_max = 1000;
constexpr uint64_t events_shown = 20;
constexpr uint64_t all_events = std::numeric_limits<uint64_t>::max();

absl::Status ParseEvent(const std::string& text,
                        v1::TraceEventRequest& request) {
  uint64_t position = 0;
  if (absl::SimpleAtoi(text, &position)) {
    request.set_position(position);
    return absl::OkStatus();
  }
  const size_t slash = text.find('/');
  if (slash == std::string::npos || slash == 0 || slash + 1 == text.size()) {
    return absl::InvalidArgumentError(
        absl::StrCat("--event=", text,
                     ": write a position, such as 559, or source and event id, "
                     "such as accounting/voucher-2024-03-0012"));
  }
  request.mutable_identity()->set_source(text.substr(0, slash));
  request.mutable_identity()->set_event_id(text.substr(slash + 1));
  return absl::OkStatus();
}

bool IsCompared(const CommandLine& line) {
  return line.Has("to-as-of") || line.Has("to-known-at");
}

absl::Status Check(const CommandLine& line) {
  const bool figure = !line.argument(1).empty();
  if (figure == line.Has("event")) {
    return absl::InvalidArgumentError(
        "name a FIGURE, such as all.executed, or an --event, one of them");
  }
  if (line.Has("event")) {
    if (line.Has("events") || line.Has("all")) {
      return absl::InvalidArgumentError(
          "--events and --all are about a FIGURE, and --event is none");
    }
    if (IsCompared(line)) {
      return absl::InvalidArgumentError(
          "--to-as-of and --to-known-at are about a FIGURE, and --event is "
          "none");
    }
    v1::TraceEventRequest ignored;
    return ParseEvent(line.Text("event"), ignored);
  }
  if (line.Has("events") && line.Has("all")) {
    return absl::InvalidArgumentError(
        "--all lists all events; leave --events away");
  }
  return absl::OkStatus();
}

absl::Status Trace(const CommandLine& line, Streams& streams) {
  v1::TraceEventRequest request;
  *request.mutable_coordinates() = CoordinatesOf(line);
  RETURN_IF_ERROR(ParseEvent(line.Text("event"), request));
  ASSIGN_OR_RETURN(const v1::TraceEventResponse trace,
                   client::Client(line.server()).TraceEvent(request));
  streams.out << (line.Text("format", "text") == "json"
                      ? ToJsonLine(trace) + "\n"
                      : TraceText(trace, UnitOf(line)));
  return absl::OkStatus();
}

uint64_t EventsAsked(const CommandLine& line) {
  const bool all = line.Has("all") || line.Text("format", "text") == "json";
  return line.Number("events").value_or(all ? all_events : events_shown);
}

// Prints what ExplainFigure answers, page by page, each once it was added up.
class ExplanationPrinter {
 public:
  ExplanationPrinter(const CommandLine& line, Streams& streams)
      : json_(line.Text("format", "text") == "json"),
        unit_(UnitOf(line)),
        with_events_(EventsAsked(line) > 0),
        streams_(streams),
        table_(IsCompared(line) ? EventTable::Shows::kSides
                                : EventTable::Shows::kLeaves) {}

  absl::Status Print(const v1::ExplainFigureResponse& page) {
    RETURN_IF_ERROR(check_.Add(page));
    if (json_ && with_events_) {
      streams_.out << ToJsonLine(page) << "\n";
    } else if (json_) {
      v1::ExplainFigureResponse without = page;
      without.clear_events();
      streams_.out << ToJsonLine(without) << "\n";
    } else {
      PrintText(page);
    }
    return CheckWritten(streams_);
  }

  void Finish(const v1::ExplainFigureResponse& last_page) {
    if (json_) return;
    if (with_events_) {
      streams_.out << (check_.rows() > 0 ? "\n" : "")
                   << CheckedText(last_page, check_.rows(), check_.complete());
    } else {
      streams_.out << "事项未列；用 --events=N 列出前 N 笔，用 --all "
                      "列出并核对全部\n";
    }
  }

 private:
  void PrintText(const v1::ExplainFigureResponse& page) {
    if (first_) streams_.out << ExplainText(page, unit_) << "\n";
    first_ = false;
    if (!with_events_ || page.events().empty()) return;
    for (const v1::EventRow& row : page.events()) table_.AddRow(row);
    streams_.out << table_.TakeRows();
  }

  const bool json_;
  const MoneyUnit unit_;
  const bool with_events_;
  Streams& streams_;
  bool first_ = true;
  client::ExplanationCheck check_;
  EventTable table_;
};

absl::Status Explain(const CommandLine& line, Streams& streams) {
  if (line.Has("event")) return Trace(line, streams);
  v1::ExplainFigureRequest request;
  *request.mutable_coordinates() = CoordinatesOf(line);
  if (IsCompared(line)) {
    *request.mutable_compared_with() = request.coordinates();
    *request.mutable_coordinates() = SecondCoordinatesOf(
        line, line.argument(0),
        line.Has("as-of") ? &request.compared_with().as_of() : nullptr);
  }
  request.set_figure(line.argument(1));
  client::Client client(line.server());
  ExplanationPrinter printer(line, streams);
  uint64_t left = EventsAsked(line);
  while (true) {
    request.set_page_size(
        static_cast<int32_t>(std::clamp<uint64_t>(left, 1, page_events_max)));
    ASSIGN_OR_RETURN(const v1::ExplainFigureResponse page,
                     client.ExplainFigure(request));
    RETURN_IF_ERROR(printer.Print(page));
    left -= std::min(left, static_cast<uint64_t>(page.events_size()));
    if (left > 0 && !page.next_page_token().empty() && page.events().empty()) {
      return absl::DataLossError("a page that is not the last has no events");
    }
    request.set_page_token(page.next_page_token());
    if (request.page_token().empty() || left == 0) {
      printer.Finish(page);
      return absl::OkStatus();
    }
  }
}

}  // namespace

std::vector<Command> ExplainCommands() {
  return {
      {"report explain",
       "REPORT [FIGURE]",
       "Shows how a figure came about, or with --event what an event enters.",
       {{"event", Flag::Kind::kText, "POSITION|SOURCE/EVENT_ID",
         "instead of a FIGURE: the figures that this event enters"},
        AsOfFlag(),
        KnownAtFlag(),
        MinSizeFlag(),
        ToAsOfFlag(),
        ToKnownAtFlag(),
        {.name = "events",
         .kind = Flag::Kind::kNumber,
         .value = "N",
         .help = "list so many events; 20 unless said otherwise, 0 for none"},
        {"all", Flag::Kind::kSwitch, "",
         "list all events, and check that they add up"},
        FormatFlag({"text", "json"}),
        UnitFlag()},
       2,
       Explain,
       1,
       Check},
  };
}

}  // namespace daybook::cli
