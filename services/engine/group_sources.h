// GroupSources: how far the sources of a commit group's batches are, and what
// is refused of them, as the group changes it batch by batch.
//
// A source gets a place of its own with the first batch of which something is
// recorded or the cursor kept; see source_rows.h. So of a batch all is kept at
// its end, when that is known.
//
// Thread safety: thread-compatible; one group, one object, one thread.

#ifndef DAYBOOK_SERVICES_ENGINE_GROUP_SOURCES_H_
#define DAYBOOK_SERVICES_ENGINE_GROUP_SOURCES_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "daybook/v1/sources.pb.h"
#include "services/engine/pending_group.h"
#include "services/engine/prepared_batch.h"
#include "storage/event_log.h"

namespace daybook::services {

class GroupSources {
 public:
  // `before` is the group that is being written, null when there is none; what
  // changes is put into `group`. All must outlive the object.
  GroupSources(const storage::EventLog& log, const PendingGroup* before,
               PendingGroup& group)
      : log_(log), before_(before), group_(group) {}
  GroupSources(const GroupSources&) = delete;
  GroupSources& operator=(const GroupSources&) = delete;

  // Reads what is stored of the sources of `batches`.
  //
  // Errors: DATA_LOSS when stored bytes are damaged.
  absl::Status Fetch(const std::vector<PreparedBatch*>& batches);

  // Begins a batch of a source that was fetched.
  //
  // Errors:
  //   RESOURCE_EXHAUSTED  it has no place, and there is none left.
  //   DATA_LOSS           stored bytes are damaged.
  absl::Status BeginBatch(const std::string& source);

  // Where the source stands, before the batch and with it.
  v1::SourceProgress& progress() { return progress_; }

  // Counts a refusal of the batch, and keeps it once the batch ends.
  void Refuse(v1::KeptRefusal refusal);

  // Keeps what the batch changed; `gets_place` when it recorded something or
  // moved the cursor. What is not ended leaves no trace.
  //
  // Errors: DATA_LOSS when stored bytes are damaged; nothing is kept then.
  absl::Status EndBatch(bool gets_place);

 private:
  // What is known of a source; absent when it has no place.
  absl::StatusOr<std::optional<v1::SourceProgress>> Find(
      const std::string& source) const;
  uint64_t Count() const;
  // Puts what was refused of the source while it had no place, out of `total`,
  // before what the batch keeps.
  absl::Status TakeOverRefusals(uint64_t total);

  const storage::EventLog& log_;
  const PendingGroup* const before_;
  PendingGroup& group_;

  std::map<std::string, std::optional<std::string>> recorded_;
  uint64_t recorded_count_ = 0;

  // Of the batch.
  std::string source_;
  bool has_place_ = false;
  v1::SourceProgress progress_;
  std::vector<v1::KeptRefusal> refusals_;
};

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_ENGINE_GROUP_SOURCES_H_
