// KeptCheckpoints: the checkpoints of a ledger that lie beside its log, the
// newest 4,096.
//
// They are a service to auditors: what was signed is settled by the state
// beside the key (key_directory.h), and what they say is held against the tree
// before it is given out.
//
// Thread safety: reads may be called from any thread; Put by one at a time.
//
// Bytes: docs/formats/event_log.md.

#ifndef DAYBOOK_SERVICES_PUBLISHER_KEPT_CHECKPOINTS_H_
#define DAYBOOK_SERVICES_PUBLISHER_KEPT_CHECKPOINTS_H_

#include <cstddef>
#include <deque>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/base/strong_int.h"
#include "daybook/v1/evidence.pb.h"
#include "storage/event_log.h"

namespace daybook::services {

class KeptCheckpoints {
 public:
  static constexpr size_t kept_default = 4'096;

  // `log` must outlive it; `kept_max` are kept.
  explicit KeptCheckpoints(storage::EventLog& log,
                           size_t kept_max = kept_default)
      : log_(log), kept_max_(kept_max) {}
  KeptCheckpoints(const KeptCheckpoints&) = delete;
  KeptCheckpoints& operator=(const KeptCheckpoints&) = delete;

  // At most `count` of sizes below `before`, the largest first.
  //
  // Errors of this and Find: DATA_LOSS when stored bytes are damaged.
  absl::StatusOr<std::vector<v1::Checkpoint>> List(LogSize before,
                                                   size_t count) const;

  // That of a size; absent when it is not kept.
  absl::StatusOr<std::optional<v1::Checkpoint>> Find(LogSize size) const;

  // Keeps a checkpoint, instead of another of its size, and deletes the oldest
  // when there are too many; durable on return.
  //
  // Errors: RESOURCE_EXHAUSTED when the disk is full; UNAVAILABLE when it
  // refused the write, after which the ledger records nothing more; DATA_LOSS.
  absl::Status Put(const v1::Checkpoint& checkpoint);

 private:
  storage::EventLog& log_;
  const size_t kept_max_;

  // Of all that are kept, ascending; absent until Put needs them.
  std::optional<std::deque<LogSize>> sizes_;
};

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_PUBLISHER_KEPT_CHECKPOINTS_H_
