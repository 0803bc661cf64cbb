#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "clients/cli/commands.h"
#include "clients/cli/event_file.h"
#include "clients/cli/publication_text.h"
#include "clients/cpp/client.h"
#include "clients/cpp/refusals.h"
#include "clients/cpp/stream_writer.h"
#include "core/base/status_macros.h"

namespace daybook::cli {
namespace {

constexpr uint64_t batch_events_default = 512;
constexpr uint64_t batch_events_max = 4'096;
// Well below what a request may hold.
constexpr size_t batch_bytes_max = size_t{4} << 20;
// What is only validated goes in one request as far as one holds it: each is
// decided without the events of those before it.
constexpr size_t validated_bytes_max = size_t{15} << 20;
constexpr size_t refusals_shown_max = 16;

void PrintRefusal(const std::string& at, const v1::Refusal& refusal,
                  Streams& streams) {
  for (const v1::Problem& problem : refusal.problems()) {
    streams.err << at << ": " << refusal.event_id() << ": "
                << client::CodeName(problem.code()) << " ("
                << (problem.retryable() ? "retryable" : "permanent")
                << "): " << problem.field();
    if (!problem.value().empty()) streams.err << " '" << problem.value() << "'";
    streams.err << ": " << problem.message() << "; " << problem.remedy()
                << "\n";
  }
}

// After a failed batch: what became of it, and of the `sent` events before it.
std::string WhatIsRecorded(absl::StatusCode code, uint64_t sent,
                           int64_t total) {
  if (code == absl::StatusCode::kUnavailable ||
      code == absl::StatusCode::kDeadlineExceeded) {
    return absl::StrCat("; ", sent, " of ", total,
                        " events are known to be recorded. Append the file "
                        "again: nothing is recorded twice");
  }
  if (sent == 0) return "; nothing was recorded";
  return absl::StrCat("; nothing of this batch was recorded, the ", sent,
                      " events before it are");
}

void PrintRecorded(uint64_t created, uint64_t replayed, uint64_t size,
                   Streams& streams) {
  streams.out << "recorded " << created + replayed << " events (" << created
              << " new, " << replayed << " already there), ledger size " << size
              << "\n";
}

bool IsPublished(const CommandLine& line) {
  return line.Has("published") || line.Has("proofs");
}

// Feeds the events of a file through a stream, in atomic batches. One batch is
// on its way at a time, so that nothing behind a refused one is recorded; the
// next is read meanwhile. It keeps no cursor: a file is none of the source's
// feeds.
class StreamAppender {
 public:
  StreamAppender(const CommandLine& line, EventFile& file, int64_t events_total,
                 Streams& streams)
      : line_(line),
        file_(file),
        events_total_(events_total),
        streams_(streams),
        publication_(line.Text("proofs")) {}

  absl::Status Run() {
    client::StreamWriterOptions options;
    options.ledger = file_.ledger();
    options.source = line_.Text("source");
    const bool published = IsPublished(line_);
    if (published) options.ack_level = v1::ACK_LEVEL_PUBLISHED;
    options.batch_events =
        line_.Number("batch-size")
            .value_or(
                published
                    ? client::StreamWriterOptions::published_batch_events_max
                    : batch_events_default);
    options.batch_bytes = batch_bytes_max;
    options.in_flight_batches_max = 1;
    options.linger = absl::InfiniteDuration();
    options.atomic = true;
    options.end_at_refusal = true;
    auto writer = client::StreamWriter::Open(line_.server(), options);
    absl::Status status = writer.status();
    if (status.ok()) {
      const absl::Status read = file_.ForEach([&](EventLine event) {
        client::AddOptions how;
        how.callback = [this, line = event.line](const auto& outcome) {
          Take(line, outcome);
        };
        return (*writer)->Add(std::move(event.input), std::move(how));
      });
      // A writer that has ended says the same to both.
      status = (*writer)->Finish();
      if (status.ok()) status = read;
      size_ = (*writer)->size();
    }
    if (streams_.progress) streams_.err << "\r\033[K";
    if (!status.ok()) return Explain(status);
    PrintRecorded(created_, replayed_, size_, streams_);
    return IsPublished(line_) ? publication_.Finish(streams_.out)
                              : absl::OkStatus();
  }

 private:
  // Called by a thread of the writer, one event after the other.
  void Take(int64_t line, const client::EventOutcome& outcome) {
    using Kind = client::EventOutcome::Kind;
    if (outcome.kind == Kind::kCreated) ++created_;
    if (outcome.kind == Kind::kReplayed) ++replayed_;
    if (IsPublished(line_)) publication_.Take(outcome);
    if (outcome.kind == Kind::kRefused) {
      if (refusals_.size() < refusals_shown_max) {
        refusals_.emplace_back(line, *outcome.refusal);
      }
      ++refused_;
    }
    const uint64_t sent = created_ + replayed_;
    if (streams_.progress && sent % batch_events_default == 0) {
      streams_.err << "\r" << sent << " of " << events_total_ << " events"
                   << std::flush;
    }
  }

  // Prints the refusals of a failed batch and what was recorded before it.
  absl::Status Explain(const absl::Status& status) {
    for (const auto& [line, refusal] : refusals_) {
      PrintRefusal(file_.At(line), refusal, streams_);
    }
    if (refused_ > refusals_.size()) {
      streams_.err << "and " << refused_ - refusals_.size() << " more\n";
    }
    return absl::Status(
        status.code(),
        std::string(status.message()) +
            WhatIsRecorded(status.code(), created_ + replayed_, events_total_));
  }

  const CommandLine& line_;
  EventFile& file_;
  const int64_t events_total_;
  Streams& streams_;
  PublicationWriter publication_;

