#include "clients/cpp/stream_options.h"

#include "absl/strings/str_cat.h"

namespace daybook::client {
namespace {

constexpr size_t batch_events_max = 4'096;
constexpr size_t batch_bytes_max = size_t{16} << 20;

absl::Status OutOfRange(const char* field, const std::string& value,
                        const char* allowed) {
  return absl::InvalidArgumentError(
      absl::StrCat(field, " '", value, "': not within ", allowed));
}

}  // namespace

absl::Status Check(const StreamWriterOptions& options) {
  if (options.batch_events < 1 || options.batch_events > batch_events_max) {
    return OutOfRange("batch_events", absl::StrCat(options.batch_events),
                      "1 to 4096");
  }
  if (options.ack_level == v1::ACK_LEVEL_PUBLISHED &&
      options.batch_events > StreamWriterOptions::published_batch_events_max) {
    return OutOfRange("batch_events", absl::StrCat(options.batch_events),
                      "1 to 256, as each event has a proof");
  }
  if (options.batch_bytes < StreamWriterOptions::event_bytes_max ||
      options.batch_bytes > batch_bytes_max) {
    return OutOfRange("batch_bytes", absl::StrCat(options.batch_bytes),
                      "1048576 to 16777216; an event must fit, and the server "
                      "takes no more");
  }
  if (options.in_flight_batches_max < 1) {
    return OutOfRange("in_flight_batches_max", "0", "1 and more");
  }
  if (options.in_flight_bytes_max < options.batch_bytes) {
    return OutOfRange("in_flight_bytes_max",
                      absl::StrCat(options.in_flight_bytes_max),
                      "batch_bytes and more; a batch must fit");
  }
  if (options.refused_tries_max > options.tries_max) {
    return OutOfRange("refused_tries_max",
                      absl::StrCat(options.refused_tries_max),
                      "0 to tries_max");
  }
  return absl::OkStatus();
}

}  // namespace daybook::client
