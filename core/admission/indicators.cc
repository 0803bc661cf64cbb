#include "core/admission/indicators.h"

#include <algorithm>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "core/admission/fact_keys.h"
#include "core/admission/references.h"
#include "core/base/decimal.h"

namespace daybook {
namespace {

using internal::IndicatorFact;

// |value| rounded up to a whole number; at most 2^63.
Int128 Magnitude(const v1::Decimal& decimal) {
  const Int128 unit = PowerOfTen(decimal.scale());
  Int128 unscaled = decimal.unscaled();
  if (unscaled < 0) unscaled = -unscaled;
  return (unscaled + unit - 1) / unit;
}

std::string KeyOf(const DecisionBuilder& decision) {
  return IndicatorKey(decision.event().subject(),
                      IndicatorOf(decision.event()));
}

// Absent, and refused, when it is not set or takes nothing.
std::optional<IndicatorFact> FindIndicator(DecisionBuilder& decision,
                                           const char* field) {
  const std::string indicator = IndicatorOf(decision.event());
  const std::string path = absl::StrCat(decision.payload(), ".", field);
  auto fact = decision.Find<IndicatorFact>(KeyOf(decision));
  if (!fact.has_value()) {
    decision.Refuse({.code = absl::StatusCode::kNotFound,
                     .field = path,
                     .value = indicator,
                     .message = "the report has no such indicator",
                     .remedy = "record its indicator_set first, or use the key "
                               "of one that is set",
                     .retryable = true});
  } else if (fact->not_applicable()) {
    decision.Refuse({.code = absl::StatusCode::kFailedPrecondition,
                     .field = path,
                     .value = indicator,
                     .message = "the indicator is set as not applicable",
                     .remedy = "set it again with a target first"});
    fact.reset();
  }
  return fact;
}

// Keeps every sum of a cumulative result and increments within a Decimal.
void AddMagnitude(DecisionBuilder& decision, const v1::Decimal& value,
                  bool increment, IndicatorFact& fact) {
  Int128 increments = fact.increments_magnitude();
  Int128 cumulative = fact.cumulative_magnitude();
  if (increment) {
    increments += Magnitude(value);
  } else {
    cumulative = std::max(cumulative, Magnitude(value));
  }
  const uint32_t scale = std::max(fact.scale_max(), value.scale());
  constexpr Int128 limit = Int128{1} << 63;
  const bool adds_up = increments > 0;
  if (increments >= limit || cumulative > limit ||
      (adds_up && (increments + cumulative) * PowerOfTen(scale) >= limit)) {
    return decision.Refuse(
        {.code = absl::StatusCode::kOutOfRange,
         .field = "indicator_result_recorded.value.quantity.value",
         .value = Decimal(value.unscaled(), value.scale()).ToString(),
         .message = "the indicator's results together would not fit into 63 "
                    "bits",
         .remedy = "use fewer decimals, or one cumulative result"});
  }
  fact.set_increments_magnitude(static_cast<int64_t>(increments));
  // 2^63 itself, of the smallest integer, counts as the next smaller number:
  // with increments it is refused anyway.
  fact.set_cumulative_magnitude(
      static_cast<int64_t>(std::min(cumulative, limit - 1)));
  fact.set_scale_max(scale);
  decision.Update(KeyOf(decision), fact);
}

}  // namespace

void DecideIndicatorSet(DecisionBuilder& decision) {
  const v1::IndicatorSet& set = decision.event().indicator_set();
  const std::string key = KeyOf(decision);
  IndicatorFact fact =
      decision.Find<IndicatorFact>(key).value_or(IndicatorFact());
  fact.set_not_applicable(set.operator_() ==
                          v1::IndicatorSet::OPERATOR_NOT_APPLICABLE);
  fact.set_qualitative(set.operator_() ==
                       v1::IndicatorSet::OPERATOR_QUALITATIVE);
  fact.set_unit(set.target().quantity().unit());
  fact.set_target_kind(static_cast<uint32_t>(set.target().value_case()));
  decision.Update(key, fact);
}

void DecideIndicatorRevised(DecisionBuilder& decision) {
  const auto fact = FindIndicator(decision, "indicator");
  if (!fact.has_value()) return;
  const v1::MeasuredValue& target =
      decision.event().indicator_revised().target();
  if (static_cast<uint32_t>(target.value_case()) != fact->target_kind()) {
    return decision.Refuse({.code = absl::StatusCode::kFailedPrecondition,
                            .field = "indicator_revised.target",
                            .value = target.ShortDebugString(),
                            .message = "the target is a value of another kind",
                            .remedy = "revise it with a value of the same "
                                      "kind, or set the indicator again"});
  }
  if (target.quantity().unit() == fact->unit()) return;
  decision.Refuse(
      {.code = absl::StatusCode::kFailedPrecondition,
       .field = "indicator_revised.target.quantity.unit",
       .value = target.quantity().unit(),
       .message = absl::StrCat("the target is in '", fact->unit(), "'"),
       .remedy = "revise it in the same unit, or set the indicator again"});
}

void DecideIndicatorResult(DecisionBuilder& decision) {
  auto fact = FindIndicator(decision, "indicator");
  if (!fact.has_value()) return;
  const v1::IndicatorResultRecorded& result =
      decision.event().indicator_result_recorded();
  if (fact->qualitative() != result.value().has_word()) {
    return decision.Refuse(
        {.code = absl::StatusCode::kFailedPrecondition,
         .field = "indicator_result_recorded.value",
         .value = IndicatorOf(decision.event()),
         .message = fact->qualitative() ? "the indicator is qualitative"
                                        : "the indicator is not qualitative",
         .remedy = fact->qualitative() ? "state a word and its attainment"
                                       : "state a quantity, date or figure"});
  }
  if (!result.value().has_quantity()) return;
  const v1::Quantity& quantity = result.value().quantity();
  const bool increment =
      result.mode() == v1::IndicatorResultRecorded::MODE_INCREMENT;
  if (increment && quantity.unit() != fact->unit()) {
    return decision.Refuse(
        {.code = absl::StatusCode::kFailedPrecondition,
         .field = "indicator_result_recorded.value.quantity.unit",
         .value = quantity.unit(),
         .message = absl::StrCat("the target is in '", fact->unit(), "'"),
         .remedy = "an increment has the target's unit"});
  }
  AddMagnitude(decision, quantity.value(), increment, *fact);
}

void DecideIndicatorAssessed(DecisionBuilder& decision) {
  if (!IndicatorOf(decision.event()).empty()) FindIndicator(decision, "row");
}

}  // namespace daybook