  uint64_t created_ = 0;
  uint64_t replayed_ = 0;
  uint64_t refused_ = 0;
  uint64_t size_ = 0;
  // With their lines.
  std::vector<std::pair<int64_t, v1::Refusal>> refusals_;
};

// Sends the events of a file in one request after the other, which may only
// validate or expect a size, and counts what became of them.
class RequestAppender {
 public:
  RequestAppender(const CommandLine& line, EventFile& file,
                  int64_t events_total, Streams& streams)
      : line_(line),
        file_(file),
        events_total_(events_total),
        streams_(streams),
        client_(line.server()),
        validate_only_(line.Has("validate-only")),
        batch_events_(line.Number("batch-size")
                          .value_or(validate_only_ ? batch_events_max
                                                   : batch_events_default)),
        expected_size_(line.Number("expected-size")) {
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
    request_.set_validate_only(validate_only_);
    if (expected_size_) request_.set_expected_size(*expected_size_);
    lines_.clear();
    bytes_ = 0;
  }

  absl::Status Add(EventLine event) {
    const size_t bytes = event.input.ByteSizeLong();
    if (lines_.size() == batch_events_ ||
        (!lines_.empty() &&
         bytes_ + bytes >
             (validate_only_ ? validated_bytes_max : batch_bytes_max))) {
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
      // The batches after this one expect its events, and no others. A retry
      // finds them where the first attempt put them.
      if (expected_size_ && (created || result.position() == *expected_size_)) {
        expected_size_ = result.position() + 1;
      }
    }
    ++batches_;
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
    const int64_t line =
        refusal.index() < lines_.size() ? lines_[refusal.index()] : 0;
    PrintRefusal(file_.At(line), refusal, streams_);
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
    const std::string what =
        shown == 0 ? std::string(status.message())
                   : absl::StrCat(refused.refused_total(), " of ",
                                  lines_.size(), " events refused");
    return absl::Status(
        status.code(),
        what + (validate_only_
                    ? "; nothing was recorded"
                    : WhatIsRecorded(status.code(), sent_, events_total_)));
  }

  absl::Status Summarise() {
    if (validate_only_) {
      if (refused_ > 0) {
        return absl::InvalidArgumentError(absl::StrCat(
            refused_, " of ", events_total_,
            " events would be refused; nothing was recorded",
            batches_ == 1 ? ""
                          : absl::StrCat(". They went in ", batches_,
                                         " requests, each decided without the "
                                         "events of those before it")));
      }
      streams_.out << "all " << events_total_
                   << " events would be recorded; nothing was\n";
      return absl::OkStatus();
    }
    PrintRecorded(created_, replayed_, size_, streams_);
    return absl::OkStatus();
  }

  const CommandLine& line_;
  EventFile& file_;
  const int64_t events_total_;
  Streams& streams_;
  client::Client client_;
  const bool validate_only_;
  const uint64_t batch_events_;
  // Of the next batch; absent without --expected-size.
  std::optional<uint64_t> expected_size_;

  v1::AppendEventsRequest request_;
  // Of the batch's events.
  std::vector<int64_t> lines_;
  size_t bytes_ = 0;

  uint64_t batches_ = 0;
  uint64_t sent_ = 0;
  uint64_t created_ = 0;
  uint64_t replayed_ = 0;
  uint64_t refused_ = 0;
  uint64_t size_ = 0;
};

absl::Status Append(const CommandLine& line, Streams& streams) {
  ASSIGN_OR_RETURN(EventFile file,
                   EventFile::Open(line.argument(0), streams.in));
  ASSIGN_OR_RETURN(const int64_t events, file.Check(streams.err));
  // A stream neither validates only nor expects a size.
  if (line.Has("validate-only") || line.Has("expected-size")) {
    return RequestAppender(line, file, events, streams).Run();
  }
  return StreamAppender(line, file, events, streams).Run();
}

absl::Status CheckAppend(const CommandLine& line) {
  if (!IsPublished(line)) return absl::OkStatus();
  if (line.Has("validate-only") || line.Has("expected-size")) {
    return absl::InvalidArgumentError(
        "--published and --proofs go with neither --validate-only nor "
        "--expected-size");
  }
  constexpr size_t most =
      client::StreamWriterOptions::published_batch_events_max;
  if (line.Number("batch-size").value_or(1) > most) {
    return absl::InvalidArgumentError(
        absl::StrCat("--batch-size: at most ", most,
                     " with --published, as each event has a "
                     "proof"));
  }
  return absl::OkStatus();
}

}  // namespace

std::vector<Command> AppendCommands() {
  return {
      {"append",
       "FILE.jsonl|-",
       "Records the events of a file of JSON lines, in atomic batches.",
       {{"source",
         Flag::Kind::kText,
         "NAME",
         "the system that states the events, such as accounting",
         {},
         true},
        {"validate-only", Flag::Kind::kSwitch, "",
         "decide about all events, record none"},
        {"expected-size", Flag::Kind::kNumber, "N",
         "record only when the events' subjects have no entry at or after "
         "size N"},
        {"batch-size",
         Flag::Kind::kNumber,
         "N",
         "events of one batch, 1 to 4096; 512 unless given, and as many as a "
         "request holds with --validate-only",
         {},
         false,
         1,
         batch_events_max},
        {"published", Flag::Kind::kSwitch, "",
         "wait until a signed checkpoint covers the events"},
        {"proofs", Flag::Kind::kText, "DIR",
         "the same, and write the proof of each event to "
         "DIR/POSITION.tlog-proof"}},
       1,
       Append,
       0,
       CheckAppend},
  };
}

}  // namespace daybook::cli
