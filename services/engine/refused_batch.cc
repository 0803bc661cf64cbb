#include "services/engine/refused_batch.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "core/base/utf8.h"
#include "google/protobuf/util/time_util.h"

namespace daybook::services {
namespace {

// Of a message that is kept.
constexpr size_t kept_message_bytes_max = 512;

absl::Status OtherCursor(const std::string& stands,
                         const std::string& expected) {
  return absl::AbortedError(absl::StrCat(
      "previous_cursor: the source stands at \"", stands, "\", not at \"",
      Shortened(expected, AppendCommand::cursor_bytes_max),
      "\"; ask for its progress, go on from there, and see that nobody else "
      "feeds it"));
}

}  // namespace

absl::Status WhyUndecided(const PreparedBatch& batch,
                          const v1::SourceProgress& progress) {
  if (!batch.refused.ok()) return batch.refused;
  const auto& expected = batch.command.previous_cursor;
  if (expected.has_value() && *expected != progress.cursor()) {
    return OtherCursor(progress.cursor(), *expected);
  }
  return absl::OkStatus();
}

v1::KeptRefusal RefusedBatchOf(const PreparedBatch& batch,
                               const absl::Status& why,
                               int64_t recorded_time_us) {
  v1::KeptRefusal kept;
  *kept.mutable_time() =
      google::protobuf::util::TimeUtil::MicrosecondsToTimestamp(
          recorded_time_us);
  kept.set_principal(batch.command.principal);
  v1::RefusedBatch& refused = *kept.mutable_batch();
  refused.set_code(why.raw_code());
  refused.set_message(Shortened(why.message(), kept_message_bytes_max));
  refused.set_events(static_cast<uint32_t>(batch.offered));
  return kept;
}

}  // namespace daybook::services
