// What one row of a score sheet gets by the policy's rules.
//
// All numbers are exact decimals; a score is rounded once, half away from zero,
// to two decimals.
//
// Rules: the positive, equal and reverse rules of deployed evaluation systems,
// and both variants of the reverse rule that local forms print.
//
// Thread safety: pure functions.

#ifndef DAYBOOK_CORE_SCORING_RULES_H_
#define DAYBOOK_CORE_SCORING_RULES_H_

#include <optional>

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "core/base/decimal.h"
#include "daybook/v1/performance_events.pb.h"
#include "daybook/v1/policy.pb.h"

namespace daybook {

inline constexpr uint32_t score_scale = 2;

// weight x numerator / denominator, at least 0 and at most `weight`. Points are
// computed from the amounts, never from a rounded rate. Absent when the
// denominator is not positive: no budget is neither 0 nor full marks.
std::optional<Decimal> ExecutionScore(Decimal weight, int64_t executed_fen,
                                      int64_t base_fen);

// A result measured against a numeric target.
//
// At least, more than, equal: full from the target on, else weight x actual /
// target, never below 0; a target of 0 or less that is missed gets 0. Equal to
// a target of 0: full up to 0, else 0. At most, less than: full up to the
// target, else by `reverse`; a target of 0 or less that is missed gets 0.
// The operator must be one of these five.
struct NumericResult {
  v1::IndicatorSet::Operator op;
  Decimal target;
  Decimal actual;
};
Decimal NumericScore(const NumericResult& result, Decimal weight,
                     v1::ScoringPolicy::ReverseRule reverse);

// A day measured against a target day: full or nothing.
Decimal DateScore(v1::IndicatorSet::Operator op, Decimal weight,
                  absl::CivilDay target, absl::CivilDay actual);

// weight x attainment, in percent.
Decimal QualitativeScore(Decimal weight, Decimal attainment_percent);

// The label of the first grade whose threshold the total reaches.
absl::string_view GradeOf(const v1::ScoringPolicy& policy, Decimal total);

// The number in a message.
Decimal ToDecimal(const v1::Decimal& decimal);
v1::Decimal ToProto(Decimal decimal);

}  // namespace daybook

#endif  // DAYBOOK_CORE_SCORING_RULES_H_
