// TestClock: a clock that tests set, and in which they can hold a caller.
//
// The writer of a ledger asks for the time once for each commit group, so a
// held clock is a writer stopped in the middle of its work.
//
// Thread safety: all methods may be called from any thread.

#ifndef DAYBOOK_TESTS_SERVICES_TEST_CLOCK_H_
#define DAYBOOK_TESTS_SERVICES_TEST_CLOCK_H_

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "core/base/clock.h"

namespace daybook::services {

class TestClock final : public Clock {
 public:
  absl::Time Now() const override {
    absl::MutexLock lock(&mutex_);
    ++waiting_;
    mutex_.Await(absl::Condition(
        +[](bool* held) { return !*held; }, &held_));
    --waiting_;
    return now_;
  }

  void Set(absl::Time now) {
    absl::MutexLock lock(&mutex_);
    now_ = now;
  }

  // From now on Now does not return, until Release.
  void Hold() {
    absl::MutexLock lock(&mutex_);
    held_ = true;
  }

  void Release() {
    absl::MutexLock lock(&mutex_);
    held_ = false;
  }

  // Returns once a caller is held.
  void AwaitCaller() const {
    absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(
        +[](int* waiting) { return *waiting > 0; }, &waiting_));
  }

 private:
  mutable absl::Mutex mutex_;
  absl::Time now_ ABSL_GUARDED_BY(mutex_) = absl::FromCivil(
      absl::CivilSecond(2024, 7, 1, 12, 0, 0), absl::UTCTimeZone());
  mutable bool held_ ABSL_GUARDED_BY(mutex_) = false;
  mutable int waiting_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace daybook::services

#endif  // DAYBOOK_TESTS_SERVICES_TEST_CLOCK_H_
