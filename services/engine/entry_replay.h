// EntryReplay: decides recorded entries again, in order, and writes what they
// make: facts and lineage.
//
// Thread safety: thread-compatible. Nobody else may write to its spaces; the
// log may grow meanwhile.

#ifndef DAYBOOK_SERVICES_ENGINE_ENTRY_REPLAY_H_
#define DAYBOOK_SERVICES_ENGINE_ENTRY_REPLAY_H_

#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/admission/admission.h"
#include "core/base/strong_int.h"
#include "daybook/v1/entry.pb.h"
#include "services/engine/identities.h"
#include "services/engine/lineage.h"
#include "services/engine/placed_posting.h"
#include "storage/event_log.h"

namespace daybook::services {

// What a replay writes to.
enum class ReplayTarget {
  // Space::kFact and kLineage, which must be empty.
  kServing,
  // Space::kNextFact and kNextLineage, which must be empty.
  kNextGeneration,
};

class EntryReplay {
 public:
  static constexpr size_t chunk_entries_default = 1'024;

  // `log` and `identities`, which know all of it, must outlive it.
  // `chunk_entries` are written at once.
  EntryReplay(storage::EventLog& log, const Identities& identities,
              ReplayTarget target,
              size_t chunk_entries = chunk_entries_default);

  // Replays up to this size. `between` is called after each chunk; the first
  // status of it that is not OK ends the replay, and is returned.
  //
  // Errors: the replay is of no use after one.
  //   DATA_LOSS            an entry is damaged, or can not have been recorded
  //                        over those before it.
  //   FAILED_PRECONDITION  a later version of Daybook wrote entries.
  //   UNAVAILABLE          the disk refused a write.
  absl::Status To(LogSize limit, absl::FunctionRef<absl::Status()> between);

  // How far it got.
  LogSize size() const { return size_; }

 private:
  // Writes what the entries of the chunk make, and begins the next.
  absl::Status WriteChunk();
  absl::Status Apply(const v1::Entry& entry);
  // The entry before `limit` that an event names, where there is one.
  absl::StatusOr<std::optional<v1::Entry>> FindNamed(
      const std::optional<v1::EventIdentity>& named, Position limit) const;
  // The facts with these keys, as the entries before leave them.
  absl::StatusOr<std::map<std::string, Fact>> Fetch(
      const std::vector<std::string>& keys) const;

  storage::EventLog& log_;
  const Identities& identities_;
  const storage::Space facts_space_;
  const size_t chunk_entries_;
  Lineage lineage_;
  LogSize size_{0};

  // Of the chunk.
  // Postings point into them.
  std::deque<v1::Entry> entries_;
  std::map<std::string, Fact> facts_;
  std::vector<PlacedPosting> postings_;
};

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_ENGINE_ENTRY_REPLAY_H_
