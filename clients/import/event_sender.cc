#include "clients/import/event_sender.h"

#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "clients/cpp/refusals.h"
#include "core/base/status_macros.h"

namespace daybook::importer {
namespace {

constexpr int tries_max = 8;
constexpr absl::Duration first_wait = absl::Milliseconds(50);

bool IsRefusal(const absl::Status& status) {
  return client::Refusals(status).refused_total() > 0;
}

}  // namespace

absl::StatusOr<v1::AppendEventsResponse> AppendPatiently(
    client::Client& client, const v1::AppendEventsRequest& request) {
  absl::Duration wait = first_wait;
  for (int tries = 1;; ++tries) {
    absl::StatusOr<v1::AppendEventsResponse> response =
        client.AppendEvents(request);
    if (tries == tries_max || !absl::IsResourceExhausted(response.status())) {
      return response;
    }
    absl::SleepFor(wait);
    wait *= 2;
  }
}

std::string ProblemText(const std::vector<v1::Problem>& problems) {
  std::string text;
  for (const v1::Problem& problem : problems) {
    absl::StrAppend(&text, text.empty() ? "" : " | ", problem.field());
    if (!problem.value().empty()) {
      absl::StrAppend(&text, " '", problem.value(), "'");
    }
    absl::StrAppend(&text, ": ", problem.message(), "; ", problem.remedy(),
                    problem.retryable() ? " (retryable)" : "");
  }
  return text;
}

BatchSender::BatchSender(client::Client& client, const std::string& ledger,
                         const std::string& source, bool validate_only)
    : client_(client),
      ledger_(ledger),
      source_(source),
      validate_only_(validate_only) {}

absl::Status BatchSender::Add(v1::EventInput input, Callback callback) {
  const size_t bytes = input.ByteSizeLong();
  if (pending_.size() == batch_events_max ||
      (!pending_.empty() && bytes_ + bytes > batch_bytes_max)) {
    RETURN_IF_ERROR(Flush());
  }
  bytes_ += bytes;
  pending_.push_back({std::move(input), std::move(callback)});
  return absl::OkStatus();
}

absl::Status BatchSender::Flush() {
  std::vector<SendOutcome> outcomes(pending_.size());
  std::vector<size_t> send(pending_.size());
  for (size_t i = 0; i < send.size(); ++i) send[i] = i;
  // Each round but the last takes out at least one event: one may depend on
  // another that was refused.
  while (!send.empty()) {
    RETURN_IF_ERROR(Send(send, outcomes));
    std::vector<size_t> again;
    for (const size_t i : send) {
      if (outcomes[i].kind == SendOutcome::Kind::kRefused &&
          outcomes[i].problems.empty()) {
        again.push_back(i);
      }
    }
    send = std::move(again);
  }
  // A callback may send on its own, but not through this sender.
  const std::vector<Pending> done = std::exchange(pending_, {});
  bytes_ = 0;
  for (size_t i = 0; i < done.size(); ++i) done[i].callback(outcomes[i]);
  return absl::OkStatus();
}

absl::Status BatchSender::Send(const std::vector<size_t>& send,
                               std::vector<SendOutcome>& outcomes) {
  v1::AppendEventsRequest request;
  request.set_ledger(ledger_);
  request.set_source(source_);
  for (const size_t i : send) *request.add_inputs() = pending_[i].input;
  absl::StatusOr<v1::AppendEventsResponse> response(
      absl::UnknownError("nothing was sent"));
  for (int tries = 1;; ++tries) {
    request.set_validate_only(validate_only_);
    response = AppendPatiently(client_, request);
    if (response.ok() || !IsRefusal(response.status())) break;
    // All refusals, not the first 16 of them.
    const absl::Status refused = response.status();
    request.set_validate_only(true);
    response = AppendPatiently(client_, request);
    if (!response.ok() || response->refusals_size() > 0) break;
    // Meanwhile somebody recorded what was lacking.
    if (tries == tries_max) return refused;
  }
  RETURN_IF_ERROR(response.status());
  for (const v1::Refusal& refusal : response->refusals()) {
    if (refusal.index() >= send.size()) {
      return absl::DataLossError("the server refuses what it was not sent");
    }
    SendOutcome& outcome = outcomes[send[refusal.index()]];
    outcome.problems.assign(refusal.problems().begin(),
                            refusal.problems().end());
    if (outcome.problems.empty()) outcome.problems.emplace_back();
  }
  if (request.validate_only()) {
    for (const size_t i : send) {
      if (validate_only_ && outcomes[i].problems.empty()) {
        outcomes[i].kind = SendOutcome::Kind::kCreated;
      }
    }
    return absl::OkStatus();
  }
  if (static_cast<size_t>(response->results_size()) != send.size()) {
    return absl::DataLossError("the server answers not every event");
  }
  for (size_t i = 0; i < send.size(); ++i) {
    const v1::AppendResult& result = response->results(static_cast<int>(i));
    outcomes[send[i]] = {result.outcome() == v1::AppendResult::OUTCOME_CREATED
                             ? SendOutcome::Kind::kCreated
                             : SendOutcome::Kind::kReplayed,
                         result.reversed(),
                         result.position(),
                         {}};
  }
  return absl::OkStatus();
}

}  // namespace daybook::importer
