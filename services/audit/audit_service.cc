#include "services/audit/audit_service.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "core/base/status_macros.h"
#include "services/audit/checkpoints.h"
#include "services/audit/find_entries.h"
#include "services/audit/proofs.h"
#include "services/audit/replay.h"
#include "services/audit/scrub.h"
#include "services/grpc/authorize.h"
#include "services/grpc/find_ledger.h"
#include "services/grpc/grpc_status.h"
#include "services/grpc/request_check.h"

namespace daybook::services {
namespace {

// How long a call waits for a signature; it takes a sync.
constexpr absl::Duration checkpoint_wait_max = absl::Seconds(10);

// How long one FindEntries reads, about.
constexpr absl::Duration find_time_max = absl::Seconds(1);

absl::StatusOr<Position> FindByKey(const LedgerEngine& ledger,
                                   const v1::GetEventRequest& request) {
  switch (request.key_case()) {
    case v1::GetEventRequest::kPosition:
      return FindByPosition(ledger, request.position());
    case v1::GetEventRequest::kIdentity:
      return FindByIdentity(ledger, request.identity());
    case v1::GetEventRequest::KEY_NOT_SET:
      break;
  }
  return absl::InvalidArgumentError(
      "key: there is none; give a position or an identity");
}

absl::StatusOr<v1::StoredEntry> GetStored(const LedgerEngine& ledger,
                                          const v1::GetEventRequest& request) {
  ASSIGN_OR_RETURN(const Position position, FindByKey(ledger, request));
  v1::StoredEntry stored;
  stored.set_position(position.value());
  ASSIGN_OR_RETURN(*stored.mutable_entry(), ledger.ReadEntry(position));
  if (request.include_personal_data()) {
    ASSIGN_OR_RETURN(std::optional<PersonalRecord> personal,
                     ledger.ReadPersonalData(position));
    if (personal) {
      *stored.mutable_personal_data() = std::move(personal->data);
      stored.set_salt(std::move(personal->salt));
    }
  }
  return stored;
}

// The field by which a request asks for personal data; empty when it does not.
template <typename Request>
absl::string_view PersonalField(const Request&) {
  return "";
}

absl::string_view PersonalField(const v1::GetEventRequest& request) {
  return request.include_personal_data() ? "include_personal_data" : "";
}

absl::string_view PersonalField(const v1::ReplayEventsRequest& request) {
  return request.filter().personal_text().empty() ? "" : "filter.personal_text";
}

absl::string_view PersonalField(const v1::FindEntriesRequest& request) {
  if (!request.filter().personal_text().empty()) return "filter.personal_text";
  return request.include_personal_data() ? "include_personal_data" : "";
}

}  // namespace

grpc::Status AuditService::ReplayEvents(
    grpc::ServerContext* context, const v1::ReplayEventsRequest* request,
    grpc::ServerWriter<v1::StoredEntry>* writer) {
  const absl::StatusOr<LedgerEngine*> ledger =
      Admit(*context, *request, request->ledger(), PersonalField(*request));
  if (!ledger.ok()) return ToAuditorStatus(ledger.status());

  absl::StatusOr<ReplayQuestion> question = ParseReplay(*request, **ledger);
  if (!question.ok()) return ToAuditorStatus(question.status());

  return ToAuditorStatus(Replay(
      **ledger, *std::move(question), [&] { return !context->IsCancelled(); },
      [&](const v1::StoredEntry& stored, bool more) {
        // Messages that follow at once go out together.
        grpc::WriteOptions how;
        if (more) how.set_buffer_hint();
        return writer->Write(stored, how);
      }));
}

grpc::Status AuditService::GetEvent(grpc::ServerContext* context,
                                    const v1::GetEventRequest* request,
                                    v1::StoredEntry* response) {
  return Answer(*context, *request, *response, GetStored);
}

grpc::Status AuditService::GetInclusionProof(
    grpc::ServerContext* context, const v1::GetInclusionProofRequest* request,
    v1::InclusionProof* response) {
  return Answer(*context, *request, *response, ProveInclusion);
}

grpc::Status AuditService::GetConsistencyProof(
    grpc::ServerContext* context, const v1::GetConsistencyProofRequest* request,
    v1::ConsistencyProof* response) {
  return Answer(*context, *request, *response, ProveConsistency);
}

grpc::Status AuditService::GetTile(grpc::ServerContext* context,
                                   const v1::GetTileRequest* request,
                                   v1::GetTileResponse* response) {
  return Answer(*context, *request, *response, ReadTile);
}

grpc::Status AuditService::ScrubStorage(
    grpc::ServerContext* context, const v1::ScrubStorageRequest* request,
    grpc::ServerWriter<v1::ScrubStorageResponse>* writer) {
  const absl::StatusOr<LedgerEngine*> ledger =
      Admit(*context, *request, request->ledger(), PersonalField(*request));
  if (!ledger.ok()) return ToAuditorStatus(ledger.status());

  if (scrubbing_.exchange(true)) {
    return ToAuditorStatus(absl::ResourceExhaustedError(
        "another call scrubs storage; wait until it is through"));
  }
  const absl::Status scrubbed = Scrub(
      **ledger, [&] { return !context->IsCancelled(); },
      [&](const v1::ScrubStorageResponse& response) {
        return writer->Write(response);
      });
  scrubbing_ = false;
  return ToAuditorStatus(scrubbed);
}

grpc::Status AuditService::FindEntries(grpc::ServerContext* context,
                                       const v1::FindEntriesRequest* request,
                                       v1::FindEntriesResponse* response) {
  const absl::Time until = absl::Now() + find_time_max;
  const auto goes_on = [&] {
    return absl::Now() < until && !context->IsCancelled();
  };
  return Answer(
      *context, *request, *response,
      [&](const LedgerEngine& ledger, const v1::FindEntriesRequest& asked) {
        return services::FindEntries(ledger, asked, goes_on);
      });
}

absl::StatusOr<LedgerEngine*> AuditService::Admit(
    const grpc::ServerContext& context,
    const google::protobuf::Message& request, const std::string& ledger,
    absl::string_view personal_field) {
  ASSIGN_OR_RETURN(const Principal auditor, Authorize(context));
  RETURN_IF_ERROR(CheckKnownFields(request));
  if (!personal_field.empty()) {
    RETURN_IF_ERROR(AuthorizePersonalData(auditor, rights_, personal_field));
  }
  return FindLedger(ledgers_, ledger);
}

template <typename Request, typename Response, typename Work>
grpc::Status AuditService::Answer(const grpc::ServerContext& context,
                                  const Request& request, Response& response,
                                  Work work) {
  const absl::StatusOr<LedgerEngine*> ledger =
      Admit(context, request, request.ledger(), PersonalField(request));
  if (!ledger.ok()) return ToAuditorStatus(ledger.status());

  absl::StatusOr<Response> answer = work(**ledger, request);
  if (!answer.ok()) return ToAuditorStatus(answer.status());
  response = *std::move(answer);
  return grpc::Status::OK;
}

grpc::Status AuditService::GetCheckpoint(
    grpc::ServerContext* context, const v1::GetCheckpointRequest* request,
    v1::Checkpoint* response) {
  const absl::StatusOr<Principal> auditor = Authorize(*context);
  if (!auditor.ok()) return ToAuditorStatus(auditor.status());

  absl::StatusOr<v1::Checkpoint> checkpoint =
      services::GetCheckpoint(publishers_, *request,
                              std::min(absl::FromChrono(context->deadline()),
                                       absl::Now() + checkpoint_wait_max));
  if (!checkpoint.ok()) return ToAuditorStatus(checkpoint.status());
  *response = *std::move(checkpoint);
  return grpc::Status::OK;
}

grpc::Status AuditService::ListCheckpoints(
    grpc::ServerContext* context, const v1::ListCheckpointsRequest* request,
    v1::ListCheckpointsResponse* response) {
  const absl::StatusOr<Principal> auditor = Authorize(*context);
  if (!auditor.ok()) return ToAuditorStatus(auditor.status());

  absl::StatusOr<v1::ListCheckpointsResponse> page =
      services::ListCheckpoints(publishers_, *request);
  if (!page.ok()) return ToAuditorStatus(page.status());
  *response = *std::move(page);
  return grpc::Status::OK;
}

}  // namespace daybook::services
