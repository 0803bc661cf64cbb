#include "services/report/late_adjustments.h"

#include <optional>
#include <utility>
#include <vector>

#include "absl/time/civil_time.h"
#include "core/base/status_macros.h"
#include "core/report/bucket.h"
#include "services/grpc/page_token.h"
#include "services/grpc/request_check.h"
#include "services/report/event_rows.h"
#include "services/report/report_place.h"

namespace daybook::services {

absl::StatusOr<v1::ListLateAdjustmentsResponse> ListLateAdjustments(
    LedgerEngine& engine, const v1::ListLateAdjustmentsRequest& request,
    const CallTimes& times) {
  RETURN_IF_ERROR(CheckKnownFields(request));
  ASSIGN_OR_RETURN(const ReportPlace asked,
                   ParsePlace(request.coordinates(), times.now));
  ASSIGN_OR_RETURN(const size_t page_size, ParsePageSize(request.page_size()));
  // The place, and where to go on.
  ASSIGN_OR_RETURN(const std::vector<uint64_t> token,
                   ParseNumbersToken(engine, request, request.page_token(), 3));
  PinnedPlace place;
  if (token.empty()) {
    ASSIGN_OR_RETURN(place, Pin(engine, asked, times.deadline));
  } else {
    ASSIGN_OR_RETURN(place, PlaceFrom(engine, asked, token[0], token[1]));
  }
  v1::ListLateAdjustmentsResponse response;
  const auto day = static_cast<DayOfYear>(absl::GetYearDay(place.as_of));
  std::vector<uint32_t> buckets;
  RETURN_IF_ERROR(
      engine.ReadReport(place.name, place.size, [&](const ReportInput& input) {
        *response.mutable_coordinates() = CoordinatesOf(input, place.as_of);
        const auto& money = input.report.money();
        for (size_t i = 0; i < money.size(); ++i) {
          if (money[i].bucket.kind != MoneyKind::kLate) continue;
          buckets.push_back(static_cast<uint32_t>(i));
          response.set_total(
              static_cast<uint32_t>(money[i].timeline.At(day).events));
        }
      }));
  LineageReader rows =
      engine.history().Rows(place.name, std::move(buckets),
                            {Position(token.empty() ? 0 : token[2]),
                             NextPosition(place.size), 1, day});
  EventRows entries(engine.history(), place);
  while (true) {
    ASSIGN_OR_RETURN(const std::optional<BucketRow> row, rows.Next());
    if (!row.has_value()) return response;
    if (static_cast<size_t>(response.events_size()) == page_size) {
      std::vector<uint64_t> numbers;
      AppendPlace(place, numbers);
      numbers.push_back(row->row.position.value());
      response.set_next_page_token(MakeNumbersToken(engine, request, numbers));
      return response;
    }
    ASSIGN_OR_RETURN(*response.add_events(), entries.Row(row->row.position));
  }
}

}  // namespace daybook::services
