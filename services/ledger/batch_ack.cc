#include "services/ledger/batch_ack.h"

#include <string>
#include <utility>

#include "services/ledger/publication.h"

namespace daybook::services {
namespace {

v1::StreamOutcome OutcomeOf(const v1::AppendResult& result) {
  switch (result.outcome()) {
    case v1::AppendResult::OUTCOME_CREATED:
      return v1::STREAM_OUTCOME_CREATED;
    case v1::AppendResult::OUTCOME_REPLAYED:
      return v1::STREAM_OUTCOME_REPLAYED;
    default:
      return v1::STREAM_OUTCOME_REFUSED;
  }
}

}  // namespace

v1::BatchAck AckOf(uint64_t correlation_id, size_t events,
                   AppendOutcome outcome) {
  v1::BatchAck ack;
  ack.set_correlation_id(correlation_id);
  ack.set_cursor(std::move(outcome.cursor));
  if (!outcome.undecided.ok()) {
    ack.mutable_error()->set_code(outcome.undecided.raw_code());
    ack.mutable_error()->set_message(std::string(outcome.undecided.message()));
    return ack;
  }
  ack.set_level(v1::ACK_LEVEL_DURABLE);
  ack.set_size(outcome.size.value());
  ack.set_cursor_kept(outcome.cursor_kept);
  const int count = static_cast<int>(events);
  ack.mutable_outcomes()->Reserve(count);
  ack.mutable_positions()->Reserve(count);
  for (size_t i = 0; i < outcome.results.size(); ++i) {
    const v1::AppendResult& result = outcome.results[i];
    ack.add_outcomes(OutcomeOf(result));
    ack.add_positions(result.position());
    if (result.reversed()) ack.add_reversed(static_cast<uint32_t>(i));
  }
  if (outcome.results.empty()) {
    ack.mutable_outcomes()->Resize(count, v1::STREAM_OUTCOME_NOT_RECORDED);
    ack.mutable_positions()->Resize(count, 0);
  }
  for (v1::Refusal& refusal : outcome.refusals) {
    ack.set_outcomes(static_cast<int>(refusal.index()),
                     v1::STREAM_OUTCOME_REFUSED);
    *ack.add_refusals() = std::move(refusal);
  }
  return ack;
}

void AddPublication(absl::StatusOr<v1::PublicationProof> published,
                    v1::BatchAck& ack) {
  if (published.ok()) {
    ack.set_level(v1::ACK_LEVEL_PUBLISHED);
    *ack.mutable_publication() = *std::move(published);
  } else {
    *ack.mutable_unpublished() = ToErrorStatus(published.status());
  }
}

}  // namespace daybook::services
