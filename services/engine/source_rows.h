// The rows of Space::kSource: how far each source of a ledger is, and the last
// refusals of its events and batches.
//
// The refusals of a source lie in a ring: the next takes the place of the
// oldest, so that they are bounded without anything being deleted. A source has
// a place once something of it was recorded or its cursor was kept. The
// refusals of all others lie in one ring together, so that names that nobody
// knows use up no place; those that are still there become its own when it gets
// one.
//
// Thread safety: pure functions.
//
// Bytes: docs/formats/entry.md.

#ifndef DAYBOOK_SERVICES_ENGINE_SOURCE_ROWS_H_
#define DAYBOOK_SERVICES_ENGINE_SOURCE_ROWS_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "daybook/v1/sources.pb.h"
#include "storage/event_log.h"

namespace daybook::services {

// Sources of one ledger, at most.
inline constexpr uint64_t sources_max = 10'000;

// Refusals that are kept of each source.
inline constexpr uint64_t kept_refusals_max = 4'096;

// Whose ring that of all sources without a place is. No source has this name.
// Of its progress `refused_batches` alone is counted, whatever was refused.
inline constexpr char no_place[] = "";

// Key of a source's progress.
std::string SourceKey(absl::string_view source);

// Key of how many sources there are, 8 bytes.
std::string SourceCountKey();

// Whether the same event may be accepted later.
bool IsRetryable(const v1::Refusal& refusal);

// How many refusals of the source there ever were, of events and of batches.
uint64_t RefusedTotal(const v1::SourceProgress& progress);

// Counts one more refusal of the source, which gets the next number.
void CountRefusal(v1::KeptRefusal& refusal, v1::SourceProgress& progress);

// What keeps the refusal in the place of the one before the ring's last turn.
storage::SideWrite RefusalWrite(absl::string_view source,
                                const v1::KeptRefusal& refusal);

// What the row of a source says; no row is an empty progress.
//
// Errors: DATA_LOSS when the stored bytes are damaged.
absl::StatusOr<v1::SourceProgress> ParseProgress(
    absl::string_view source, const std::optional<std::string>& row);

// What GetSourceProgress answers, but for what the clock says: of a source
// without a place, what its refusals tell that are still there.
//
// Errors: DATA_LOSS when stored bytes are damaged.
absl::StatusOr<v1::SourceProgress> ReadProgress(const storage::EventLog& log,
                                                absl::string_view source);

// The refusals of a source without a place that are still there, the oldest
// first. There were `total` of all such sources; `pending` are writes that may
// not be in the log yet, the latest last.
//
// Errors: DATA_LOSS when stored bytes are damaged.
absl::StatusOr<std::vector<v1::KeptRefusal>> ReadWithoutPlace(
    const storage::EventLog& log, absl::string_view source, uint64_t total,
    absl::Span<const std::vector<storage::SideWrite>* const> pending);

// At most `count` sources behind `after`, in byte order; empty: from the first.
//
// Errors: DATA_LOSS when stored bytes are damaged.
absl::StatusOr<std::vector<v1::SourceProgress>> ReadSources(
    const storage::EventLog& log, absl::string_view after, size_t count);

// The refusals of a source with numbers below `limit`, at most `count` of them,
// newest first.
//
// Errors: DATA_LOSS when stored bytes are damaged.
absl::StatusOr<std::vector<v1::KeptRefusal>> ReadRefusals(
    const storage::EventLog& log, absl::string_view source, uint64_t limit,
    size_t count);

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_ENGINE_SOURCE_ROWS_H_
