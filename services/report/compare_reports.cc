#include "services/report/compare_reports.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "core/base/check.h"
#include "core/base/status_macros.h"
#include "core/report/explain.h"
#include "core/report/figure_difference.h"
#include "core/report/figure_list.h"
#include "core/report/figures.h"
#include "services/grpc/page_token.h"
#include "services/grpc/request_check.h"
#include "services/report/figure_rows.h"
#include "services/report/report_place.h"

namespace daybook::services {
namespace {

constexpr int events_default = 10;
constexpr int events_max = 100;

// A page ends where it would be larger, with one difference at least.
constexpr size_t page_bytes_max = size_t{1} << 20;

absl::StatusOr<size_t> ParseEventsMax(int32_t asked) {
  if (asked >= 0 && asked <= events_max) {
    return static_cast<size_t>(asked == 0 ? events_default : asked);
  }
  return absl::InvalidArgumentError(
      absl::StrCat("events_max: ", asked, " is not within 1 to ", events_max));
}

struct Side {
  PinnedPlace place;
  v1::ResolvedCoordinates coordinates;
  std::vector<v1::Figure> figures;
};

absl::StatusOr<Side> ReadSide(LedgerEngine& engine, const PinnedPlace& place) {
  Side side{place, {}, {}};
  RETURN_IF_ERROR(
      engine.ReadReport(place.name, place.size, [&](const ReportInput& input) {
        side.coordinates = CoordinatesOf(input, place.as_of);
        side.figures =
            ListFigures(Figures(input.report, input.department, place.as_of));
      }));
  return side;
}

// Each of the figures as explained at the place, in one reading.
absl::StatusOr<std::vector<ExplainedPlace>> ExplainAll(
    LedgerEngine& engine, const PinnedPlace& place,
    const std::vector<v1::FigureDifference>& differences) {
  std::vector<ExplainedPlace> explained;
  RETURN_IF_ERROR(
      engine.ReadReport(place.name, place.size, [&](const ReportInput& input) {
        const Figures figures(input.report, input.department, place.as_of);
        for (const v1::FigureDifference& difference : differences) {
          const auto path = FigurePath::Parse(difference.path());
          DAYBOOK_CHECK(path.ok());
          explained.push_back({place, Explain(figures, *path)});
        }
      }));
  return explained;
}

// Adds the events behind each difference; fewer differences stay where the page
// would be too large.
absl::Status AddEvents(LedgerEngine& engine, const PinnedPlace& before,
                       const PinnedPlace& after, size_t count,
                       std::vector<v1::FigureDifference>& differences) {
  ASSIGN_OR_RETURN(const std::vector<ExplainedPlace> befores,
                   ExplainAll(engine, before, differences));
  ASSIGN_OR_RETURN(const std::vector<ExplainedPlace> afters,
                   ExplainAll(engine, after, differences));
  size_t bytes = 0;
  for (size_t i = 0; i < differences.size(); ++i) {
    ASSIGN_OR_RETURN(FigureRowsPage page,
                     ReadFigureRows(engine.history(), &befores[i], afters[i],
                                    Position(0), count));
    for (v1::EventRow& event : page.events) {
      event.clear_leaf();
      *differences[i].add_events() = std::move(event);
    }
    differences[i].set_has_more_events(page.next.has_value());
    bytes += differences[i].ByteSizeLong();
    if (bytes > page_bytes_max && i > 0) {
      differences.resize(i);
      return absl::OkStatus();
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<v1::CompareReportsResponse> CompareReports(
    LedgerEngine& engine, const v1::CompareReportsRequest& request,
    const CallTimes& times) {
  RETURN_IF_ERROR(CheckKnownFields(request));
  ASSIGN_OR_RETURN(const ReportPlace asked_before,
                   ParsePlace(request.before(), times.now));
  ASSIGN_OR_RETURN(const ReportPlace asked_after,
                   ParsePlace(request.after(), times.now));
  ASSIGN_OR_RETURN(const size_t page_size, ParsePageSize(request.page_size()));
  ASSIGN_OR_RETURN(const size_t events, ParseEventsMax(request.events_max()));
  // Two places, and how many differences were told.
  ASSIGN_OR_RETURN(const std::vector<uint64_t> token,
                   ParseNumbersToken(engine, request, request.page_token(), 5));
  PinnedPlace before;
  PinnedPlace after;
  if (token.empty()) {
    ASSIGN_OR_RETURN(before, Pin(engine, asked_before, times.deadline));
    ASSIGN_OR_RETURN(after, Pin(engine, asked_after, times.deadline));
  } else {
    ASSIGN_OR_RETURN(before,
                     PlaceFrom(engine, asked_before, token[0], token[1]));
    ASSIGN_OR_RETURN(after, PlaceFrom(engine, asked_after, token[2], token[3]));
  }
  ASSIGN_OR_RETURN(Side side_before, ReadSide(engine, before));
  ASSIGN_OR_RETURN(Side side_after, ReadSide(engine, after));
  std::vector<v1::FigureDifference> all =
      DifferencesOf(side_before.figures, side_after.figures);
  const size_t told = token.empty() ? 0 : token[4];
  const size_t begin = std::min(told, all.size());
  const size_t most = std::min(begin + page_size, all.size());
  std::vector<v1::FigureDifference> page(
      std::make_move_iterator(all.begin() + static_cast<ptrdiff_t>(begin)),
      std::make_move_iterator(all.begin() + static_cast<ptrdiff_t>(most)));
  RETURN_IF_ERROR(AddEvents(engine, before, after, events, page));
  v1::CompareReportsResponse response;
  *response.mutable_before() = std::move(side_before.coordinates);
  *response.mutable_after() = std::move(side_after.coordinates);
  for (v1::FigureDifference& difference : page) {
    *response.add_differences() = std::move(difference);
  }
  const size_t end = begin + page.size();
  if (end < all.size()) {
    std::vector<uint64_t> numbers;
    AppendPlace(before, numbers);
    AppendPlace(after, numbers);
    numbers.push_back(end);
    response.set_next_page_token(MakeNumbersToken(engine, request, numbers));
  }
  return response;
}

}  // namespace daybook::services
