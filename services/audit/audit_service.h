// AuditService: the auditors' calls.
//
// Thread safety: may be called from any thread.
//
// Protocol: proto/daybook/v1/audit_service.proto.

#ifndef DAYBOOK_SERVICES_AUDIT_AUDIT_SERVICE_H_
#define DAYBOOK_SERVICES_AUDIT_AUDIT_SERVICE_H_

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "daybook/v1/audit_service.grpc.pb.h"
#include "services/engine/ledger_registry.h"
#include "services/grpc/authorize.h"
#include "services/publisher/publisher.h"

namespace daybook::services {

class AuditService final : public v1::AuditService::Service {
 public:
  // Both must outlive the service.
  AuditService(LedgerRegistry& ledgers, Publishers& publishers, Rights rights)
      : ledgers_(ledgers), publishers_(publishers), rights_(rights) {}

  grpc::Status ReplayEvents(
      grpc::ServerContext* context, const v1::ReplayEventsRequest* request,
      grpc::ServerWriter<v1::StoredEntry>* writer) override;

  grpc::Status GetEvent(grpc::ServerContext* context,
                        const v1::GetEventRequest* request,
                        v1::StoredEntry* response) override;

  grpc::Status GetInclusionProof(grpc::ServerContext* context,
                                 const v1::GetInclusionProofRequest* request,
                                 v1::InclusionProof* response) override;

  grpc::Status GetConsistencyProof(
      grpc::ServerContext* context,
      const v1::GetConsistencyProofRequest* request,
      v1::ConsistencyProof* response) override;

  grpc::Status GetTile(grpc::ServerContext* context,
                       const v1::GetTileRequest* request,
                       v1::GetTileResponse* response) override;

  grpc::Status ScrubStorage(
      grpc::ServerContext* context, const v1::ScrubStorageRequest* request,
      grpc::ServerWriter<v1::ScrubStorageResponse>* writer) override;

  grpc::Status GetCheckpoint(grpc::ServerContext* context,
                             const v1::GetCheckpointRequest* request,
                             v1::Checkpoint* response) override;

  grpc::Status ListCheckpoints(grpc::ServerContext* context,
                               const v1::ListCheckpointsRequest* request,
                               v1::ListCheckpointsResponse* response) override;

  grpc::Status FindEntries(grpc::ServerContext* context,
                           const v1::FindEntriesRequest* request,
                           v1::FindEntriesResponse* response) override;

 private:
  // The ledger that a call is about, once the caller may make it.
  // `personal_field` is the field that asks for personal data; empty for none.
  absl::StatusOr<LedgerEngine*> Admit(const grpc::ServerContext& context,
                                      const google::protobuf::Message& request,
                                      const std::string& ledger,
                                      absl::string_view personal_field);

  // Answers a call about one ledger with what `work` makes of it.
  template <typename Request, typename Response, typename Work>
  grpc::Status Answer(const grpc::ServerContext& context,
                      const Request& request, Response& response, Work work);

  LedgerRegistry& ledgers_;
  Publishers& publishers_;
  const Rights rights_;
  // One scrub at a time: it takes the disk's whole speed.
  std::atomic<bool> scrubbing_ = false;
};

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_AUDIT_AUDIT_SERVICE_H_
