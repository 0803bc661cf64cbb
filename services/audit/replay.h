// Replay: walks through a range of a ledger's entries, chunk by chunk.
//
// A reader may be slow, so nothing of the storage is held while it takes an
// entry: each chunk is read whole, then handed over one by one.
//
// Thread safety: thread-compatible.

#ifndef DAYBOOK_SERVICES_AUDIT_REPLAY_H_
#define DAYBOOK_SERVICES_AUDIT_REPLAY_H_

#include <cstdint>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/base/strong_int.h"
#include "daybook/v1/audit_service.pb.h"
#include "services/engine/ledger_engine.h"

namespace daybook::services {

struct ReplayQuestion {
  Position first{0};

  // Most entries to give.
  uint64_t limit = 0;

  // Only what is about this subject and what is under it; empty: everything.
  std::string subject;

  // Only what this source stated; empty: what anybody did.
  std::string source;
};

// What is asked by a request to replay `ledger`.
//
// Errors:
//   INVALID_ARGUMENT  the subject is malformed or of another ledger.
//   NOT_FOUND         the subject is not registered.
//   OUT_OF_RANGE      the first position is past the end.
absl::StatusOr<ReplayQuestion> ParseReplay(
    const v1::ReplayEventsRequest& request, const LedgerEngine& ledger);

// Calls `give` for each entry, in order, until it answers false, or until
// `wanted`, which is asked before each chunk, does: the reader is gone. The
// range ends at the size that the ledger has now.
//
// Errors: DATA_LOSS when an entry is missing or damaged; what was given before
// is good.
absl::Status Replay(const LedgerEngine& ledger, const ReplayQuestion& question,
                    absl::FunctionRef<bool()> wanted,
                    absl::FunctionRef<bool(const v1::StoredEntry&)> give);

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_AUDIT_REPLAY_H_
