#include "clients/cpp/outcome_teller.h"

#include <cstddef>

#include "absl/strings/str_cat.h"

namespace daybook::client {
namespace {

using Kind = EventOutcome::Kind;

Kind KindOf(v1::StreamOutcome outcome) {
  switch (outcome) {
    case v1::STREAM_OUTCOME_CREATED:
      return Kind::kCreated;
    case v1::STREAM_OUTCOME_REPLAYED:
      return Kind::kReplayed;
    case v1::STREAM_OUTCOME_REFUSED:
      return Kind::kRefused;
    case v1::STREAM_OUTCOME_NOT_RECORDED:
      return Kind::kNotRecorded;
    default:
      return Kind::kUnknown;
  }
}

void Tell(const StreamBatch& batch, size_t place, const EventOutcome& outcome,
          const OutcomeCallback& other) {
  if (place < batch.callbacks.size() && batch.callbacks[place] != nullptr) {
    batch.callbacks[place](outcome);
  } else if (other != nullptr) {
    other(outcome);
  }
}

}  // namespace

void TellAck(const StreamBatch& batch, const v1::BatchAck& ack,
             const OutcomeCallback& other) {
  // Both lists are in order of the events.
  auto refusal = ack.refusals().begin();
  auto reversed = ack.reversed().begin();
  auto proof = ack.publication().proofs().begin();
  for (int i = 0; i < ack.outcomes_size(); ++i) {
    const auto place = static_cast<uint32_t>(i);
    EventOutcome outcome;
    outcome.kind = KindOf(ack.outcomes(i));
    outcome.number = batch.first_number + place;
    outcome.position = ack.positions(i);
    while (reversed != ack.reversed().end() && *reversed < place) ++reversed;
    outcome.reversed = reversed != ack.reversed().end() && *reversed == place;
    const bool recorded =
        outcome.kind == Kind::kCreated || outcome.kind == Kind::kReplayed;
    if (recorded && proof != ack.publication().proofs().end()) {
      outcome.proof = &*proof++;
      outcome.checkpoint = &ack.publication().checkpoint();
    } else if (recorded && ack.has_unpublished()) {
      outcome.status =
          absl::Status(static_cast<absl::StatusCode>(ack.unpublished().code()),
                       ack.unpublished().message());
    }
    if (outcome.kind == Kind::kRefused) {
      while (refusal != ack.refusals().end() && refusal->index() < place) {
        ++refusal;
      }
      outcome.refusal =
          refusal != ack.refusals().end() && refusal->index() == place
              ? &*refusal
              : &v1::Refusal::default_instance();
    }
    Tell(batch, place, outcome, other);
  }
}

void TellAll(const StreamBatch& batch, EventOutcome::Kind kind,
             const absl::Status& status, const OutcomeCallback& other) {
  const auto events = static_cast<size_t>(batch.request.batch().inputs_size());
  for (size_t place = 0; place < events; ++place) {
    EventOutcome outcome;
    outcome.kind = kind;
    outcome.number = batch.first_number + place;
    outcome.status = status;
    Tell(batch, place, outcome, other);
  }
}

absl::Status RefusalStatus(const v1::BatchAck& ack) {
  if (ack.refusals().empty()) return absl::OkStatus();
  const v1::Refusal& first = ack.refusals(0);
  const int code = first.problems().empty()
                       ? static_cast<int>(absl::StatusCode::kUnknown)
                       : first.problems(0).code();
  return absl::Status(static_cast<absl::StatusCode>(code),
                      absl::StrCat(ack.refusals_size(), " of ",
                                   ack.outcomes_size(), " events refused"));
}

absl::Status StuckStatus(const v1::BatchAck& ack) {
  return absl::FailedPreconditionError(
      absl::StrCat("the source's cursor stays at '", ack.cursor(),
                   "': ", RefusalStatus(ack).message(),
                   ", and may be accepted later. Record what they name, then "
                   "feed again from "
                   "the cursor"));
}

}  // namespace daybook::client
