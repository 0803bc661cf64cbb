#include "services/report/report_timeline.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/budget/fiscal_date.h"
#include "core/report/figure_list.h"
#include "core/report/figures.h"
#include "core/scoring/score_sheet.h"
#include "services/grpc/request_check.h"
#include "services/report/report_place.h"

namespace daybook::services {
namespace {

constexpr int32_t days_max = 366;
constexpr size_t page_bytes_max = size_t{1} << 20;

// Days that are worked out in one reading of the report, so that commits do not
// wait for long.
constexpr size_t days_at_once = 8;

// The figures that `day` has another way than `before`, and no longer has.
v1::TimelinePoint PointOf(absl::CivilDay day,
                          const std::vector<v1::Figure>& before,
                          const std::vector<v1::Figure>& now) {
  absl::flat_hash_map<std::string, const v1::Figure*> known;
  for (const v1::Figure& figure : before) known.emplace(figure.path(), &figure);
  v1::TimelinePoint point;
  *point.mutable_date() = ToDate(day);
  for (const v1::Figure& figure : now) {
    const auto other = known.find(figure.path());
    if (other == known.end() ||
        other->second->SerializeAsString() != figure.SerializeAsString()) {
      *point.add_figures() = figure;
    }
    if (other != known.end()) known.erase(other);
  }
  for (const v1::Figure& figure : before) {
    if (!known.contains(figure.path())) continue;
    v1::Figure& gone = *point.add_figures();
    gone = figure;
    *gone.mutable_value() = EmptyValue(v1::EMPTINESS_BLANK);
  }
  return point;
}

class TimelinePage {
 public:
  TimelinePage(LedgerEngine& engine, const PinnedPlace& place,
               absl::CivilDay from, size_t days)
      : engine_(engine), place_(place), from_(from), days_(days) {}

  // Absent when the year ends on this page; else the day that the next page
  // begins with.
  absl::StatusOr<std::optional<absl::CivilDay>> Fill(
      v1::GetReportTimelineResponse& response) {
    const absl::CivilDay first = FirstDay(place_.name.fiscal_year());
    bool more = true;
    while (more && !full_) {
      RETURN_IF_ERROR(engine_.ReadReport(
          place_.name, place_.size, [&](const ReportInput& input) {
            *response.mutable_coordinates() =
                CoordinatesOf(input, LastDay(place_.name.fiscal_year()));
            if (from_ > first && before_.empty()) {
              before_ = FiguresOn(input, from_ - 1);
            }
            more = Step(input, response);
          }));
    }
    if (!more) return std::optional<absl::CivilDay>();
    return std::optional<absl::CivilDay>(from_);
  }

 private:
  static std::vector<v1::Figure> FiguresOn(const ReportInput& input,
                                           absl::CivilDay day) {
    return ListFigures(Figures(input.report, input.department, day));
  }

  // A few days; false when there are no more.
  bool Step(const ReportInput& input, v1::GetReportTimelineResponse& response) {
    std::vector<absl::CivilDay> days = input.report.ChangeDays();
    // What every report has: its beginning, and the end of the interim.
    const int year = place_.name.fiscal_year();
    days.push_back(FirstDay(year));
    days.push_back(LastDay(year));
    std::sort(days.begin(), days.end());
    days.erase(std::unique(days.begin(), days.end()), days.end());
    auto day = std::lower_bound(days.begin(), days.end(), from_);
    for (size_t i = 0; i < days_at_once && day != days.end(); ++i, ++day) {
      std::vector<v1::Figure> now = FiguresOn(input, *day);
      v1::TimelinePoint point = PointOf(*day, before_, now);
      bytes_ += point.ByteSizeLong();
      const auto points = static_cast<size_t>(response.points_size());
      full_ = points > 0 && (points == days_ || bytes_ > page_bytes_max);
      if (full_) break;
      before_ = std::move(now);
      from_ = *day + 1;
      if (!point.figures().empty()) *response.add_points() = std::move(point);
    }
    return day != days.end();
  }

  LedgerEngine& engine_;
  const PinnedPlace& place_;
  absl::CivilDay from_;
  const size_t days_;
  std::vector<v1::Figure> before_;
  size_t bytes_ = 0;
  bool full_ = false;
};

}  // namespace

absl::StatusOr<v1::GetReportTimelineResponse> GetReportTimeline(
    LedgerEngine& engine, const v1::GetReportTimelineRequest& request,
    const CallTimes& times) {
  RETURN_IF_ERROR(CheckKnownFields(request));
  ReportPlace asked;
  ASSIGN_OR_RETURN(asked.name, ParseReportName(request.name()));
  asked.as_of = FirstDay(asked.name.fiscal_year());
  ASSIGN_OR_RETURN(asked.size, ParseSize(request));
  if (request.page_size() < 0 || request.page_size() > days_max) {
    return absl::InvalidArgumentError(absl::StrCat(
        "page_size: ", request.page_size(), " is not within 1 to ", days_max));
  }
  const size_t days = request.page_size() == 0
                          ? days_max
                          : static_cast<size_t>(request.page_size());
  // The day to go on with, and the size.
  ASSIGN_OR_RETURN(const std::vector<uint64_t> token,
                   ParseNumbersToken(engine, request, request.page_token(), 2));
  PinnedPlace place;
  if (token.empty()) {
    ASSIGN_OR_RETURN(place, Pin(engine, asked, times.deadline));
  } else {
    ASSIGN_OR_RETURN(place, PlaceFrom(engine, asked, token[0], token[1]));
  }
  v1::GetReportTimelineResponse response;
  ASSIGN_OR_RETURN(
      const std::optional<absl::CivilDay> next,
      TimelinePage(engine, place, place.as_of, days).Fill(response));
  if (next.has_value()) {
    std::vector<uint64_t> numbers;
    AppendPlace({place.name, *next, place.size}, numbers);
    response.set_next_page_token(MakeNumbersToken(engine, request, numbers));
  }
  return response;
}

}  // namespace daybook::services
