#include "services/admin/admin_service.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/strip.h"
#include "core/base/status_macros.h"
#include "services/grpc/authorize.h"
#include "services/grpc/find_ledger.h"
#include "services/grpc/grpc_status.h"
#include "services/grpc/page_token.h"
#include "services/grpc/request_check.h"

namespace daybook::services {
namespace {

constexpr char list_question[] = "ListLedgers";

absl::StatusOr<v1::Ledger> Create(LedgerRegistry& ledgers,
                                  const v1::CreateLedgerRequest& request) {
  RETURN_IF_ERROR(CheckKnownFields(request));
  return ledgers.Create(request);
}

absl::StatusOr<v1::ListLedgersResponse> List(
    LedgerRegistry& ledgers, const v1::ListLedgersRequest& request) {
  RETURN_IF_ERROR(CheckKnownFields(request));
  ASSIGN_OR_RETURN(const size_t page_size, ParsePageSize(request.page_size()));
  ASSIGN_OR_RETURN(const std::string after,
                   ParsePageToken(list_question, request.page_token()));
  // One more than a page tells whether there is another.
  ASSIGN_OR_RETURN(
      std::vector<v1::Ledger> found,
      ledgers.List(absl::StripPrefix(after, "ledgers/"), page_size + 1));
  const bool more = found.size() > page_size;
  if (more) found.pop_back();
  v1::ListLedgersResponse page;
  for (v1::Ledger& ledger : found) *page.add_ledgers() = std::move(ledger);
  if (more) {
    page.set_next_page_token(
        MakePageToken(list_question, page.ledgers().rbegin()->name()));
  }
  return page;
}

absl::StatusOr<v1::RotateKeyResponse> Rotate(
    LedgerPublishers& publishers, const v1::RotateKeyRequest& request,
    const Principal& caller) {
  RETURN_IF_ERROR(CheckKnownFields(request));
  ASSIGN_OR_RETURN(const std::string ledger_id,
                   ParseLedgerName(request.ledger()));
  return publishers.RotateKey(ledger_id, caller.name, request.reason());
}

}  // namespace

grpc::Status AdminService::CreateLedger(grpc::ServerContext* context,
                                        const v1::CreateLedgerRequest* request,
                                        v1::Ledger* response) {
  const absl::StatusOr<Principal> caller = Authorize(*context);
  if (!caller.ok()) return ToGrpcStatus(caller.status());

  absl::StatusOr<v1::Ledger> created = Create(ledgers_, *request);
  if (!created.ok()) return ToGrpcStatus(created.status());
  *response = *std::move(created);
  return grpc::Status::OK;
}

grpc::Status AdminService::ListLedgers(grpc::ServerContext* context,
                                       const v1::ListLedgersRequest* request,
                                       v1::ListLedgersResponse* response) {
  const absl::StatusOr<Principal> caller = Authorize(*context);
  if (!caller.ok()) return ToGrpcStatus(caller.status());

  absl::StatusOr<v1::ListLedgersResponse> page = List(ledgers_, *request);
  if (!page.ok()) return ToGrpcStatus(page.status());
  *response = *std::move(page);
  return grpc::Status::OK;
}

grpc::Status AdminService::RotateKey(grpc::ServerContext* context,
                                     const v1::RotateKeyRequest* request,
                                     v1::RotateKeyResponse* response) {
  const absl::StatusOr<Principal> caller = Authorize(*context);
  if (!caller.ok()) return ToGrpcStatus(caller.status());

  absl::StatusOr<v1::RotateKeyResponse> rotated =
      Rotate(publishers_, *request, *caller);
  if (!rotated.ok()) return ToGrpcStatus(rotated.status());
  *response = *std::move(rotated);
  return grpc::Status::OK;
}

}  // namespace daybook::services
