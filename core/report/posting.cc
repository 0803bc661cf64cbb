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

StatedPosting Withdrawal(const v1::Entry& entry, const v1::Entry& target,
                         DayOfYear from) {
  StatedPosting stated{Position(entry.position()), {}};
  *stated.row.mutable_event() = target.event();
  stated.row.set_absent_from(from);
  stated.row.set_target(target.position());
  return stated;
}

absl::Status AddReversal(const v1::Entry& entry, const v1::Entry* target,
                         MoneyFacts money, Posting& posting) {
  if (target == nullptr) {
    return Damaged(entry, "it reverses an event that is not there");
  }
  ASSIGN_OR_RETURN(const DayOfYear from, DayOf(entry));
  for (MoneyFact& fact : money) {
    posting.money.push_back({std::move(fact.bucket_key),
                             {posting.position, from, {-fact.fen, -1}}});
  }
  if (posting.money.empty()) {
    posting.stated = Withdrawal(entry, *target, from);
  }
  return absl::OkStatus();
}

absl::Status AddFact(const v1::Entry& entry, MoneyFacts money,
                     Posting& posting) {
  for (MoneyFact& fact : money) {
    ASSIGN_OR_RETURN(const DayOfYear day, DayOf(entry));
    posting.money.push_back(
        {std::move(fact.bucket_key), {posting.position, day, {fact.fen, 1}}});
  }
  // What lies beside an entry is no matter of reports.
  if (entry.event().has_personal_data_erased()) return absl::OkStatus();
  if (posting.money.empty()) {
    posting.stated.emplace(StatedPosting{posting.position, {}});
    *posting.stated->row.mutable_event() = entry.event();
  }
  return absl::OkStatus();
}

}  // namespace

const std::string& LateBucketKey() {
  static const auto* const key = [] {
    Bucket late;
    late.kind = MoneyKind::kLate;
    return new std::string(BucketKey(late));
  }();
  return *key;
}

absl::StatusOr<Posting> PostingOf(const v1::Entry& entry,
                                  const v1::Entry* target, bool is_late) {
  const bool cancels = entry.event().has_reversal() && target != nullptr;
  const v1::Entry& moving = cancels ? *target : entry;
  return PostingOf(entry, target, MoneyFactsOf(moving.event(), moving.source()),
                   is_late);
}

absl::StatusOr<Posting> PostingOf(const v1::Entry& entry,
                                  const v1::Entry* target, MoneyFacts money,
                                  bool is_late) {
  Posting posting;
  posting.position = Position(entry.position());
  RETURN_IF_ERROR(entry.event().has_reversal()
                      ? AddReversal(entry, target, std::move(money), posting)
                      : AddFact(entry, std::move(money), posting));
  if (is_late) {
    // What has no date changes the year from its first day on.
    DayOfYear day = 1;
    if (entry.event().has_effective_date()) {
      ASSIGN_OR_RETURN(day, DayOf(entry));
    }
    posting.money.push_back({LateBucketKey(), {posting.position, day, {0, 1}}});
  }
  return posting;
}

}  // namespace daybook
