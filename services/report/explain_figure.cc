#include "services/report/explain_figure.h"

#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/report/explain.h"
#include "core/report/figures.h"
#include "core/report/find_figure.h"
#include "services/grpc/page_token.h"
#include "services/grpc/request_check.h"
#include "services/report/figure_rows.h"
#include "services/report/report_place.h"

namespace daybook::services {
namespace {

struct Answer {
  ExplainedPlace explained;
  v1::ResolvedCoordinates coordinates;
  // NOT_FOUND where the report there has no such figure: it is blank then.
  absl::Status found;
};

absl::StatusOr<Answer> ExplainAt(LedgerEngine& engine, const PinnedPlace& place,
                                 const std::string& figure) {
  Answer answer{{place, {}}, {}, absl::OkStatus()};
  RETURN_IF_ERROR(
      engine.ReadReport(place.name, place.size, [&](const ReportInput& input) {
        const Figures figures(input.report, input.department, place.as_of);
        answer.found = FindFigure(figures, figure).status();
        const absl::StatusOr<FigurePath> path = FigurePath::Parse(figure);
        if (!path.ok()) return;
        answer.explained.explained = Explain(figures, *path);
        UseFormLabels(figures, answer.explained.explained.tree);
        answer.coordinates = CoordinatesOf(input, place.as_of);
      }));
  const bool absent = absl::IsNotFound(answer.found);
  if (!answer.found.ok() && !absent) return answer.found;
  return answer;
}

}  // namespace

absl::StatusOr<v1::ExplainFigureResponse> ExplainFigure(
    LedgerEngine& engine, const v1::ExplainFigureRequest& request,
    const CallTimes& times) {
  RETURN_IF_ERROR(CheckKnownFields(request));
  ASSIGN_OR_RETURN(const ReportPlace asked,
                   ParsePlace(request.coordinates(), times.now));
  ReportPlace asked_before = asked;
  if (request.has_compared_with()) {
    ASSIGN_OR_RETURN(asked_before,
                     ParsePlace(request.compared_with(), times.now));
    if (asked_before.name.ToString() != asked.name.ToString()) {
      return absl::InvalidArgumentError(
          "compared_with.name: another report; explain each on its own");
    }
  }
  ASSIGN_OR_RETURN(const size_t page_size, ParsePageSize(request.page_size()));
  // Two places, and where to go on.
  ASSIGN_OR_RETURN(const std::vector<uint64_t> token,
                   ParseNumbersToken(engine, request, request.page_token(), 5));
  PinnedPlace place;
  PinnedPlace place_before;
  if (token.empty()) {
    ASSIGN_OR_RETURN(place, Pin(engine, asked, times.deadline));
    ASSIGN_OR_RETURN(place_before, Pin(engine, asked_before, times.deadline));
  } else {
    ASSIGN_OR_RETURN(place, PlaceFrom(engine, asked, token[0], token[1]));
    ASSIGN_OR_RETURN(place_before,
                     PlaceFrom(engine, asked_before, token[2], token[3]));
  }
  ASSIGN_OR_RETURN(Answer answer, ExplainAt(engine, place, request.figure()));
  std::optional<Answer> before;
  if (request.has_compared_with()) {
    ASSIGN_OR_RETURN(before, ExplainAt(engine, place_before, request.figure()));
  }
  // What one side alone has is blank on the other.
  if (!before.has_value() || !before->found.ok()) {
    RETURN_IF_ERROR(answer.found);
  }
  ASSIGN_OR_RETURN(
      FigureRowsPage page,
      ReadFigureRows(
          engine.history(), before.has_value() ? &before->explained : nullptr,
          answer.explained, Position(token.empty() ? 0 : token[4]), page_size));
  v1::ExplainFigureResponse response;
  *response.mutable_coordinates() = std::move(answer.coordinates);
  if (before.has_value()) {
    *response.mutable_compared_with() = std::move(before->coordinates);
  }
  *response.mutable_explanation() = std::move(answer.explained.explained.tree);
  for (v1::Leaf& leaf : page.leaves) {
    *response.add_leaves() = std::move(leaf);
  }
  for (v1::EventRow& event : page.events) {
    *response.add_events() = std::move(event);
  }
  if (page.next.has_value()) {
    std::vector<uint64_t> numbers;
    AppendPlace(place, numbers);
    AppendPlace(place_before, numbers);
    numbers.push_back(page.next->value());
    response.set_next_page_token(MakeNumbersToken(engine, request, numbers));
  }
  return response;
}

}  // namespace daybook::services
