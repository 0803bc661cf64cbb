// Clock: where the current time enters the program.
//
// Nothing in core/ or storage/ asks for the time; services take a Clock, and
// tests give them one that they set.
//
// Thread safety: Now may be called from any thread.

#ifndef DAYBOOK_CORE_BASE_CLOCK_H_
#define DAYBOOK_CORE_BASE_CLOCK_H_

#include "absl/time/time.h"

namespace daybook {

class Clock {
 public:
  virtual ~Clock() = default;

  // The current time; it may step backwards, as real clocks do.
  virtual absl::Time Now() const = 0;
};

}  // namespace daybook

#endif  // DAYBOOK_CORE_BASE_CLOCK_H_
