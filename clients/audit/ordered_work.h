// OrderedWork: a stage of several threads before a stage of one, in order.
//
// Threads work on items in turn, each in a slot of a ring; whoever calls takes
// them in order. A thread that is a ring ahead waits, so that memory is bounded
// however unequal the stages are. Slots are used again, with what they hold.
//
// Thread safety: one call at a time of one object.

#ifndef DAYBOOK_CLIENTS_AUDIT_ORDERED_WORK_H_
#define DAYBOOK_CLIENTS_AUDIT_ORDERED_WORK_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"

namespace daybook::audit {

template <typename Slot>
class OrderedWork {
 public:
  OrderedWork(size_t threads, size_t slots)
      : threads_(threads), slots_(slots) {}

  // Calls `work` for each of [first, limit) on the threads, then `take` for
  // each in order on this one. Stops at the first status that is not OK, and
  // returns it; work that is under way then is finished.
  absl::Status Run(uint64_t first, uint64_t limit,
                   absl::FunctionRef<void(uint64_t, Slot&)> work,
                   absl::FunctionRef<absl::Status(Slot&)> take) {
    {
      const absl::MutexLock lock(&mutex_);
      next_ = taken_ = first;
      limit_ = limit;
      for (Place& place : slots_) place.done = false;
    }
    std::vector<std::thread> threads;
    for (size_t i = 0; i < threads_; ++i) {
      threads.emplace_back([this, work] { Work(work); });
    }
    absl::Status status;
    for (uint64_t item = first; item < limit && status.ok(); ++item) {
      Place& place = slots_[item % slots_.size()];
      AwaitDone(place);
      status = take(place.slot);
      const absl::MutexLock lock(&mutex_);
      place.done = false;
      taken_ = item + 1;
      if (!status.ok()) limit_ = next_;
    }
    for (std::thread& thread : threads) thread.join();
    return status;
  }

 private:
  struct Place {
    Slot slot;
    bool done = false;
  };

  void Work(absl::FunctionRef<void(uint64_t, Slot&)> work) {
    while (true) {
      uint64_t item = 0;
      {
        const absl::MutexLock lock(
            &mutex_, absl::Condition(this, &OrderedWork::MayBegin));
        if (next_ >= limit_) return;
        item = next_++;
      }
      Place& place = slots_[item % slots_.size()];
      work(item, place.slot);
      const absl::MutexLock lock(&mutex_);
      place.done = true;
    }
  }

  bool MayBegin() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return next_ >= limit_ || next_ < taken_ + slots_.size();
  }

  void AwaitDone(Place& place) {
    const absl::MutexLock lock(&mutex_, absl::Condition(&place.done));
  }

  const size_t threads_;
  absl::Mutex mutex_;
  uint64_t next_ ABSL_GUARDED_BY(mutex_) = 0;
  uint64_t taken_ ABSL_GUARDED_BY(mutex_) = 0;
  uint64_t limit_ ABSL_GUARDED_BY(mutex_) = 0;
  // Each belongs to whoever works on it or takes it; `done` to the mutex.
  std::vector<Place> slots_;
};

}  // namespace daybook::audit

#endif  // DAYBOOK_CLIENTS_AUDIT_ORDERED_WORK_H_
