// Gate: threads wait at it until one opens it. As absl::Notification, but
// ThreadSanitizer, which does not see into Debian's Abseil, sees what it
// orders.
//
// Thread safety: thread-safe.

#ifndef DAYBOOK_TESTS_SUPPORT_GATE_H_
#define DAYBOOK_TESTS_SUPPORT_GATE_H_

#include <condition_variable>
#include <mutex>

namespace daybook::testing {

class Gate {
 public:
  void Open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }

  void Wait() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return open_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = false;
};

}  // namespace daybook::testing

#endif  // DAYBOOK_TESTS_SUPPORT_GATE_H_
