#include "core/admission/closing.h"

#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "core/base/check.h"
#include "core/budget/fiscal_date.h"
#include "core/report/report_view.h"

namespace daybook {
namespace {

absl::CivilDay LastClosed(DecisionBuilder& decision) {
  return FirstDay(decision.subject().fiscal_year()) +
         static_cast<int>(decision.subject_fact().closed_through()) - 1;
}

void SetLastClosed(DecisionBuilder& decision, absl::CivilDay day) {
  const absl::CivilDay first = FirstDay(decision.subject().fiscal_year());
  decision.subject_fact().set_closed_through(
      static_cast<uint32_t>(day - first + 1));
}

// The day of a well-formed date; absent, and refused, outside the year.
std::optional<absl::CivilDay> DayInYear(DecisionBuilder& decision,
                                        const std::string& field,
                                        const v1::Date& date) {
  const absl::StatusOr<absl::CivilDay> day = ToCivilDay(date);
  DAYBOOK_CHECK(day.ok());
  const int year = decision.subject().fiscal_year();
  if (day->year() == year) return *day;
  decision.Refuse({.field = field,
                   .value = FormatDay(*day),
                   .message = absl::StrCat("it is outside fiscal year ", year),
                   .remedy = absl::StrCat("use a day of ", year)});
  return std::nullopt;
}

}  // namespace

void DecidePeriodClosed(DecisionBuilder& decision) {
  const std::string field = "period_closed.through";
  const auto through =
      DayInYear(decision, field, decision.event().period_closed().through());
  if (!through.has_value()) return;
  if (*through > LastClosed(decision)) return SetLastClosed(decision, *through);
  decision.Refuse(
      {.code = absl::StatusCode::kFailedPrecondition,
       .field = field,
       .value = FormatDay(*through),
       .message = absl::StrCat("the period is closed through ",
                               FormatDay(LastClosed(decision)), " already"),
       .remedy = "close through a later day, or reopen first"});
}

void DecidePeriodReopened(DecisionBuilder& decision) {
  const std::string field = "period_reopened.from";
  const auto from =
      DayInYear(decision, field, decision.event().period_reopened().from());
  if (!from.has_value()) return;
  if (*from <= LastClosed(decision)) return SetLastClosed(decision, *from - 1);
  decision.Refuse(
      {.code = absl::StatusCode::kFailedPrecondition,
       .field = field,
       .value = FormatDay(*from),
       .message = decision.subject_fact().closed_through() == 0
                      ? "no period is closed"
                      : absl::StrCat("the last closed day is ",
                                     FormatDay(LastClosed(decision))),
       .remedy = "reopen from a day that is closed"});
}

void DecidePublished(DecisionBuilder& decision) {
  const v1::ReportPublished& published = decision.event().report_published();
  static_cast<void>(
      DayInYear(decision, "report_published.as_of", published.as_of()));
  if (published.projection_version() > projection_version) {
    decision.Refuse(
        {.field = "report_published.projection_version",
         .value = absl::StrCat(published.projection_version()),
         .message = absl::StrCat("this server's is ", projection_version),
         .remedy = "give the version that the published report says, or 0"});
  }
  const uint64_t least = decision.subject_fact().opened_position() + 1;
  if (published.size() >= least &&
      published.size() <= decision.position().value()) {
    return;
  }
  decision.Refuse(
      {.code = absl::StatusCode::kOutOfRange,
       .field = "report_published.size",
       .value = absl::StrCat(published.size()),
       .message = "the report was not there at that size, or it lies ahead",
       .remedy = absl::StrCat("give the size that the published report says, ",
                              least, " to ", decision.position().value())});
}

}  // namespace daybook
