// The rules of the payloads that move money.

#include <algorithm>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "core/admission/payload_rules.h"
#include "core/base/check.h"
#include "core/budget/money.h"
#include "core/budget/resource_name.h"

namespace daybook {
namespace {

void CheckCode(const std::string& code, const FieldRef& field,
               ProblemList& problems, bool seven_digits) {
  const size_t size = code.size();
  const bool good_length =
      size == 0 || size == 3 || size == 5 || (seven_digits && size == 7);
  const bool digits = std::all_of(code.begin(), code.end(), [](char c) {
    return absl::ascii_isdigit(static_cast<unsigned char>(c));
  });
  if (good_length && digits) return;
  problems.Add(
      {.field = field.ToString(),
       .value = code,
       .message = "it is no code",
       .remedy = seven_digits ? "use 3, 5 or 7 digits" : "use 3 or 5 digits"});
}

void CheckLine(const v1::Line* line, absl::string_view payload,
               ProblemList& problems) {
  if (line == nullptr) {
    problems.Add({.field = absl::StrCat(payload, ".line"),
                  .message = "it is missing",
                  .remedy = "give the line, with its fund at least"});
    return;
  }
  CheckSet(line->fund(), {payload, ".line.fund"}, problems);
  CheckOptionalKey(line->project(), {payload, ".line.project"}, problems);
  CheckCode(line->function_code(), {payload, ".line.function_code"}, problems,
            true);
  CheckCode(line->economic_code(), {payload, ".line.economic_code"}, problems,
            false);
  CheckCode(line->government_economic_code(),
            {payload, ".line.government_economic_code"}, problems, false);
  if (!line->unit().empty() && !IsResourceId(line->unit())) {
    problems.Add({.field = absl::StrCat(payload, ".line.unit"),
                  .value = line->unit(),
                  .message = "it is no code of a unit",
                  .remedy = "use 1 to 32 of [0-9A-Za-z-]"});
  }
}

template <typename Payload>
void CheckMoney(const Payload& payload, absl::string_view name,
                ProblemList& problems) {
  CheckLine(payload.has_line() ? &payload.line() : nullptr, name, problems);
  CheckFlow(payload.amount_fen(), name, problems);
}

void CheckAdjusted(const v1::BudgetAdjusted& adjusted, ProblemList& problems) {
  const std::string name = "budget_adjusted";
  CheckMoney(adjusted, name, problems);
  CheckSet(adjusted.kind(), name + ".kind", problems);
  const bool negative_kind =
      adjusted.kind() == v1::BudgetAdjusted::KIND_REDUCTION ||
      adjusted.kind() == v1::BudgetAdjusted::KIND_RECOVERY;
  const bool either = adjusted.kind() == v1::BudgetAdjusted::KIND_UNSPECIFIED ||
                      adjusted.kind() == v1::BudgetAdjusted::KIND_REALLOCATION;
  if (!either && adjusted.amount_fen() != 0 &&
      negative_kind != (adjusted.amount_fen() < 0)) {
    problems.Add(
        {.field = name + ".amount_fen",
         .value = absl::StrCat(adjusted.amount_fen()),
         .message =
             absl::StrCat(v1::BudgetAdjusted::Kind_Name(adjusted.kind()),
                          " is ", negative_kind ? "negative" : "positive"),
         .remedy = "change the sign or the kind; undo an adjustment with a "
                   "reversal"});
  }
}

// Money that comes back or is handed out has one direction.
template <typename Payload>
void CheckOneWay(const Payload& payload, absl::string_view name,
                 ProblemList& problems) {
  CheckMoney(payload, name, problems);
  if (payload.amount_fen() >= 0) return;
  problems.Add({.field = absl::StrCat(name, ".amount_fen"),
                .value = absl::StrCat(payload.amount_fen()),
                .message = "it is negative",
                .remedy = "give a positive amount; undo with a reversal"});
}

void CheckRefund(const v1::RefundReceived& refund, ProblemList& problems) {
  const std::string name = "refund_received";
  CheckOneWay(refund, name, problems);
  CheckSet(refund.kind(), name + ".kind", problems);
  if (!refund.payment_event_id().empty()) return;
  if (refund.kind() != v1::RefundReceived::KIND_PRIOR_YEAR) {
    problems.Add({.field = name + ".payment_event_id",
                  .message = "it is empty",
                  .remedy = "name the payment that came back"});
  } else if (refund.payment_voucher_number().empty()) {
    problems.Add({.field = name + ".payment_voucher_number",
                  .message = "nothing names the payment",
                  .remedy = "give the number of its voucher, or its event id "
                            "where that year is in the ledger"});
  }
}

}  // namespace

void CheckFlow(int64_t fen, absl::string_view payload, ProblemList& problems) {
  if (fen == 0) {
    problems.Add({.field = absl::StrCat(payload, ".amount_fen"),
                  .value = "0",
                  .message = "a flow of 0 is no fact",
                  .remedy = "leave the event out; state a zero with "
                            "figure_stated"});
  } else if (fen > Money::event_fen_max || fen < -Money::event_fen_max) {
    problems.Add(
        {.code = absl::StatusCode::kOutOfRange,
         .field = absl::StrCat(payload, ".amount_fen"),
         .value = absl::StrCat(fen),
         .message = "the amount is larger than an event can carry",
         .remedy = absl::StrCat("amounts are whole fen (1/100 yuan), at most ",
                                Money::event_fen_max, "; check the unit")});
  }
}

void CheckMoneyPayload(const v1::Event& event, ProblemList& problems) {
  switch (event.payload_case()) {
    case v1::Event::kBudgetApproved:
      return CheckMoney(event.budget_approved(), "budget_approved", problems);
    case v1::Event::kBudgetAdjusted:
      return CheckAdjusted(event.budget_adjusted(), problems);
    case v1::Event::kIncomeReceived:
      return CheckMoney(event.income_received(), "income_received", problems);
    case v1::Event::kCarryoverOpened:
      return CheckMoney(event.carryover_opened(), "carryover_opened", problems);
    case v1::Event::kCarryoverClosed:
      return CheckMoney(event.carryover_closed(), "carryover_closed", problems);
    case v1::Event::kExpenditureRecorded:
      return CheckMoney(event.expenditure_recorded(), "expenditure_recorded",
                        problems);
    case v1::Event::kRefundReceived:
      return CheckRefund(event.refund_received(), problems);
    case v1::Event::kAdvancePaid:
      return CheckOneWay(event.advance_paid(), "advance_paid", problems);
    case v1::Event::kAdvanceCleared:
      return CheckOneWay(event.advance_cleared(), "advance_cleared", problems);
    default:
      DAYBOOK_CHECK(false);
  }
}

}  // namespace daybook
