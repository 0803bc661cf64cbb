#include "clients/cli/known_at.h"

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "core/budget/fiscal_date.h"

namespace daybook::cli {
namespace {

v1::KnownAt At(absl::Time time) {
  const int64_t micros = absl::ToUnixMicros(time);
  constexpr int64_t micros_of_second = 1'000'000;
  v1::KnownAt known_at;
  known_at.mutable_time()->set_seconds(micros / micros_of_second);
  known_at.mutable_time()->set_nanos(
      static_cast<int32_t>(micros % micros_of_second * 1'000));
  return known_at;
}

}  // namespace

absl::StatusOr<v1::KnownAt> ParseKnownAt(absl::string_view text) {
  uint64_t size = 0;
  if (absl::SimpleAtoi(text, &size) && text[0] != '-' && size > 0) {
    v1::KnownAt known_at;
    known_at.set_size(size);
    return known_at;
  }
  if (const auto day = ParseDay(text); day.ok()) {
    const absl::TimeZone zone = absl::FixedTimeZone(8 * 60 * 60);
    return At(absl::FromCivil(*day + 1, zone) - absl::Microseconds(1));
  }
  absl::Time time;
  std::string ignored;
  if (absl::ParseTime(absl::RFC3339_full, text, &time, &ignored) &&
      time >= absl::UnixEpoch()) {
    return At(time);
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "\"", text,
      "\" is no size, day or time; write 559, 2024-10-15 (its end in UTC+8) or "
      "2024-10-15T12:00:00+08:00"));
}

}  // namespace daybook::cli
