#include "core/budget/fiscal_date.h"

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "core/base/utf8.h"

namespace daybook {
namespace {

absl::StatusOr<absl::CivilDay> CheckedDay(int year, int month, int day) {
  const absl::CivilDay civil(year, month, day);
  if (year < 1 || year > 9999 || civil.year() != year ||
      civil.month() != month || civil.day() != day) {
    return absl::InvalidArgumentError(
        absl::StrFormat("there is no day %04d-%02d-%02d", year, month, day));
  }
  return civil;
}

}  // namespace

absl::StatusOr<absl::CivilDay> ToCivilDay(const v1::Date& date) {
  return CheckedDay(date.year(), date.month(), date.day());
}

v1::Date ToDate(absl::CivilDay day) {
  v1::Date date;
  date.set_year(static_cast<int32_t>(day.year()));
  date.set_month(day.month());
  date.set_day(day.day());
  return date;
}

absl::StatusOr<absl::CivilDay> ParseDay(absl::string_view text) {
  const auto digit = [&](size_t i) {
    return absl::ascii_isdigit(static_cast<unsigned char>(text[i]));
  };
  bool good = text.size() == 10 && text[4] == '-' && text[7] == '-';
  for (size_t i = 0; good && i < text.size(); ++i) {
    good = i == 4 || i == 7 || digit(i);
  }
  int year = 0, month = 0, day = 0;
  if (!good || !absl::SimpleAtoi(text.substr(0, 4), &year) ||
      !absl::SimpleAtoi(text.substr(5, 2), &month) ||
      !absl::SimpleAtoi(text.substr(8, 2), &day)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "'", Shortened(text, 64), "' is not a date; write it as 2024-06-30"));
  }
  return CheckedDay(year, month, day);
}

std::string FormatDay(absl::CivilDay day) {
  return absl::StrFormat("%04d-%02d-%02d", day.year(), day.month(), day.day());
}

absl::CivilDay FirstDay(int fiscal_year) {
  return absl::CivilDay(fiscal_year, 1, 1);
}

absl::CivilDay LastDay(int fiscal_year) {
  return absl::CivilDay(fiscal_year, 12, 31);
}

absl::CivilDay DefaultAsOf(int fiscal_year, absl::Time now) {
  const absl::CivilDay today =
      absl::ToCivilDay(now, absl::FixedTimeZone(static_cast<int>(8 * 60 * 60)));
  return std::clamp(today, FirstDay(fiscal_year), LastDay(fiscal_year));
}

absl::StatusOr<absl::CivilDay> ResolveAsOf(int fiscal_year,
                                           const v1::Date* as_of,
                                           absl::Time now) {
  if (as_of == nullptr) return DefaultAsOf(fiscal_year, now);
  const absl::StatusOr<absl::CivilDay> day = ToCivilDay(*as_of);
  if (!day.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("as_of: ", day.status().message()));
  }
  if (*day < FirstDay(fiscal_year) || *day > LastDay(fiscal_year)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "as_of: ", FormatDay(*day), " is outside fiscal year ", fiscal_year,
        "; ask for a day from ", FormatDay(FirstDay(fiscal_year)), " to ",
        FormatDay(LastDay(fiscal_year))));
  }
  return day;
}

}  // namespace daybook
