#include "services/audit/scrub.h"

#include <cstdint>

#include "core/base/status_macros.h"

namespace daybook::services {
namespace {

// A message each time so much more of all is read.
constexpr uint64_t told_parts = 200;

}  // namespace

absl::Status Scrub(
    const LedgerEngine& ledger, absl::FunctionRef<bool()> wanted,
    absl::FunctionRef<bool(const v1::ScrubStorageResponse&)> give) {
  v1::ScrubStorageResponse response;
  size_t damages = 0;
  uint64_t told_bytes = 0;
  RETURN_IF_ERROR(ledger.Scrub([&](const ScrubStep& step) {
    response.set_read_bytes(step.read_bytes);
    response.set_total_bytes(step.total_bytes);
    if (!step.place.empty() && ++damages <= damages_max) {
      v1::StorageDamage& damage = *response.add_damages();
      const bool last = damages == damages_max;
      damage.set_place(last ? "elsewhere" : step.place);
      damage.set_problem(last ? "there is more that is damaged" : step.problem);
    }
    if (step.read_bytes < told_bytes + step.total_bytes / told_parts &&
        response.damages_size() == 0) {
      return wanted();
    }
    told_bytes = step.read_bytes;
    const bool given = give(response);
    response.clear_damages();
    return given && wanted();
  }));
  give(response);
  return absl::OkStatus();
}

}  // namespace daybook::services
