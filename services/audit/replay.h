// Replay: gives a range of a ledger's entries, or what of it is asked for.
//
// A reader may be slow, so nothing of the storage is held while it takes an
// entry.
//
// Thread safety: thread-compatible.

#ifndef DAYBOOK_SERVICES_AUDIT_REPLAY_H_
#define DAYBOOK_SERVICES_AUDIT_REPLAY_H_

#include <cstdint>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/base/strong_int.h"
#include "core/report/entry_filter.h"
#include "daybook/v1/audit_service.pb.h"
#include "services/engine/ledger_engine.h"

namespace daybook::services {

struct ReplayQuestion {
  Position first{0};

  // Most entries to give.
  uint64_t limit = 0;

  // Only what fits all of them.
  std::vector<EntryFilter> filters;
};

// What is asked by a request to replay `ledger`. Whether it may ask for
// personal data is up to the caller.
//
// Errors:
//   INVALID_ARGUMENT  subject or filter are malformed, or of another ledger.
//   NOT_FOUND         the subject is not registered.
//   OUT_OF_RANGE      the first position is past the end.
absl::StatusOr<ReplayQuestion> ParseReplay(
    const v1::ReplayEventsRequest& request, const LedgerEngine& ledger);

// Takes an entry; `more` follow at once. False: no more are wanted.
using ReplayTo =
    absl::FunctionRef<bool(const v1::StoredEntry& stored, bool more)>;

// Calls `give` for each entry, in order, until it answers false, or until
// `wanted`, which is asked before each chunk, does: the reader is gone. The
// range ends at the size that the ledger has now.
//
// Errors: DATA_LOSS when an entry is missing or damaged; what was given before
// is good.
absl::Status Replay(const LedgerEngine& ledger, ReplayQuestion question,
                    absl::FunctionRef<bool()> wanted, ReplayTo give);

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_AUDIT_REPLAY_H_
