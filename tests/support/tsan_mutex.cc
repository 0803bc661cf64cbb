// What ThreadSanitizer must know about absl::Mutex.
//
// The distribution's Abseil is not instrumented, so that ThreadSanitizer sees
// none of its locks and takes all that they guard for races. These definitions
// stand before those of the shared library, tell ThreadSanitizer, and go on
// there. A member of Mutex or CondVar that waits or locks, and is used for the
// first time, must be added here: without it there are false reports, never
// missing ones.

#include <dlfcn.h>
#include <sanitizer/tsan_interface.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace {

// The next definition of a member function, as an ordinary function.
template <typename Function>
Function* Real(const char* mangled) {
  void* const found = dlsym(RTLD_NEXT, mangled);
  if (found == nullptr) {
    std::fprintf(stderr, "tsan_mutex: Abseil has no %s\n", mangled);
    std::abort();
  }
  Function* function = nullptr;
  std::memcpy(&function, &found, sizeof function);
  return function;
}

// Between the two calls of a pair ThreadSanitizer ignores what the thread does:
// conditions that Abseil evaluates there read under the lock.
template <typename Operation>
void Acquire(absl::Mutex* mutex, unsigned flags, Operation operation) {
  __tsan_mutex_pre_lock(mutex, flags);
  operation();
  __tsan_mutex_post_lock(mutex, flags, 0);
}

template <typename Operation>
void Release(absl::Mutex* mutex, unsigned flags, Operation operation) {
  __tsan_mutex_pre_unlock(mutex, flags);
  operation();
  __tsan_mutex_post_unlock(mutex, flags);
}

// Lets go of the lock, waits, and takes it again.
template <typename Operation>
auto Wait(absl::Mutex* mutex, Operation operation) {
  Release(mutex, 0, [] {});
  __tsan_mutex_pre_lock(mutex, 0);
  const auto answer = operation();
  __tsan_mutex_post_lock(mutex, 0, 0);
  return answer;
}

}  // namespace

void absl::Mutex::Lock() {
  static const auto real = Real<void(Mutex*)>("_ZN4absl7debian35Mutex4LockEv");
  Acquire(this, 0, [this] { real(this); });
}

void absl::Mutex::Unlock() {
  static const auto real =
      Real<void(Mutex*)>("_ZN4absl7debian35Mutex6UnlockEv");
  Release(this, 0, [this] { real(this); });
}

void absl::Mutex::ReaderLock() {
  static const auto real =
      Real<void(Mutex*)>("_ZN4absl7debian35Mutex10ReaderLockEv");
  Acquire(this, __tsan_mutex_read_lock, [this] { real(this); });
}

void absl::Mutex::ReaderUnlock() {
  static const auto real =
      Real<void(Mutex*)>("_ZN4absl7debian35Mutex12ReaderUnlockEv");
  Release(this, __tsan_mutex_read_lock, [this] { real(this); });
}

void absl::Mutex::Await(const Condition& condition) {
  static const auto real = Real<void(Mutex*, const Condition&)>(
      "_ZN4absl7debian35Mutex5AwaitERKNS0_9ConditionE");
  Wait(this, [&] {
    real(this, condition);
    return true;
  });
}

bool absl::Mutex::AwaitWithDeadline(const Condition& condition, Time deadline) {
  static const auto real = Real<bool(Mutex*, const Condition&, Time)>(
      "_ZN4absl7debian35Mutex17AwaitWithDeadlineERKNS0_9ConditionENS0_4TimeE");
  return Wait(this, [&] { return real(this, condition, deadline); });
}

void absl::CondVar::Wait(Mutex* mutex) {
  static const auto real = Real<void(CondVar*, Mutex*)>(
      "_ZN4absl7debian37CondVar4WaitEPNS0_5MutexE");
  ::Wait(mutex, [&] {
    real(this, mutex);
    return true;
  });
}
