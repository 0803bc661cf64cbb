#include "services/ledger/publication.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "core/base/status_macros.h"
#include "core/merkle/hash.h"
#include "services/grpc/grpc_status.h"

namespace daybook::services {
namespace {

// A signature takes a sync of the key's disk.
constexpr absl::Duration wait_max = absl::Seconds(5);

}  // namespace

absl::StatusOr<bool> AsksForPublication(v1::AckLevel level,
                                        absl::string_view field) {
  switch (level) {
    case v1::ACK_LEVEL_UNSPECIFIED:
    case v1::ACK_LEVEL_DURABLE:
      return false;
    case v1::ACK_LEVEL_PUBLISHED:
      return true;
    default:
      return absl::InvalidArgumentError(absl::StrCat(
          field, ": there is no level ", static_cast<int>(level),
          "; leave it out, or give ACK_LEVEL_DURABLE or ACK_LEVEL_PUBLISHED"));
  }
}

std::vector<Position> RecordedPositions(const AppendOutcome& outcome) {
  std::vector<Position> positions;
  for (const v1::AppendResult& result : outcome.results) {
    if (result.outcome() == v1::AppendResult::OUTCOME_UNSPECIFIED) continue;
    positions.push_back(Position(result.position()));
  }
  return positions;
}

absl::StatusOr<v1::PublicationProof> Publish(
    const LedgerEngine& ledger, Publisher& publisher,
    const std::vector<Position>& positions) {
  const Position last = *std::max_element(positions.begin(), positions.end());
  v1::PublicationProof publication;
  ASSIGN_OR_RETURN(
      *publication.mutable_checkpoint(),
      publisher.Await(LogSize(last.value() + 1), absl::Now() + wait_max));
  const LogSize size(publication.checkpoint().size());
  for (const Position position : positions) {
    ASSIGN_OR_RETURN(const std::vector<merkle::Hash> hashes,
                     ledger.tree().ProveInclusion(position, size));
    v1::InclusionProof& proof = *publication.add_proofs();
    proof.set_position(position.value());
    proof.set_size(size.value());
    for (const merkle::Hash& hash : hashes) {
      proof.add_hashes(std::string(hash.bytes()));
    }
  }
  return publication;
}

v1::ErrorStatus ToErrorStatus(const absl::Status& status) {
  const grpc::Status told = ToGrpcStatus(status);
  v1::ErrorStatus error;
  error.set_code(told.error_code());
  error.set_message(told.error_message());
  return error;
}

}  // namespace daybook::services
