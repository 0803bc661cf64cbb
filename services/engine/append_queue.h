// AppendQueue: the commands that wait to be recorded, in a lane for each
// source.
//
// A group takes one command of each lane in turn, so that a source that sends a
// year at once holds up another's single voucher by one group, not by the year.
// Within a lane the order is that of arrival.
//
// Thread safety: thread-compatible; its owner guards it.

#ifndef DAYBOOK_SERVICES_ENGINE_APPEND_QUEUE_H_
#define DAYBOOK_SERVICES_ENGINE_APPEND_QUEUE_H_

#include <cstddef>
#include <deque>
#include <list>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "services/engine/append_command.h"
#include "services/engine/prepared_batch.h"

namespace daybook::services {

// A command on its way through the engine. Whoever made it keeps it where it is
// until it is answered.
class AppendTicket {
 public:
  explicit AppendTicket(PreparedBatch prepared)
      : batch(std::move(prepared)), bytes(batch.bytes) {}
  AppendTicket(const AppendTicket&) = delete;
  AppendTicket& operator=(const AppendTicket&) = delete;

 private:
  friend class AppendQueue;
  friend class LedgerWriter;

  // Let go of once it is decided.
  PreparedBatch batch;
  const size_t bytes;
  absl::StatusOr<AppendOutcome> answer = AppendOutcome();
  absl::CondVar wake;
  // Whether a thread sleeps on `wake`.
  bool awaited = false;
  bool queued = false;
  bool answered = false;
};

class AppendQueue {
 public:
  bool empty() const { return lanes_.empty(); }

  // Of all that was pushed and is not released yet.
  size_t commands() const { return commands_; }
  size_t bytes() const { return bytes_; }

  void Push(AppendTicket& ticket);

  // Takes out what the next group is made of: at most so many events and bytes,
  // but at least one command.
  std::vector<AppendTicket*> TakeGroup(size_t events_max, size_t bytes_max);

  // Takes out a command that waits; false when it was taken already.
  bool Withdraw(AppendTicket& ticket);

  // A command that was taken is answered and takes no more room.
  void Release(const AppendTicket& ticket);

  // The one that comes first in the next group. The queue must not be empty.
  AppendTicket& front() const { return *lanes_.front().tickets.front(); }

 private:
  struct Lane {
    std::string source;
    std::deque<AppendTicket*> tickets;
  };

  void Remove(std::list<Lane>::iterator lane);

  // Those that hold something, the next to take from first.
  std::list<Lane> lanes_;
  absl::flat_hash_map<std::string, std::list<Lane>::iterator> by_source_;
  size_t commands_ = 0;
  size_t bytes_ = 0;
};

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_ENGINE_APPEND_QUEUE_H_
