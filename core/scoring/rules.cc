#include "core/scoring/rules.h"

#include <algorithm>

#include "core/base/check.h"

namespace daybook {
namespace {

// weight x numerator / denominator within [0, weight], rounded half away from
// zero. `denominator` must be positive.
Decimal Share(Decimal weight, Int128 numerator, Int128 denominator) {
  DAYBOOK_CHECK(denominator > 0);
  const Int128 full = weight.UnscaledAt(score_scale);
  const Int128 clamped = std::clamp<Int128>(numerator, 0, denominator);
  // Weights are at most 1,000 and numbers below 10^28: this fits.
  return Decimal(
      static_cast<int64_t>(DivideHalfAwayFromZero(full * clamped, denominator)),
      score_scale);
}

Decimal Full(Decimal weight) { return Share(weight, 1, 1); }

Decimal Nothing() { return Decimal(0, score_scale); }

Decimal ReverseScore(Decimal weight, Int128 target, Int128 actual,
                     v1::ScoringPolicy::ReverseRule reverse) {
  if (actual <= target) return Full(weight);
  if (target <= 0) return Nothing();
  if (reverse == v1::ScoringPolicy::REVERSE_RULE_RATIO) {
    return Share(weight, target, actual);
  }
  return Share(weight, 2 * target - actual, target);
}

}  // namespace

std::optional<Decimal> ExecutionScore(Decimal weight, int64_t executed_fen,
                                      int64_t base_fen) {
  if (base_fen <= 0) return std::nullopt;
  return Share(weight, executed_fen, base_fen);
}

Decimal NumericScore(const NumericResult& result, Decimal weight,
                     v1::ScoringPolicy::ReverseRule reverse) {
  const uint32_t scale = std::max(result.target.scale(), result.actual.scale());
  const Int128 target = result.target.UnscaledAt(scale);
  const Int128 actual = result.actual.UnscaledAt(scale);
  switch (result.op) {
    case v1::IndicatorSet::OPERATOR_EQUAL:
      if (target == 0) return actual <= 0 ? Full(weight) : Nothing();
      [[fallthrough]];
    case v1::IndicatorSet::OPERATOR_AT_LEAST:
    case v1::IndicatorSet::OPERATOR_MORE_THAN:
      if (actual >= target) return Full(weight);
      return target > 0 ? Share(weight, actual, target) : Nothing();
    case v1::IndicatorSet::OPERATOR_AT_MOST:
    case v1::IndicatorSet::OPERATOR_LESS_THAN:
      return ReverseScore(weight, target, actual, reverse);
    default:
      break;
  }
  DAYBOOK_CHECK(false);
  return Nothing();
}

Decimal DateScore(v1::IndicatorSet::Operator op, Decimal weight,
                  absl::CivilDay target, absl::CivilDay actual) {
  bool met = false;
  switch (op) {
    case v1::IndicatorSet::OPERATOR_EQUAL:
      met = actual == target;
      break;
    case v1::IndicatorSet::OPERATOR_AT_LEAST:
      met = actual >= target;
      break;
    case v1::IndicatorSet::OPERATOR_MORE_THAN:
      met = actual > target;
      break;
    case v1::IndicatorSet::OPERATOR_AT_MOST:
      met = actual <= target;
      break;
    case v1::IndicatorSet::OPERATOR_LESS_THAN:
      met = actual < target;
      break;
    default:
      DAYBOOK_CHECK(false);
  }
  return met ? Full(weight) : Nothing();
}

Decimal QualitativeScore(Decimal weight, Decimal attainment_percent) {
  const uint32_t scale = attainment_percent.scale();
  return Share(weight, attainment_percent.UnscaledAt(scale),
               100 * PowerOfTen(scale));
}

absl::string_view GradeOf(const v1::ScoringPolicy& policy, Decimal total) {
  for (const v1::GradeBand& band : policy.grades()) {
    if (total >= ToDecimal(band.score_min())) return band.label();
  }
  return "";
}

Decimal ToDecimal(const v1::Decimal& decimal) {
  return Decimal(decimal.unscaled(), decimal.scale());
}

v1::Decimal ToProto(Decimal decimal) {
  v1::Decimal proto;
  proto.set_unscaled(decimal.unscaled());
  proto.set_scale(decimal.scale());
  return proto;
}

}  // namespace daybook
