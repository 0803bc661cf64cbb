#include "core/admission/indicators.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/admission/fact_keys.h"
#include "core/admission/references.h"
#include "core/base/decimal.h"
#include "core/budget/fiscal_date.h"

namespace daybook {
namespace {

using internal::IndicatorFact;

// Sets of one indicator that are kept, so that its fact stays small.
constexpr int indicator_sets_max = 256;

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

IndicatorFact FactOf(DecisionBuilder& decision) {
  const auto* const fact = decision.Find<IndicatorFact>(KeyOf(decision));
  return fact == nullptr ? IndicatorFact() : *fact;
}

// The set that holds on the day: the latest of those dated on or before it
// that are not reversed by then.
const IndicatorFact::Set* SetOn(const IndicatorFact& fact, uint32_t day) {
  const IndicatorFact::Set* found = nullptr;
  for (const IndicatorFact::Set& set : fact.sets()) {
    if (set.day() > day) break;
    if (set.absent_from() == 0 || set.absent_from() > day) found = &set;
  }
  return found;
}

// The set that holds on the event's day; null, and refused, when there is none
// or it takes nothing.
const IndicatorFact::Set* FindSet(DecisionBuilder& decision,
                                  const IndicatorFact& fact,
                                  const char* field) {
  const std::string path = absl::StrCat(decision.payload(), ".", field);
  const std::string indicator = IndicatorOf(decision.event());
  const IndicatorFact::Set* set = SetOn(fact, DayNumber(decision.event()));
  if (set == nullptr) {
    decision.Refuse(
        {.code = absl::StatusCode::kNotFound,
         .field = path,
         .value = indicator,
         .message = absl::StrCat("the report has no such indicator on ",
                                 FormatDay(DayOf(decision.event()))),
         .remedy = "record its indicator_set, dated on that day or before, "
                   "first, or use the key of one that is set",
         .retryable = true});
    return nullptr;
  }
  if (!set->not_applicable()) return set;
  decision.Refuse({.code = absl::StatusCode::kFailedPrecondition,
                   .field = path,
                   .value = indicator,
                   .message = "the indicator is set as not applicable",
                   .remedy = "set it again with a target first"});
  return nullptr;
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
  IndicatorFact fact = FactOf(decision);
  if (fact.sets_size() >= indicator_sets_max) {
    decision.Refuse({.code = absl::StatusCode::kResourceExhausted,
                     .field = "indicator_set.indicator",
                     .value = set.indicator(),
                     .message = absl::StrCat("it was set ", fact.sets_size(),
                                             " times, as often as it may"),
                     .remedy = "change its target by indicator_revised"});
  }
  IndicatorFact::Set added;
  added.set_position(decision.position().value());
  added.set_day(DayNumber(decision.event()));
  added.set_not_applicable(set.operator_() ==
                           v1::IndicatorSet::OPERATOR_NOT_APPLICABLE);
  added.set_qualitative(set.operator_() ==
                        v1::IndicatorSet::OPERATOR_QUALITATIVE);
  added.set_unit(set.target().quantity().unit());
  added.set_target_kind(static_cast<uint32_t>(set.target().value_case()));
  auto& sets = *fact.mutable_sets();
  const auto place = std::find_if(
      sets.begin(), sets.end(),
      [&](const IndicatorFact::Set& s) { return s.day() > added.day(); });
  const auto index = place - sets.begin();
  *fact.add_sets() = std::move(added);
  std::rotate(sets.begin() + index, sets.end() - 1, sets.end());
  decision.Update(KeyOf(decision), fact);
}

void WithdrawIndicatorSet(DecisionBuilder& decision, const v1::Entry& set) {
  const std::string key =
      IndicatorKey(set.event().subject(), IndicatorOf(set.event()));
  const auto* const known_fact = decision.Find<IndicatorFact>(key);
  if (known_fact == nullptr) return;
  IndicatorFact fact = *known_fact;
  for (IndicatorFact::Set& known : *fact.mutable_sets()) {
    if (known.position() == set.position()) {
      known.set_absent_from(DayNumber(decision.event()));
    }
  }
  decision.Update(key, std::move(fact));
}

void DecideIndicatorRevised(DecisionBuilder& decision) {
  const IndicatorFact fact = FactOf(decision);
  const IndicatorFact::Set* set = FindSet(decision, fact, "indicator");
  if (set == nullptr) return;
  const v1::MeasuredValue& target =
      decision.event().indicator_revised().target();
  if (static_cast<uint32_t>(target.value_case()) != set->target_kind()) {
    return decision.Refuse({.code = absl::StatusCode::kFailedPrecondition,
                            .field = "indicator_revised.target",
                            .value = target.ShortDebugString(),
                            .message = "the target is a value of another kind",
                            .remedy = "revise it with a value of the same "
                                      "kind, or set the indicator again"});
  }
  if (target.quantity().unit() == set->unit()) return;
  decision.Refuse(
      {.code = absl::StatusCode::kFailedPrecondition,
       .field = "indicator_revised.target.quantity.unit",
       .value = target.quantity().unit(),
       .message = absl::StrCat("the target is in '", set->unit(), "'"),
       .remedy = "revise it in the same unit, or set the indicator again"});
}

void DecideIndicatorResult(DecisionBuilder& decision) {
  IndicatorFact fact = FactOf(decision);
  const v1::IndicatorResultRecorded& result =
      decision.event().indicator_result_recorded();
  const v1::Quantity& quantity = result.value().quantity();
  const bool increment =
      result.mode() == v1::IndicatorResultRecorded::MODE_INCREMENT;
  const IndicatorFact::Set* set = FindSet(decision, fact, "indicator");
  if (set != nullptr && set->qualitative() != result.value().has_word()) {
    decision.Refuse(
        {.code = absl::StatusCode::kFailedPrecondition,
         .field = "indicator_result_recorded.value",
         .value = IndicatorOf(decision.event()),
         .message = set->qualitative() ? "the indicator is qualitative"
                                       : "the indicator is not qualitative",
         .remedy = set->qualitative() ? "state a word and its attainment"
                                      : "state a quantity, date or figure"});
  } else if (set != nullptr && increment && quantity.unit() != set->unit()) {
    decision.Refuse(
        {.code = absl::StatusCode::kFailedPrecondition,
         .field = "indicator_result_recorded.value.quantity.unit",
         .value = quantity.unit(),
         .message = absl::StrCat("the target is in '", set->unit(), "'"),
         .remedy = "an increment has the target's unit"});
  }
  if (decision.refused() || !result.value().has_quantity()) return;
  AddMagnitude(decision, quantity.value(), increment, fact);
}

void DecideIndicatorAssessed(DecisionBuilder& decision) {
  if (IndicatorOf(decision.event()).empty()) return;
  const IndicatorFact fact = FactOf(decision);
  static_cast<void>(FindSet(decision, fact, "row"));
}

}  // namespace daybook
