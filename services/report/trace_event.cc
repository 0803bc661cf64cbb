#include "services/report/trace_event.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "core/base/check.h"
#include "core/base/status_macros.h"
#include "core/budget/fiscal_date.h"
#include "core/report/bucket.h"
#include "core/report/explain.h"
#include "core/report/figure_list.h"
#include "core/report/figures.h"
#include "services/grpc/request_check.h"
#include "services/report/event_rows.h"
#include "services/report/report_place.h"

namespace daybook::services {
namespace {

absl::StatusOr<Position> FindPosition(LedgerEngine& engine,
                                      const v1::TraceEventRequest& request) {
  switch (request.event_case()) {
    case v1::TraceEventRequest::kPosition:
      return Position(request.position());
    case v1::TraceEventRequest::kIdentity: {
      const v1::EventIdentity& identity = request.identity();
      ASSIGN_OR_RETURN(
          const std::optional<Position> found,
          engine.FindEvent(identity.source(), identity.event_id()));
      if (found.has_value()) return *found;
      return absl::NotFoundError(
          absl::StrCat("identity: no event ", identity.event_id(), " of ",
                       identity.source(), " is recorded in ", engine.ledger(),
                       "; check source and id, or give its position"));
    }
    case v1::TraceEventRequest::EVENT_NOT_SET:
      break;
  }
  return absl::InvalidArgumentError(
      "event: give the position or the identity of one");
}

// The keys of the buckets that the entry has rows in. A reversal has those of
// what it cancels.
absl::StatusOr<std::set<std::string>> BucketKeysOf(const ReportHistory& history,
                                                   const v1::Entry& entry) {
  ASSIGN_OR_RETURN(const std::optional<v1::Entry> target,
                   history.Target(entry));
  const v1::Entry& moving = target.has_value() ? *target : entry;
  std::set<std::string> keys;
  for (const MoneyFact& fact : MoneyFactsOf(moving.event(), moving.source())) {
    keys.insert(fact.bucket_key);
  }
  return keys;
}

void AddUses(const Figures& figures, Position position,
             const std::set<std::string>& keys,
             v1::TraceEventResponse& response) {
  std::set<uint32_t> buckets;
  const auto& money = figures.report().money();
  for (size_t i = 0; i < money.size(); ++i) {
    if (keys.contains(BucketKey(money[i].bucket))) {
      buckets.insert(static_cast<uint32_t>(i));
    }
  }
  const auto enters = [&](const ExplainedLeaf& leaf) {
    return std::any_of(leaf.buckets.begin(), leaf.buckets.end(),
                       [&](uint32_t b) { return buckets.contains(b); }) ||
           std::binary_search(leaf.statements.begin(), leaf.statements.end(),
                              position);
  };
  for (const v1::Figure& figure : ListFigures(figures)) {
    const absl::StatusOr<FigurePath> path = FigurePath::Parse(figure.path());
    DAYBOOK_CHECK(path.ok());
    v1::FigureUse use;
    for (const ExplainedLeaf& leaf : Explain(figures, *path).leaves) {
      if (enters(leaf)) use.add_leaves(leaf.figure);
    }
    if (use.leaves().empty()) continue;
    *use.mutable_figure() = figure;
    *response.add_figures() = std::move(use);
  }
}

}  // namespace

absl::StatusOr<v1::TraceEventResponse> TraceEvent(
    LedgerEngine& engine, const v1::TraceEventRequest& request,
    const CallTimes& times) {
  RETURN_IF_ERROR(CheckKnownFields(request));
  ASSIGN_OR_RETURN(const ReportPlace asked,
                   ParsePlace(request.coordinates(), times.now));
  ASSIGN_OR_RETURN(const PinnedPlace place, Pin(engine, asked, times.deadline));
  ASSIGN_OR_RETURN(const Position position, FindPosition(engine, request));
  if (position >= NextPosition(place.size)) {
    return absl::NotFoundError(
        absl::StrCat("position: ", position.value(), " is not within size ",
                     place.size.value(), "; ask as known later"));
  }
  ASSIGN_OR_RETURN(const v1::Entry entry, engine.history().Entry(position));
  if (entry.event().subject() != place.name.ToString()) {
    return absl::NotFoundError(absl::StrCat(
        "position: ", position.value(), " is no event of ",
        place.name.ToString(), "; ",
        entry.has_genesis()
            ? "it begins the ledger; give the position of an event"
            : absl::StrCat("it belongs to ", entry.event().subject(),
                           "; ask there")));
  }
  ASSIGN_OR_RETURN(const std::set<std::string> keys,
                   BucketKeysOf(engine.history(), entry));
  const auto day = ToCivilDay(entry.event().effective_date());
  const bool dated_later =
      entry.event().has_effective_date() && day.ok() && *day > place.as_of;
  v1::TraceEventResponse response;
  RETURN_IF_ERROR(
      engine.ReadReport(place.name, place.size, [&](const ReportInput& input) {
        *response.mutable_coordinates() = CoordinatesOf(input, place.as_of);
        if (dated_later) return;
        AddUses(Figures(input.report, input.department, place.as_of), position,
                keys, response);
      }));
  EventRows rows(engine.history(), place);
  ASSIGN_OR_RETURN(*response.mutable_event(), rows.Row(position));
  return response;
}

}  // namespace daybook::services
