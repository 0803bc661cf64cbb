#include "services/ledger/ledger_service.h"

#include <utility>

#include "absl/status/statusor.h"
#include "core/base/status_macros.h"
#include "services/grpc/authorize.h"
#include "services/grpc/find_ledger.h"
#include "services/grpc/grpc_status.h"
#include "services/grpc/request_check.h"

namespace daybook::services {
namespace {

// The events themselves are checked one by one where they are decided.
absl::StatusOr<AppendCommand> ParseAppend(
    const v1::AppendEventsRequest& request, const Principal& writer) {
  RETURN_IF_ERROR(CheckKnownFields(request, Depth::kEnvelope));
  AppendCommand command;
  command.principal = writer.name;
  command.source = request.source();
  command.inputs = &request.inputs();
  if (request.has_expected_size()) {
    command.expected_size = LogSize(request.expected_size());
  }
  command.validate_only = request.validate_only();
  return command;
}

v1::AppendRefused ToAppendRefused(AppendOutcome outcome) {
  v1::AppendRefused refused;
  refused.set_refused_total(outcome.refused_total);
  for (v1::Refusal& refusal : outcome.refusals) {
    *refused.add_refusals() = std::move(refusal);
  }
  return refused;
}

v1::AppendEventsResponse ToResponse(AppendOutcome outcome) {
  v1::AppendEventsResponse response;
  response.set_size(outcome.size.value());
  for (v1::AppendResult& result : outcome.results) {
    *response.add_results() = std::move(result);
  }
  for (v1::Refusal& refusal : outcome.refusals) {
    *response.add_refusals() = std::move(refusal);
  }
  return response;
}

}  // namespace

grpc::Status LedgerService::AppendEvents(grpc::ServerContext* context,
                                         const v1::AppendEventsRequest* request,
                                         v1::AppendEventsResponse* response) {
  const absl::StatusOr<Principal> writer = Authorize(*context);
  if (!writer.ok()) return ToGrpcStatus(writer.status());

  const absl::StatusOr<AppendCommand> command = ParseAppend(*request, *writer);
  if (!command.ok()) return ToGrpcStatus(command.status());

  const absl::StatusOr<LedgerEngine*> ledger =
      FindLedger(ledgers_, request->ledger());
  if (!ledger.ok()) return ToGrpcStatus(ledger.status());

  absl::StatusOr<AppendOutcome> outcome = (*ledger)->Append(*command);
  if (!outcome.ok()) return ToGrpcStatus(outcome.status());

  if (outcome->refused_total > 0 && !request->validate_only()) {
    return ToRefusedStatus(ToAppendRefused(*std::move(outcome)));
  }
  *response = ToResponse(*std::move(outcome));
  return grpc::Status::OK;
}

}  // namespace daybook::services
