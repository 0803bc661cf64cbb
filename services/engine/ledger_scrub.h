// ScrubLedger: reads everything that is stored of a ledger, and holds it
// against what it must agree with.
//
// First every file, block by block. Then, entry by entry: the entries against
// the hashes that were stored when they were recorded, up to the root; each
// identity against the index that finds it; and personal data, where it was not
// erased, against the commitment in its entry.
//
// Reports and facts are not read: whoever has the entries can derive them
// again.
//
// Thread safety: may be called from any thread; the ledger may be written to
// meanwhile.

#ifndef DAYBOOK_SERVICES_ENGINE_LEDGER_SCRUB_H_
#define DAYBOOK_SERVICES_ENGINE_LEDGER_SCRUB_H_

#include <cstdint>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "services/engine/identities.h"
#include "services/engine/ledger_tree.h"
#include "storage/event_log.h"

namespace daybook::services {

// How far it is, and what was found.
struct ScrubStep {
  // Bytes of files; what they hold is read once as files and once as entries.
  uint64_t read_bytes = 0;
  uint64_t total_bytes = 0;
  // Where something is damaged, and what is wrong there; empty when all is well
  // so far.
  std::string place;
  std::string problem;
};

// What is scrubbed.
struct ScrubbedLedger {
  const storage::EventLog& log;
  const LedgerTree& tree;
  const Identities& identities;
};

// Calls `visit` after each step, until it answers false or all is read.
//
// Errors: UNAVAILABLE when the file system refused. Damage is no error.
absl::Status ScrubLedger(const ScrubbedLedger& ledger,
                         absl::FunctionRef<bool(const ScrubStep&)> visit);

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_ENGINE_LEDGER_SCRUB_H_
