#include "core/report/money_formula.h"

#include "absl/strings/str_cat.h"

namespace daybook {
bool Counts(Measure measure, MoneyKind kind) {
  switch (measure) {
    case Measure::kApproved:
      return kind == MoneyKind::kApproved;
    case Measure::kAdjustment:
      return kind == MoneyKind::kAdjustment || kind == MoneyKind::kRecovery ||
             kind == MoneyKind::kCarriedOverAllocation;
    case Measure::kRecovered:
      return kind == MoneyKind::kRecovery;
    case Measure::kExecuted:
      return kind == MoneyKind::kExecuted;
    case Measure::kIncome:
      return kind == MoneyKind::kIncome;
    case Measure::kOpeningCarryover:
      return kind == MoneyKind::kOpeningCarryover;
    case Measure::kClosingCarryover:
      return kind == MoneyKind::kClosingCarryover;
    case Measure::kAllocatedCarryover:
      return kind == MoneyKind::kCarriedOverAllocation;
    case Measure::kAdvances:
      return kind == MoneyKind::kAdvance;
    case Measure::kPriorRefunded:
      return kind == MoneyKind::kPriorRefund;
    default:
      return false;
  }
}

MoneyFormula FormulaOf(const LineFilter& lines, Measure measure,
                       const v1::ReportOpened& opened) {
  using Kind = MoneyFormula::Kind;
  const auto of = [&](Measure term, int sign = 1) {
    return MoneyTerm{lines, term, sign};
  };
  switch (measure) {
    case Measure::kPriorExecuted:
      return {Kind::kStated, {}};
    case Measure::kExecutionRate:
      return {Kind::kPercentage,
              {of(Measure::kExecuted), of(Measure::kAdjusted)}};
    case Measure::kExecutionRateApproved:
      return {Kind::kPercentage,
              {of(Measure::kExecuted), of(Measure::kApproved)}};
    default:
      break;
  }
  if (!lines.fund.has_value()) {
    MoneyFormula formula{Kind::kAddition, {}};
    for (const int fund : opened.funds()) {
      MoneyTerm& term = formula.terms.emplace_back(of(measure));
      term.lines.fund = static_cast<v1::Fund>(fund);
    }
    return formula;
  }
  switch (measure) {
    case Measure::kAdjusted:
      return {Kind::kAddition,
              {of(Measure::kApproved), of(Measure::kAdjustment)}};
    case Measure::kAvailable:
      // Carry-over that was allocated is in `adjusted` already.
      return {Kind::kAddition,
              {of(Measure::kAdjusted), of(Measure::kOpeningCarryover),
               of(Measure::kAllocatedCarryover, -1)}};
    case Measure::kBalance:
      return {Kind::kAddition,
              {of(Measure::kAvailable), of(Measure::kExecuted, -1)}};
    default:
      return {Kind::kEvents, {}};
  }
}

int SignOf(Measure measure) { return measure == Measure::kRecovered ? -1 : 1; }

std::string MoneyPath(const LineFilter& lines, Measure measure) {
  return absl::StrCat(LineFilterToString(lines), ".", MeasureName(measure));
}

}  // namespace daybook
