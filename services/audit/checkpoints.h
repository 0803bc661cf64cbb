// The signed checkpoints of a ledger, as auditors ask for them.
//
// Thread safety: may be called from any thread.

#ifndef DAYBOOK_SERVICES_AUDIT_CHECKPOINTS_H_
#define DAYBOOK_SERVICES_AUDIT_CHECKPOINTS_H_

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "daybook/v1/audit_service.pb.h"
#include "daybook/v1/evidence.pb.h"
#include "services/publisher/publisher.h"

namespace daybook::services {

// See AuditService.GetCheckpoint. Waits for a signature until `deadline`, where
// one is wanted.
//
// Errors: as the rpc; DEADLINE_EXCEEDED.
absl::StatusOr<v1::Checkpoint> GetCheckpoint(
    Publishers& publishers, const v1::GetCheckpointRequest& request,
    absl::Time deadline);

// See AuditService.ListCheckpoints. Each was held against the tree.
//
// Errors: as the rpc; DATA_LOSS when one that is kept is damaged.
absl::StatusOr<v1::ListCheckpointsResponse> ListCheckpoints(
    Publishers& publishers, const v1::ListCheckpointsRequest& request);

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_AUDIT_CHECKPOINTS_H_
