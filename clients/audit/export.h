// Export: a ledger as files that any web server can give out and any verifier
// can read.
//
// Tiles and bundles come first, then the personal data where it is wanted, then
// the verifier key, and the checkpoint last: at no moment is there a checkpoint
// that the files do not cover. What is there already is kept, so an export can
// be broken off, and done again when the ledger has grown; the older checkpoint
// is then shown to be continued, and kept under "checkpoints/".
//
// Nothing is exported that would not verify: each bundle is hashed and compared
// with its tile, the tiles with the checkpoint's root, and the checkpoint with
// the key that the entries name.
//
// Thread safety: one call at a time for a folder.
//
// Files: docs/formats/export.md.

#ifndef DAYBOOK_CLIENTS_AUDIT_EXPORT_H_
#define DAYBOOK_CLIENTS_AUDIT_EXPORT_H_

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "clients/audit/fetcher.h"
#include "clients/audit/personal_file.h"
#include "clients/audit/progress.h"

namespace daybook::audit {

// What lies beside one entry; absent when nothing does.
using PersonalLookUp = std::function<absl::StatusOr<std::optional<PersonalRow>>(
    Position position, uint32_t place)>;

// The position of an event; absent when it is not there.
using EventLookUp = std::function<absl::StatusOr<std::optional<Position>>(
    const v1::EventIdentity& identity)>;

struct ExportOptions {
  std::filesystem::path folder;

  // Older checkpoints to export too, as notes: those whose keys lead to the
  // newest one's.
  std::vector<std::string> older_checkpoints;

  // Empty: no personal data is exported. Both are given, or none.
  PersonalLookUp personal;
  EventLookUp find_event;

  Progress progress;
};

struct Exported {
  uint64_t size = 0;
  // Of the export that was there before; 0: none.
  uint64_t size_before = 0;
  uint64_t files_written = 0;
  uint64_t files_kept = 0;
  // The key that checks the checkpoint.
  std::string verifier_key;
};

// Exports up to the fetcher's newest checkpoint.
//
// Errors: those of the fetcher; DATA_LOSS when what it gives does not verify,
// or does not continue what was exported before: nothing that is wrong has got
// a name. FAILED_PRECONDITION when the folder can not be used, or no entry
// names a key that signed the checkpoint; UNAVAILABLE when the disk refuses.
absl::StatusOr<Exported> Export(Fetcher& fetcher, const ExportOptions& options);

}  // namespace daybook::audit

#endif  // DAYBOOK_CLIENTS_AUDIT_EXPORT_H_
