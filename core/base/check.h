// DAYBOOK_CHECK: an invariant that holds in every build.
//
// A broken invariant is a bug of ours, never bad input: going on would record
// or answer something wrong, so the process stops and names file, line and
// condition on standard error.
//
// Thread safety: may be used from any thread.

#ifndef DAYBOOK_CORE_BASE_CHECK_H_
#define DAYBOOK_CORE_BASE_CHECK_H_

#include <cstdio>
#include <cstdlib>

namespace daybook::internal {

[[noreturn]] inline void CheckFailed(const char* file, int line,
                                     const char* condition) {
  std::fprintf(stderr, "%s:%d: broken invariant: %s\n", file, line, condition);
  std::abort();
}

}  // namespace daybook::internal

#define DAYBOOK_CHECK(condition) \
  ((condition)                   \
       ? static_cast<void>(0)    \
       : ::daybook::internal::CheckFailed(__FILE__, __LINE__, #condition))

#endif  // DAYBOOK_CORE_BASE_CHECK_H_
