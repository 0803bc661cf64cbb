// EntrySource: where an auditor's command reads entries from: a server, or the
// folder of an export.
//
// Of an export nothing is verified here; `audit verify` does that.
//
// Thread safety: thread-compatible.

#ifndef DAYBOOK_CLIENTS_CLI_ENTRY_SOURCE_H_
#define DAYBOOK_CLIENTS_CLI_ENTRY_SOURCE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "clients/cli/command_line.h"
#include "daybook/v1/audit_service.pb.h"
#include "daybook/v1/entry.pb.h"

namespace daybook::cli {

// What to replay.
struct ReplayRange {
  uint64_t first = 0;
  // At most so many; 0: all.
  uint64_t limit = 0;
  v1::EntryFilter filter;
};

class EntrySource {
 public:
  using VisitEntry = absl::FunctionRef<absl::Status(const v1::StoredEntry&)>;
  using VisitPage =
      absl::FunctionRef<absl::Status(const v1::FindEntriesResponse&)>;

  virtual ~EntrySource() = default;

  // Calls `visit` for each entry that fits, in order; stops at the first status
  // that is not OK and returns it.
  //
  // Errors: as AuditService.ReplayEvents; of an export NOT_FOUND when a file is
  // missing, DATA_LOSS when one can not be read.
  virtual absl::Status Replay(const ReplayRange& range, VisitEntry visit) = 0;

  // The same in pages that say how far the reading is; some are empty. With
  // personal data where it is asked for.
  //
  // Errors: as AuditService.FindEntries; of an export as above, and
  // FAILED_PRECONDITION for personal data, which is not searched there.
  virtual absl::Status Find(const v1::EntryFilter& filter, bool personal_data,
                            VisitPage visit) = 0;

  // The entry of an event; absent when it is not recorded. An export knows the
  // events that were replayed.
  //
  // Errors: as Replay.
  virtual absl::StatusOr<std::optional<v1::Entry>> FindEvent(
      const v1::EventIdentity& identity) = 0;
};

// Of a command's first argument: a folder with a checkpoint in it is an export,
// everything else names a ledger of the server.
//
// Errors: DATA_LOSS when what is in the folder is no export.
absl::StatusOr<std::unique_ptr<EntrySource>> OpenEntrySource(
    const CommandLine& line);

}  // namespace daybook::cli

#endif  // DAYBOOK_CLIENTS_CLI_ENTRY_SOURCE_H_
