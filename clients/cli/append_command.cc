#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "clients/cli/commands.h"
#include "clients/cli/event_file.h"
#include "clients/cpp/client.h"
#include "clients/cpp/refusals.h"
#include "core/base/status_macros.h"

namespace daybook::cli {
namespace {

constexpr uint64_t batch_events_default = 512;
constexpr uint64_t batch_events_max = 4'096;
// Well below what a request may hold.
constexpr size_t batch_bytes_max = size_t{4} << 20;

// Sends the events of a file in batches and counts what became of them.
class Appender {
 public:
  Appender(const CommandLine& line, EventFile& file, int64_t events_total,
           Streams& streams)
      : line_(line),
        file_(file),
        events_total_(events_total),
        streams_(streams),
        client_(line.server()),
        batch_events_(
            std::clamp(line.Number("batch-size").value_or(batch_events_default),
                       uint64_t{1}, batch_events_max)) {
    Clear();
  }

  absl::Status Run() {
    RETURN_IF_ERROR(
        file_.ForEach([&](EventLine event) { return Add(std::move(event)); }));
    RETURN_IF_ERROR(Flush());
    if (streams_.progress) streams_.err << "\r\033[K";
    return Summarise();
  }

 private:
  void Clear() {
    request_.Clear();
    request_.set_ledger(file_.ledger());
    request_.set_source(line_.Text("source"));
    request_.set_validate_only(line_.Has("validate-only"));
    if (const auto size = line_.Number("expected-size")) {
      request_.set_expected_size(*size + created_);
    }
    lines_.clear();
    bytes_ = 0;
  }

  absl::Status Add(EventLine event) {
    const size_t bytes = event.input.ByteSizeLong();
    if (lines_.size() == batch_events_ ||
        (!lines_.empty() && bytes_ + bytes > batch_bytes_max)) {
      RETURN_IF_ERROR(Flush());
    }
    bytes_ += bytes;
    lines_.push_back(event.line);
    *request_.add_inputs() = std::move(event.input);
    return absl::OkStatus();
  }

  absl::Status Flush() {
    if (lines_.empty()) return absl::OkStatus();
    const absl::StatusOr<v1::AppendEventsResponse> response =
        client_.AppendEvents(request_);
    if (!response.ok()) return Explain(response.status());
    for (const v1::AppendResult& result : response->results()) {
      const bool created =
          result.outcome() == v1::AppendResult::OUTCOME_CREATED;
      ++(created ? created_ : replayed_);
    }
    size_ = response->size();
    sent_ += lines_.size();
    for (const v1::Refusal& refusal : response->refusals()) Print(refusal);
    refused_ += static_cast<uint64_t>(response->refusals_size());
    if (streams_.progress) {
      streams_.err << "\r" << sent_ << " of " << events_total_ << " events"
                   << std::flush;
    }
    Clear();
    return absl::OkStatus();
  }

  void Print(const v1::Refusal& refusal) {
    const int64_t number =
        refusal.index() < lines_.size() ? lines_[refusal.index()] : 0;
    for (const v1::Problem& problem : refusal.problems()) {
      streams_.err << file_.At(number) << ": " << refusal.event_id() << ": "
                   << client::CodeName(problem.code()) << " ("
                   << (problem.retryable() ? "retryable" : "permanent")
                   << "): " << problem.field();
      if (!problem.value().empty()) {
        streams_.err << " '" << problem.value() << "'";
      }
      streams_.err << ": " << problem.message() << "; " << problem.remedy()
                   << "\n";
    }
  }

  // Prints the refusals of a failed batch and what was recorded before it.
  absl::Status Explain(const absl::Status& status) {
    if (streams_.progress) streams_.err << "\r\033[K";
    const v1::AppendRefused refused = client::Refusals(status);
    for (const v1::Refusal& refusal : refused.refusals()) Print(refusal);
    const auto shown = static_cast<uint32_t>(refused.refusals_size());
    if (refused.refused_total() > shown) {
      streams_.err << "and " << refused.refused_total() - shown << " more\n";
    }
    const std::string before = absl::StrCat(
        "; the ", created_ + replayed_,
        " events of the batches before it are recorded, nothing of this batch");
    const std::string what =
        shown == 0 ? std::string(status.message())
                   : absl::StrCat(refused.refused_total(), " of ",
                                  lines_.size(), " events refused");
    return absl::Status(
        status.code(),
        absl::StrCat(what, status.code() == absl::StatusCode::kUnavailable
                               ? ""
                               : before));
  }

  absl::Status Summarise() {
    if (line_.Has("validate-only")) {
      if (refused_ > 0) {
        return absl::InvalidArgumentError(
            absl::StrCat(refused_, " of ", events_total_,
                         " events would be refused; nothing was recorded"));
      }
      streams_.out << "all " << events_total_
                   << " events would be recorded; nothing was\n";
      return absl::OkStatus();
    }
    streams_.out << "recorded " << created_ << " events, " << replayed_
                 << " were there already; " << file_.ledger() << " has size "
                 << size_ << "\n";
    return absl::OkStatus();
  }

  const CommandLine& line_;
  EventFile& file_;
  const int64_t events_total_;
  Streams& streams_;
  client::Client client_;
  const uint64_t batch_events_;

  v1::AppendEventsRequest request_;
  // Of the batch's events.
  std::vector<int64_t> lines_;
  size_t bytes_ = 0;

  uint64_t sent_ = 0;
  uint64_t created_ = 0;
  uint64_t replayed_ = 0;
  uint64_t refused_ = 0;
  uint64_t size_ = 0;
};

absl::Status Append(const CommandLine& line, Streams& streams) {
  if (!line.Has("source")) {
    return absl::InvalidArgumentError(
        "--source is missing; name the system that states the events, such as "
        "--source=accounting");
  }
  ASSIGN_OR_RETURN(EventFile file,
                   EventFile::Open(line.argument(0), streams.in));
  ASSIGN_OR_RETURN(const int64_t events, file.Check(streams.err));
  return Appender(line, file, events, streams).Run();
}

}  // namespace

std::vector<Command> AppendCommands() {
  return {
      {"append",
       "FILE.jsonl|-",
       "Records the events of a file of JSON lines, in atomic batches.",
       {{"source", Flag::Kind::kText, "NAME",
         "the system that states the events; required"},
        {"validate-only", Flag::Kind::kSwitch, "",
         "decide about all events, record none"},
        {"expected-size", Flag::Kind::kNumber, "N",
         "record only when the events' subjects have no entry at or after "
         "size N"},
        {"batch-size", Flag::Kind::kNumber, "N",
         "events of one batch, 1 to 4096; 512 unless given"}},
       1,
       Append},
  };
}

}  // namespace daybook::cli
