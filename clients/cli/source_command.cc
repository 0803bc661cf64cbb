#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "clients/cli/commands.h"
#include "clients/cli/coordinates_text.h"
#include "clients/cli/csv.h"
#include "clients/cli/json.h"
#include "clients/cli/table.h"
#include "clients/cpp/client.h"
#include "clients/cpp/refusals.h"
#include "core/base/status_macros.h"
#include "google/protobuf/util/time_util.h"

namespace daybook::cli {
namespace {

using google::protobuf::util::TimeUtil;

std::string LedgerName(const CommandLine& line) {
  return absl::StrCat("ledgers/",
                      absl::StripPrefix(line.argument(0), "ledgers/"));
}

std::string TimeOf(const google::protobuf::Timestamp& time) {
  return RecordedText(TimeUtil::TimestampToMicroseconds(time));
}

// "3s", "2h5m".
std::string Since(const google::protobuf::Duration& duration) {
  return absl::FormatDuration(absl::Seconds(duration.seconds()));
}

// Prints rows as the format asks, which is not json.
class Rows {
 public:
  Rows(Streams& streams, const std::string& format,
       std::vector<Table::Column> columns)
      : streams_(streams), csv_(format == "csv"), table_(columns) {
    std::vector<std::string> titles;
    for (const Table::Column& column : columns) titles.push_back(column.title);
    if (csv_) streams_.out << CsvRow(titles);
  }
  ~Rows() {
    if (!csv_) streams_.out << table_.ToString();
  }
  Rows(const Rows&) = delete;
  Rows& operator=(const Rows&) = delete;

  void Add(const std::vector<std::string>& cells) {
    if (csv_) {
      streams_.out << CsvRow(cells);
    } else {
      table_.AddRow(cells);
    }
  }

 private:
  Streams& streams_;
  const bool csv_;
  Table table_;
};

template <typename Message>
absl::Status PrintJson(const std::vector<Message>& messages, Streams& streams) {
  for (const Message& message : messages) {
    streams.out << ToJsonLine(message) << "\n";
  }
  return absl::OkStatus();
}

absl::Status List(const CommandLine& line, Streams& streams) {
  v1::ListSourcesRequest request;
  request.set_ledger(LedgerName(line));
  ASSIGN_OR_RETURN(const std::vector<v1::SourceProgress> sources,
                   client::Client(line.server()).ListSources(request));
  const std::string format = line.Text("format", "text");
  if (format == "json") return PrintJson(sources, streams);
  constexpr auto right = Table::Align::kRight;
  Rows rows(streams, format,
            {{"source"},
             {"cursor"},
             {"created", right},
             {"replayed", right},
             {"refused", right},
             {"retryable", right},
             {"refused batches", right},
             {"last event"},
             {"position", right},
             {"lag", right},
             {"idle", right}});
  for (const v1::SourceProgress& source : sources) {
    const bool recorded = source.has_last_event();
    rows.Add({source.source(), source.cursor(), absl::StrCat(source.created()),
              absl::StrCat(source.replayed()),
              absl::StrCat(source.refused_permanent()),
              absl::StrCat(source.refused_retryable()),
              absl::StrCat(source.refused_batches()),
              source.last_event().event_id(),
              recorded ? absl::StrCat(source.last_event().position()) : "",
              source.has_lag() ? Since(source.lag()) : "",
              source.has_idle() ? Since(source.idle()) : ""});
  }
  return absl::OkStatus();
}

// Of a batch that was refused whole. Where the source did not stand where it
// should, the same events may come again.
std::vector<std::string> BatchRow(const v1::KeptRefusal& kept) {
  const v1::RefusedBatch& batch = kept.batch();
  const bool retryable =
      batch.code() == static_cast<int>(absl::StatusCode::kAborted);
  return {
      absl::StrCat(kept.number()),
      TimeOf(kept.time()),
      kept.principal(),
      "",
      "",
      "batch",
      absl::StrCat(batch.events(), batch.events() == 1 ? " event" : " events"),
      absl::StrCat(client::CodeName(batch.code()), ": ", batch.message()),
      retryable ? "yes" : "no"};
}

absl::Status Refusals(const CommandLine& line, Streams& streams) {
  v1::ListRefusalsRequest request;
  request.set_ledger(LedgerName(line));
  request.set_source(line.argument(1));
  ASSIGN_OR_RETURN(const std::vector<v1::KeptRefusal> refusals,
                   client::Client(line.server()).ListRefusals(request));
  const std::string format = line.Text("format", "text");
  if (format == "json") return PrintJson(refusals, streams);
  Rows rows(streams, format,
            {{"number", Table::Align::kRight},
             {"time"},
             {"principal"},
             {"event"},
             {"subject"},
             {"field"},
             {"value"},
             {"why"},
             {"retryable"}});
  for (const v1::KeptRefusal& kept : refusals) {
    if (kept.has_batch()) rows.Add(BatchRow(kept));
    for (const v1::Problem& problem : kept.refusal().problems()) {
      rows.Add({absl::StrCat(kept.number()), TimeOf(kept.time()),
                kept.principal(), kept.refusal().event_id(), kept.subject(),
                problem.field(), problem.value(),
                absl::StrCat(problem.message(), "; ", problem.remedy()),
                problem.retryable() ? "yes" : "no"});
    }
  }
  return absl::OkStatus();
}

}  // namespace

std::vector<Command> SourceCommands() {
  const Flag format = {"format",
                       Flag::Kind::kChoice,
                       "",
                       "how to print",
                       {"text", "json", "csv"}};
  return {
      {"source list",
       "LEDGER",
       "Lists the sources that write into a ledger, and how far each is.",
       {format},
       1,
       List},
      {"source refusals",
       "LEDGER SOURCE",
       "Lists what was refused of a source, events and whole batches, newest "
       "first, and why.",
       {format},
       2,
       Refusals},
  };
}

}  // namespace daybook::cli
