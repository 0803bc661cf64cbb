// What a Historian draws about money, corrections and closing.

#include <algorithm>
#include <optional>

#include "absl/strings/str_cat.h"
#include "core/budget/fiscal_date.h"
#include "tests/simulation/historian.h"
#include "tests/simulation/oracle_admission.h"

namespace daybook::testing {
namespace {

using Adjusted = v1::BudgetAdjusted;
using Refund = v1::RefundReceived;

bool IsReversed(const Entries& entries, const v1::Entry& entry) {
  return ReversedFrom(entries, entry).has_value();
}

}  // namespace

v1::Line Historian::DrawLine() {
  v1::Line line;
  line.set_fund(
      OneOf(std::vector<v1::Fund>{v1::FUND_GENERAL, v1::FUND_GENERAL,
                                  v1::FUND_GOVERNMENT_FUND, v1::FUND_OTHER}));
  line.set_nature(static_cast<v1::Nature>(Below(5)));
  if (line.nature() == v1::NATURE_PROJECT) {
    line.set_project(OneOf({"", "road", "road", "school"}));
    if (OneIn(40)) line.set_project("bridge");
  }
  line.set_function_code(OneOf({"", "", "2081104", "2081199", "2080501"}));
  line.set_economic_code(
      OneOf({"", "30201", "30217", "30231", "31013", "302"}));
  line.set_government_economic_code(OneOf({"", "", "", "50201"}));
  if (OneIn(3)) line.set_source_row(static_cast<v1::SourceRow>(1 + Below(2)));
  line.set_unit(OneOf({"", "", "A", "B"}));
  line.set_quota_id(OneOf({"", "", "q1", "q2"}));
  return line;
}

// Small amounts cancel out now and then.
int64_t Historian::DrawFen() {
  return 1 + Below(OneIn(2) ? 3 : OneIn(8) ? 2'000'000'000 : 1'000'000);
}

void Historian::DrawAdjustment(Adjusted& adjusted) {
  const auto kind = static_cast<Adjusted::Kind>(1 + Below(6));
  int64_t fen = DrawFen();
  if (kind == Adjusted::KIND_REDUCTION || kind == Adjusted::KIND_RECOVERY ||
      (kind == Adjusted::KIND_REALLOCATION && OneIn(2))) {
    fen = -fen;
  }
  adjusted.set_kind(kind);
  adjusted.set_amount_fen(fen);
  *adjusted.mutable_line() = DrawLine();
}

void Historian::DrawMoney(v1::Event& event) {
  const auto fill = [&](auto& payload) {
    *payload.mutable_line() = DrawLine();
    payload.set_amount_fen(DrawSignedFen());
  };
  switch (Below(9)) {
    case 0:
    case 1:
      fill(*event.mutable_budget_approved());
      event.mutable_budget_approved()->set_of_which(OneIn(3));
      event.mutable_budget_approved()->set_procurement(OneIn(3));
      break;
    case 2:
    case 3:
      DrawAdjustment(*event.mutable_budget_adjusted());
      break;
    case 4:
      fill(*event.mutable_income_received());
      break;
    case 5:
      fill(*event.mutable_carryover_opened());
      break;
    case 6:
      fill(*event.mutable_carryover_closed());
      break;
    default:
      fill(*event.mutable_expenditure_recorded());
      event.mutable_expenditure_recorded()->set_procurement(OneIn(3));
  }
}

void Historian::DrawAdvance(v1::Event& event) {
  *event.mutable_advance_paid()->mutable_line() = DrawLine();
  event.mutable_advance_paid()->set_amount_fen(DrawFen());
}

void Historian::MoveAfter(const v1::Entry& target, v1::Event& event) {
  if (!target.event().has_effective_date()) return;
  const absl::CivilDay of_target = DayOf(target);
  absl::CivilDay day = DayOf(event.effective_date());
  if (day < of_target && !OneIn(6)) day = of_target;
  // A day of the event's own year.
  if (day.year() == DayOf(event.effective_date()).year()) {
    *event.mutable_effective_date() = ToDate(day);
  }
}

const v1::Entry* Historian::DrawPayment(const std::string& report,
                                        bool advance) {
  const bool any_source = OneIn(20);
  const bool any_kind = OneIn(20);
  const bool any_report = OneIn(20);
  const bool reversed_too = OneIn(10);
  const v1::Entry* payment = Find([&](const v1::Entry& entry) {
    const v1::Event& event = entry.event();
    if (any_kind) return event.has_effective_date();
    if (PaymentLine(event) == nullptr) return false;
    return event.has_advance_paid() == advance &&
           (any_report || event.subject() == report) &&
           (PaymentFen(event) > 0 || any_report) &&
           (reversed_too || !IsReversed(*entries_, entry));
  });
  if (payment != nullptr && !any_source) source_ = payment->source();
  return payment;
}

int64_t Historian::DrawTaken(const v1::Entry& payment, const v1::Event& event) {
  const int64_t remains =
      PaymentLine(payment.event()) == nullptr
          ? 1
          : RemainsOf(*entries_, payment, DayOf(event.effective_date()));
  const int64_t some = 1 + Below(3);
  if (remains <= 0) return some;
  switch (Below(5)) {
    case 0:
      return remains;
    case 1:
      return remains + 1;
    case 2:
      return (remains + 1) / 2;
    default:
      return std::min(some, remains);
  }
}

void Historian::DrawRefund(v1::Event& event) {
  if (OneIn(4)) {
    DrawPriorYearRefund(event);
    return;
  }
  const bool advance = OneIn(3);
  Refund& refund = *event.mutable_refund_received();
  refund.set_kind(advance ? Refund::KIND_ADVANCE : Refund::KIND_CURRENT_YEAR);
  refund.set_amount_fen(1);
  *refund.mutable_line() = DrawLine();
  const v1::Entry* payment = DrawPayment(report_, advance);
  if (payment == nullptr || OneIn(40)) {
    if (!OneIn(4)) refund.set_payment_event_id("never");
    return;
  }
  const v1::Event& paid = payment->event();
  MoveAfter(*payment, event);
  refund.set_payment_event_id(paid.event_id());
  refund.set_amount_fen(DrawTaken(*payment, event));
  refund.set_procurement((paid.expenditure_recorded().procurement() ||
                          paid.advance_cleared().procurement()) != OneIn(25));
  if (PaymentLine(paid) == nullptr) return;
  *refund.mutable_line() = *PaymentLine(paid);
  if (OneIn(25)) refund.mutable_line()->set_quota_id("q3");
}

void Historian::DrawPriorYearRefund(v1::Event& event) {
  Refund& refund = *event.mutable_refund_received();
  refund.set_kind(Refund::KIND_PRIOR_YEAR);
  refund.set_amount_fen(DrawFen());
  refund.set_procurement(OneIn(3));
  *refund.mutable_line() = DrawLine();
  if (OneIn(3)) {
    if (!OneIn(12)) refund.set_payment_voucher_number("记-17");
    return;
  }
  const v1::Entry* payment = DrawPayment(kEarlierReport, OneIn(12));
  if (payment == nullptr) {
    refund.set_payment_event_id("never");
    return;
  }
  refund.set_payment_event_id(payment->event().event_id());
  refund.set_amount_fen(DrawTaken(*payment, event));
  if (PaymentLine(payment->event()) == nullptr) return;
  *refund.mutable_line() = *PaymentLine(payment->event());
  refund.mutable_line()->set_economic_code(OneOf({"", "30201", "30217"}));
}

void Historian::DrawClearing(v1::Event& event) {
  v1::AdvanceCleared& cleared = *event.mutable_advance_cleared();
  cleared.set_amount_fen(1);
  cleared.set_procurement(OneIn(3));
  *cleared.mutable_line() = DrawLine();
  const v1::Entry* advance = DrawPayment(report_, true);
  if (advance == nullptr || OneIn(40)) {
    cleared.set_advance_event_id("never");
    return;
  }
  MoveAfter(*advance, event);
  cleared.set_advance_event_id(advance->event().event_id());
  cleared.set_amount_fen(DrawTaken(*advance, event));
  if (PaymentLine(advance->event()) == nullptr || OneIn(25)) return;
  const v1::Line codes = cleared.line();
  v1::Line& line = *cleared.mutable_line();
  line = *PaymentLine(advance->event());
  line.set_function_code(codes.function_code());
  line.set_economic_code(codes.economic_code());
  line.set_government_economic_code(codes.government_economic_code());
  line.set_quota_id(codes.quota_id());
}

void Historian::DrawReversal(v1::Event& event) {
  v1::Reversal& reversal = *event.mutable_reversal();
  const bool anything = OneIn(12);
  const bool correction = OneIn(2);
  const auto any = [&](const v1::Entry& entry) {
    const v1::Event& other = entry.event();
    if (anything) return true;
    return other.subject() == report_ && other.has_effective_date() &&
           !other.has_reversal() && !IsReversed(*entries_, entry);
  };
  const v1::Entry* target = nullptr;
  if (correction) {
    target = Find([&](const v1::Entry& entry) {
      return any(entry) && (entry.event().has_refund_received() ||
                            PaymentLine(entry.event()) != nullptr);
    });
  }
  if (target == nullptr) target = Find(any);
  if (target == nullptr || OneIn(40)) {
    reversal.set_target_event_id("never");
    return;
  }
  reversal.set_target_event_id(target->event().event_id());
  if (target->source() != source_ || OneIn(2)) {
    reversal.set_target_source(target->source());
  }
  MoveAfter(*target, event);
  if (OneIn(3) && target->event().has_effective_date() &&
      target->event().subject() == report_) {
    *event.mutable_effective_date() = target->event().effective_date();
  }
}

void Historian::DrawClosing(v1::Event& event) {
  const absl::CivilDay day = DayOf(event.effective_date());
  const auto closed = ClosedThrough(*entries_, report_);
  event.clear_effective_date();
  if (OneIn(4)) {
    DrawPublication(event);
    return;
  }
  if (!OneIn(3) && (!closed.has_value() || OneIn(2))) {
    *event.mutable_period_closed()->mutable_through() = ToDate(day);
    return;
  }
  v1::PeriodReopened& reopened = *event.mutable_period_reopened();
  const absl::CivilDay first(day.year(), 1, 1);
  *reopened.mutable_from() = ToDate(!closed.has_value() || OneIn(4) ? day
                                    : OneIn(5)                      ? first
                                    : OneIn(4)                      ? *closed
                                               : std::min(day, *closed));
  reopened.mutable_correction()->set_reason("漏记");
  reopened.mutable_correction()->set_approver("预算股");
}

void Historian::DrawErasure(v1::Event& event) {
  event.clear_effective_date();
  const bool anything = OneIn(4);
  const v1::Entry* target = Find([&](const v1::Entry& entry) {
    return anything || (!entry.personal_data_commitment().empty() &&
                        entry.source() == source_);
  });
  v1::PersonalDataErased& erased = *event.mutable_personal_data_erased();
  erased.mutable_correction()->set_reason("本人申请");
  erased.mutable_correction()->set_approver("办公室");
  if (target == nullptr || OneIn(10)) {
    erased.mutable_target()->set_event_id("never");
    return;
  }
  if (!OneIn(8)) event.set_subject(target->event().subject());
  erased.mutable_target()->set_event_id(target->event().event_id());
  if (OneIn(3)) erased.mutable_target()->set_source(target->source());
}

void Historian::DrawPublication(v1::Event& event) {
  v1::ReportPublished& published = *event.mutable_report_published();
  *published.mutable_as_of() = ToDate(DrawDay(report_));
  published.set_projection_version(1);
  const v1::Entry* opened = nullptr;
  for (const v1::Entry* entry : *entries_) {
    if (opened == nullptr && entry->event().has_report_opened() &&
        entry->event().subject() == report_) {
      opened = entry;
    }
  }
  const uint64_t size = entries_->size();
  const uint64_t first = opened == nullptr ? 0 : opened->position();
  const uint64_t drawn =
      1 + static_cast<uint64_t>(Below(static_cast<int>(size) + 1));
  published.set_size(OneIn(4)   ? size
                     : OneIn(6) ? std::max<uint64_t>(first, 1)
                     : OneIn(6) ? first + 1
                     : OneIn(6) ? size + 1
                                : drawn);
}

void Historian::DrawCorrection(v1::Event& event) {
  bool wanted = OneIn(20);
  if (event.has_effective_date()) {
    const auto closed = ClosedThrough(*entries_, report_);
    if (closed.has_value() && DayOf(event.effective_date()) <= *closed) {
      wanted = !OneIn(5);
    }
  } else if (!OneIn(4)) {
    wanted = false;
  }
  if (!wanted) return;
  v1::Correction& correction = *event.mutable_correction();
  if (!OneIn(20)) correction.set_reason("审计调整");
  if (!OneIn(20)) correction.set_approver("财务负责人");
}

void Historian::DrawReplaces(v1::Event& event) {
  if (!event.has_effective_date() || event.has_reversal() || !OneIn(12)) return;
  const bool anything = OneIn(6);
  const v1::Entry* target = Find([&](const v1::Entry& entry) {
    return anything || (IsReversed(*entries_, entry) &&
                        (entry.event().subject() == report_));
  });
  if (target == nullptr && !OneIn(10)) return;
  v1::EventIdentity& replaced = *event.mutable_replaces();
  replaced.set_event_id(target == nullptr ? "never"
                                          : target->event().event_id());
  if (target == nullptr) return;
  if (target->source() != source_ || OneIn(2)) {
    replaced.set_source(target->source());
  }
}

}  // namespace daybook::testing
