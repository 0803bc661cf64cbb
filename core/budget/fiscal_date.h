// Civil dates of the calendar of UTC+8, as events carry them.
//
// Thread safety: pure functions.

#ifndef DAYBOOK_CORE_BUDGET_FISCAL_DATE_H_
#define DAYBOOK_CORE_BUDGET_FISCAL_DATE_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "daybook/v1/values.pb.h"

namespace daybook {

// Errors: INVALID_ARGUMENT when there is no such day.
absl::StatusOr<absl::CivilDay> ToCivilDay(const v1::Date& date);

v1::Date ToDate(absl::CivilDay day);

// Reads "2024-06-30".
//
// Errors: INVALID_ARGUMENT for anything else.
absl::StatusOr<absl::CivilDay> ParseDay(absl::string_view text);

// "2024-06-30".
std::string FormatDay(absl::CivilDay day);

// 1 January and 31 December of the fiscal year.
absl::CivilDay FirstDay(int fiscal_year);
absl::CivilDay LastDay(int fiscal_year);

// The day on which a report is asked for when nobody says: the earlier of the
// day of `now` (UTC+8) and 31 December, and not before 1 January.
absl::CivilDay DefaultAsOf(int fiscal_year, absl::Time now);

// `as_of` where it is given, else the default.
//
// Errors: INVALID_ARGUMENT when the day does not exist or lies outside the
// fiscal year.
absl::StatusOr<absl::CivilDay> ResolveAsOf(int fiscal_year,
                                           const v1::Date* as_of,
                                           absl::Time now);

}  // namespace daybook

#endif  // DAYBOOK_CORE_BUDGET_FISCAL_DATE_H_
