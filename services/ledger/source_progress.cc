#include "services/ledger/source_progress.h"

#include "google/protobuf/util/time_util.h"

namespace daybook::services {

using google::protobuf::util::TimeUtil;

void AddTimes(absl::Time now, v1::SourceProgress& progress) {
  const v1::SourceProgress::LastEvent& last = progress.last_event();
  if (last.has_source_recorded_time()) {
    *progress.mutable_lag() =
        last.recorded_time() - last.source_recorded_time();
  }
  if (progress.has_last_write_time()) {
    *progress.mutable_idle() =
        TimeUtil::MicrosecondsToTimestamp(absl::ToUnixMicros(now)) -
        progress.last_write_time();
  }
}

}  // namespace daybook::services
