#include "services/audit/audit_service.h"

#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "core/admission/well_formed.h"
#include "core/base/status_macros.h"
#include "core/base/utf8.h"
#include "services/audit/replay.h"
#include "services/grpc/authorize.h"
#include "services/grpc/find_ledger.h"
#include "services/grpc/grpc_status.h"
#include "services/grpc/request_check.h"

namespace daybook::services {
namespace {

absl::StatusOr<Position> FindByIdentity(const LedgerEngine& ledger,
                                        const v1::EventIdentity& identity) {
  if (identity.source().empty() || identity.event_id().empty()) {
    return absl::InvalidArgumentError(
        "identity: give both source and event_id");
  }
  ASSIGN_OR_RETURN(const std::optional<Position> position,
                   ledger.FindEvent(identity.source(), identity.event_id()));
  if (!position) {
    return absl::NotFoundError(absl::StrCat(
        "identity: ", ledger.ledger(), " holds no event ",
        Shortened(identity.event_id(), id_bytes_max), " of source ",
        Shortened(identity.source(), id_bytes_max)));
  }
  return *position;
}

absl::StatusOr<Position> FindByKey(const LedgerEngine& ledger,
                                   const v1::GetEventRequest& request) {
  switch (request.key_case()) {
    case v1::GetEventRequest::kPosition:
      if (request.position() >= ledger.size().value()) {
        return absl::NotFoundError(absl::StrCat(
            "position: ", ledger.ledger(), " holds no entry ",
            request.position(), "; its last is ", ledger.size().value() - 1));
      }
      return Position(request.position());
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

}  // namespace

grpc::Status AuditService::ReplayEvents(
    grpc::ServerContext* context, const v1::ReplayEventsRequest* request,
    grpc::ServerWriter<v1::StoredEntry>* writer) {
  const absl::StatusOr<Principal> auditor = Authorize(*context);
  if (!auditor.ok()) return ToGrpcStatus(auditor.status());

  const absl::Status known = CheckKnownFields(*request);
  if (!known.ok()) return ToGrpcStatus(known);

  const absl::StatusOr<LedgerEngine*> ledger =
      FindLedger(ledgers_, request->ledger());
  if (!ledger.ok()) return ToGrpcStatus(ledger.status());

  const absl::StatusOr<ReplayQuestion> question =
      ParseReplay(*request, **ledger);
  if (!question.ok()) return ToGrpcStatus(question.status());

  return ToGrpcStatus(Replay(
      **ledger, *question, [&] { return !context->IsCancelled(); },
      [&](const v1::StoredEntry& stored) { return writer->Write(stored); }));
}

grpc::Status AuditService::GetEvent(grpc::ServerContext* context,
                                    const v1::GetEventRequest* request,
                                    v1::StoredEntry* response) {
  const absl::StatusOr<Principal> auditor = Authorize(*context);
  if (!auditor.ok()) return ToGrpcStatus(auditor.status());

  const absl::Status known = CheckKnownFields(*request);
  if (!known.ok()) return ToGrpcStatus(known);

  const absl::StatusOr<LedgerEngine*> ledger =
      FindLedger(ledgers_, request->ledger());
  if (!ledger.ok()) return ToGrpcStatus(ledger.status());

  absl::StatusOr<v1::StoredEntry> stored = GetStored(**ledger, *request);
  if (!stored.ok()) return ToGrpcStatus(stored.status());
  *response = *std::move(stored);
  return grpc::Status::OK;
}

}  // namespace daybook::services
