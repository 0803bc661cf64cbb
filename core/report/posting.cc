#include "core/report/posting.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "core/base/status_macros.h"
#include "core/budget/fiscal_date.h"

namespace daybook {
namespace {

absl::Status Damaged(const v1::Entry& entry, absl::string_view what) {
  return absl::DataLossError(
      absl::StrCat("the entry at position ", entry.position(), ", event ",
                   entry.event().event_id(), ", is damaged: ", what));
}

absl::StatusOr<DayOfYear> DayOf(const v1::Entry& entry) {
  const auto day = ToCivilDay(entry.event().effective_date());
  if (!day.ok()) return Damaged(entry, day.status().message());
  return static_cast<DayOfYear>(absl::GetYearDay(*day));
}

absl::StatusOr<Posting> ReversalOf(const v1::Entry& entry,
                                   const v1::Entry* target) {
  if (target == nullptr) {
    return Damaged(entry, "it reverses an event that is not there");
  }
  ASSIGN_OR_RETURN(const DayOfYear from, DayOf(entry));
  const Position cancelled(target->position());
  if (auto money = MoneyFactOf(target->event(), target->source())) {
    return MoneyPosting{
        std::move(money->bucket),
        {Position(entry.position()), from, {-money->fen, -1}, cancelled}};
  }
  StatedPosting stated{Position(entry.position()), {}};
  *stated.row.mutable_event() = target->event();
  stated.row.set_absent_from(from);
  stated.row.set_target(cancelled.value());
  return stated;
}

}  // namespace

absl::StatusOr<Posting> PostingOf(const v1::Entry& entry,
                                  const v1::Entry* target) {
  const v1::Event& event = entry.event();
  if (event.has_reversal()) return ReversalOf(entry, target);
  if (auto money = MoneyFactOf(event, entry.source())) {
    ASSIGN_OR_RETURN(const DayOfYear day, DayOf(entry));
    return MoneyPosting{
        std::move(money->bucket),
        {Position(entry.position()), day, {money->fen, 1}, std::nullopt}};
  }
  StatedPosting stated{Position(entry.position()), {}};
  *stated.row.mutable_event() = event;
  return stated;
}

}  // namespace daybook
