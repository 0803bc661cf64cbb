// What proves that entries are in a ledger, as the auditors' calls answer it:
// inclusion and consistency proofs, tiles and bundles.
//
// Thread safety: pure functions on a ledger that is thread safe.

#ifndef DAYBOOK_SERVICES_AUDIT_PROOFS_H_
#define DAYBOOK_SERVICES_AUDIT_PROOFS_H_

#include "absl/status/statusor.h"
#include "core/base/strong_int.h"
#include "daybook/v1/audit_service.pb.h"
#include "daybook/v1/evidence.pb.h"
#include "services/engine/ledger_engine.h"

namespace daybook::services {

// The place of an entry that a request names by position or identity.
//
// Errors:
//   INVALID_ARGUMENT  the identity lacks a part.
//   NOT_FOUND         there is no such entry.
absl::StatusOr<Position> FindByPosition(const LedgerEngine& ledger,
                                        uint64_t position);
absl::StatusOr<Position> FindByIdentity(const LedgerEngine& ledger,
                                        const v1::EventIdentity& identity);

// Errors: as AuditService.GetInclusionProof.
absl::StatusOr<v1::InclusionProof> ProveInclusion(
    const LedgerEngine& ledger, const v1::GetInclusionProofRequest& request);

// Errors: as AuditService.GetConsistencyProof.
absl::StatusOr<v1::ConsistencyProof> ProveConsistency(
    const LedgerEngine& ledger, const v1::GetConsistencyProofRequest& request);

// Errors: as AuditService.GetTile.
absl::StatusOr<v1::GetTileResponse> ReadTile(const LedgerEngine& ledger,
                                             const v1::GetTileRequest& request);

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_AUDIT_PROOFS_H_
