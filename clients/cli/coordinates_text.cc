#include "clients/cli/coordinates_text.h"

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "clients/cli/display_width.h"
#include "core/budget/fiscal_date.h"

namespace daybook::cli {

std::string DayText(const v1::Date& date) {
  const absl::StatusOr<absl::CivilDay> day = ToCivilDay(date);
  return day.ok() ? FormatDay(*day) : "";
}

std::string RecordedText(int64_t recorded_time_us) {
  return absl::FormatTime("%Y-%m-%d %H:%M:%S",
                          absl::FromUnixMicros(recorded_time_us),
                          absl::FixedTimeZone(8 * 60 * 60));
}

std::string CoordinatesText(const v1::ResolvedCoordinates& coordinates) {
  return absl::StrCat(
      "截至 ", DayText(coordinates.as_of()), "，账本大小 ", coordinates.size(),
      "，末条记录于 ", RecordedText(coordinates.recorded_time_us()),
      "（UTC+8），推算版本 ", coordinates.projection_version(), "，评分规则 ",
      coordinates.policy().empty() ? "无" : Printable(coordinates.policy()));
}

}  // namespace daybook::cli
