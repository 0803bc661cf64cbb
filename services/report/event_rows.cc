#include "services/report/event_rows.h"

#include <vector>

#include "core/base/status_macros.h"
#include "core/budget/fiscal_date.h"
#include "core/report/bucket.h"
#include "core/report/event_row.h"

namespace daybook::services {

absl::StatusOr<v1::EventRow> EventRows::Row(Position position) {
  if (!row_.has_value() || row_->position() != position.value()) {
    RETURN_IF_ERROR(Load(position));
  }
  return *row_;
}

absl::Status EventRows::Load(Position position) {
  ASSIGN_OR_RETURN(const v1::Entry entry, history_.Entry(position));
  row_ = EventRowOf(entry);
  ASSIGN_OR_RETURN(const std::optional<v1::Entry> target,
                   history_.Target(entry));
  const v1::Entry& moving = target.has_value() ? *target : entry;
  const MoneyFacts facts = MoneyFactsOf(moving.event(), moving.source());
  if (!facts.empty()) {
    row_->set_amount_fen(target.has_value() ? -facts[0].fen : facts[0].fen);
  }
  if (target.has_value()) row_->set_cancels(target->position());
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
