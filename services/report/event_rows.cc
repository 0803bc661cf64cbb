#include "services/report/event_rows.h"

#include "core/base/status_macros.h"
#include "core/budget/fiscal_date.h"
#include "core/report/event_row.h"

namespace daybook::services {

absl::StatusOr<v1::EventRow> EventRows::Row(Position position,
                                            std::optional<Position> cancels) {
  if (!row_.has_value() || row_->position() != position.value()) {
    RETURN_IF_ERROR(Load(position));
  }
  v1::EventRow row = *row_;
  if (cancels.has_value()) row.set_cancels(cancels->value());
  return row;
}

absl::Status EventRows::Load(Position position) {
  ASSIGN_OR_RETURN(const v1::Entry entry, history_.Entry(position));
  row_ = EventRowOf(entry);
  ASSIGN_OR_RETURN(const std::optional<Position> reversal,
                   history_.Reversal(position));
  if (!reversal.has_value() || *reversal >= NextPosition(place_.size)) {
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const v1::Entry reversed_by, history_.Entry(*reversal));
  const auto day = ToCivilDay(reversed_by.event().effective_date());
  if (day.ok() && *day <= place_.as_of) {
    row_->set_cancelled_by(reversal->value());
  }
  return absl::OkStatus();
}

}  // namespace daybook::services
