// Which runs of an index are merged, and how.
//
// Runs are kept in tiers, each of runs `fan_out` times as long as those of the
// tier below; when a tier has `fan_out` neighbours, they become one of the
// next. So an entry is written once for each tier, and a look-up asks fewer
// than `fan_out` runs of each.
//
// Thread safety: pure functions of immutable runs.

#ifndef DAYBOOK_STORAGE_HASH_RUN_MERGE_H_
#define DAYBOOK_STORAGE_HASH_RUN_MERGE_H_

#include <cstddef>
#include <cstdint>
#include <memory>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "storage/hash_run_directory.h"

namespace daybook::storage {

struct HashRunTiers {
  // Entries of a run of the first tier.
  uint64_t entries;
  size_t fan_out;
};

// The neighbours to merge next, `fan_out` of them or none. Those of the lowest
// tier come first: they are merged most quickly.
absl::Span<const std::shared_ptr<const HashRun>> ChooseMerge(
    const HashRuns& runs, const HashRunTiers& tiers);

// Writes the run of all entries of `runs`, which are neighbours, and opens it.
// `pause` is called every now and then; a status of its that is not OK ends the
// merge.
//
// Errors: DATA_LOSS when a run is damaged; UNAVAILABLE when the file system
// refused. No file is left then, or one that opening the index accepts.
absl::StatusOr<std::shared_ptr<const HashRun>> MergeRuns(
    absl::Span<const std::shared_ptr<const HashRun>> runs,
    const HashRunDirectory& directory, absl::FunctionRef<absl::Status()> pause);

}  // namespace daybook::storage

#endif  // DAYBOOK_STORAGE_HASH_RUN_MERGE_H_
