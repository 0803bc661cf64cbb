#include "clients/import/stream_sender.h"

#include <utility>

#include "core/base/check.h"
#include "core/base/status_macros.h"

namespace daybook::importer {

absl::StatusOr<std::unique_ptr<StreamSender>> StreamSender::Open(
    const std::string& address, const std::string& ledger,
    const std::string& source) {
  client::StreamWriterOptions options;
  options.ledger = ledger;
  options.source = source;
  std::unique_ptr<StreamSender> sender(new StreamSender);
  ASSIGN_OR_RETURN(sender->writer_,
                   client::StreamWriter::Open(address, std::move(options)));
  return sender;
}

// What is on its way is cancelled: whoever cares has flushed.
StreamSender::~StreamSender() = default;

absl::Status StreamSender::Add(v1::EventInput input, Callback callback) {
  callbacks_.push_back(std::move(callback));
  const absl::Status added = writer_->Add(
      std::move(input),
      {.callback = [this](const client::EventOutcome& told) { Take(told); }});
  if (added.ok()) return Tell();
  Callback mine = std::move(callbacks_.back());
  callbacks_.pop_back();
  // What became of those before it says more than that the stream has ended.
  RETURN_IF_ERROR(Tell());
  if (!absl::IsInvalidArgument(added)) return added;
  // The event alone is wrong. Its turn comes after those before it.
  RETURN_IF_ERROR(Flush());
  SendOutcome outcome;
  v1::Problem& problem = outcome.problems.emplace_back();
  problem.set_field("event");
  problem.set_message(std::string(added.message()));
  problem.set_remedy("shorten its texts");
  problem.set_code(static_cast<int>(added.code()));
  mine(outcome);
  return absl::OkStatus();
}

absl::Status StreamSender::Flush() {
  const absl::Status flushed = writer_->Flush();
  RETURN_IF_ERROR(Tell());
  RETURN_IF_ERROR(flushed);
  DAYBOOK_CHECK(callbacks_.empty());
  return absl::OkStatus();
}

void StreamSender::Take(const client::EventOutcome& outcome) {
  using Kind = client::EventOutcome::Kind;
  Told told;
  told.outcome.position = outcome.position;
  told.outcome.reversed = outcome.reversed;
  switch (outcome.kind) {
    case Kind::kCreated:
      told.outcome.kind = SendOutcome::Kind::kCreated;
      break;
    case Kind::kReplayed:
      told.outcome.kind = SendOutcome::Kind::kReplayed;
      break;
    case Kind::kRefused:
      told.outcome.kind = SendOutcome::Kind::kRefused;
      told.outcome.problems.assign(outcome.refusal->problems().begin(),
                                   outcome.refusal->problems().end());
      break;
    case Kind::kNotRecorded:
    case Kind::kUnknown:
      told.status = outcome.status.ok()
                        ? absl::UnavailableError("the stream has ended")
                        : outcome.status;
      break;
  }
  const absl::MutexLock lock(&mutex_);
  told_.push_back(std::move(told));
}

absl::Status StreamSender::Tell() {
  std::vector<Told> told;
  {
    const absl::MutexLock lock(&mutex_);
    told.swap(told_);
  }
  for (const Told& one : told) {
    RETURN_IF_ERROR(one.status);
    const Callback callback = std::move(callbacks_.front());
    callbacks_.pop_front();
    callback(one.outcome);
  }
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<EventSender>> MakeSender(
    client::Client& client, const std::string& address,
    const std::string& ledger, const std::string& source, bool dry_run) {
  if (dry_run) {
    return std::unique_ptr<EventSender>(
        std::make_unique<BatchSender>(client, ledger, source, true));
  }
  ASSIGN_OR_RETURN(std::unique_ptr<StreamSender> sender,
                   StreamSender::Open(address, ledger, source));
  return std::unique_ptr<EventSender>(std::move(sender));
}

}  // namespace daybook::importer
