// RealClock: the system's wall clock.
//
// Thread safety: Now may be called from any thread.

#ifndef DAYBOOK_SERVICES_ENGINE_REAL_CLOCK_H_
#define DAYBOOK_SERVICES_ENGINE_REAL_CLOCK_H_

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "core/base/clock.h"

namespace daybook::services {

class RealClock final : public Clock {
 public:
  absl::Time Now() const override { return absl::Now(); }
};

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_ENGINE_REAL_CLOCK_H_
