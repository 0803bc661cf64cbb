// SeenEvents: which events are recorded, or about to be, as a group that is
// being decided sees them: those of the log, of the group before, which is
// being written, and of its own.
//
// Thread safety: thread-compatible; one group, one object, one thread.

#ifndef DAYBOOK_SERVICES_ENGINE_SEEN_EVENTS_H_
#define DAYBOOK_SERVICES_ENGINE_SEEN_EVENTS_H_

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/base/strong_int.h"
#include "daybook/v1/entry.pb.h"
#include "services/engine/identities.h"
#include "services/engine/pending_group.h"
#include "storage/event_log.h"
#include "storage/hash_table.h"

namespace daybook::services {

class SeenEvents {
 public:
  // `before` is null when no group is being written; it may come into the log
  // meanwhile. All must outlive the object.
  SeenEvents(const storage::EventLog& log, const Identities& identities,
             const PendingGroup* before, const PendingGroup& group)
      : log_(log), identities_(identities), before_(before), group_(group) {}
  SeenEvents(const SeenEvents&) = delete;
  SeenEvents& operator=(const SeenEvents&) = delete;

  // Reads what the log has under these hashes. Only what was fetched last is
  // found.
  //
  // Errors: DATA_LOSS when stored bytes are damaged.
  absl::Status Fetch(const std::vector<uint64_t>& hashes);

  // What was fetched last, each once.
  const std::deque<v1::Entry>& recorded() const { return recorded_; }

  // The entry with this identity, whose hash this is; null when there is none.
  const v1::Entry* Find(uint64_t hash, absl::string_view source,
                        absl::string_view event_id) const;

  // The salt of the personal data of an entry that was found; empty when it has
  // none or it was erased.
  //
  // Errors: DATA_LOSS when stored bytes are damaged.
  absl::StatusOr<std::string> SaltOf(const v1::Entry& entry) const;

 private:
  // Of what was fetched.
  absl::Status FetchSalts();

  const storage::EventLog& log_;
  const Identities& identities_;
  const PendingGroup* const before_;
  const PendingGroup& group_;

  std::deque<v1::Entry> recorded_;
  // By position.
  absl::flat_hash_map<uint64_t, std::string> salts_;
  // Places in recorded_.
  storage::HashTable recorded_by_hash_;
};

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_ENGINE_SEEN_EVENTS_H_
