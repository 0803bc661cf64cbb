// What a row gets by rule: met, just missed, far missed, over-achieved, and the
// edges of targets at and below 0. Every expected score is computed by hand in
// the comment beside it.

#include "core/scoring/rules.h"

#include <optional>
#include <string>

#include "gtest/gtest.h"

namespace daybook {
namespace {

using Set = v1::IndicatorSet;

constexpr auto kLinear = v1::ScoringPolicy::REVERSE_RULE_LINEAR;
constexpr auto kRatio = v1::ScoringPolicy::REVERSE_RULE_RATIO;

Decimal D(const std::string& text) { return *Decimal::Parse(text); }

std::string Numeric(Set::Operator op, const std::string& target,
                    const std::string& actual,
                    v1::ScoringPolicy::ReverseRule reverse = kLinear) {
  return NumericScore({op, D(target), D(actual)}, D("10"), reverse).ToString();
}

std::string Execution(int64_t executed_fen, int64_t base_fen) {
  const std::optional<Decimal> score =
      ExecutionScore(D("10"), executed_fen, base_fen);
  return score.has_value() ? score->ToString() : "(absent)";
}

TEST(ExecutionScoreTest, IsTheShareOfTheBudgetThatWasSpent) {
  EXPECT_EQ(Execution(0, 100'00), "0.00");
  EXPECT_EQ(Execution(50'00, 100'00), "5.00");
  EXPECT_EQ(Execution(99'99, 100'00), "10.00");  // 9.999
  EXPECT_EQ(Execution(99'94, 100'00), "9.99");   // 9.994
  EXPECT_EQ(Execution(100'00, 100'00), "10.00");
}

TEST(ExecutionScoreTest, NeverExceedsTheWeightNorFallsBelowZero) {
  EXPECT_EQ(Execution(100'01, 100'00), "10.00");
  EXPECT_EQ(Execution(-1, 100'00), "0.00");
}

TEST(ExecutionScoreTest, IsAbsentWithoutABudget) {
  EXPECT_EQ(Execution(1, 1), "10.00");
  EXPECT_EQ(Execution(1, 0), "(absent)");
  EXPECT_EQ(Execution(0, 0), "(absent)");
  EXPECT_EQ(Execution(1, -1), "(absent)");
}

TEST(ExecutionScoreTest, IsComputedFromAmountsAndNotFromARoundedRate) {
  // 59.9595 / 80 x 10 = 7.4949375; of the rounded rate of 74.95 % it would be
  // 7.495, and so 7.50.
  EXPECT_EQ(Execution(59'959'500, 80'000'000), "7.49");
}

TEST(ExecutionScoreTest, RoundsHalfAwayFromZeroOnce) {
  EXPECT_EQ(Execution(5, 10'000), "0.01");  // 0.005
  EXPECT_EQ(Execution(4, 10'000), "0.00");  // 0.004
  EXPECT_EQ(Execution(1, 3), "3.33");
  EXPECT_EQ(Execution(2, 3), "6.67");
}

TEST(ExecutionScoreTest, HoldsForTheLargestReport) {
  const int64_t huge = (int64_t{1} << 62) - 1;
  EXPECT_EQ(Execution(huge, huge), "10.00");
  EXPECT_EQ(Execution(huge / 2, huge), "5.00");
}

TEST(PositiveScoreTest, MetIsFull) {
  EXPECT_EQ(Numeric(Set::OPERATOR_AT_LEAST, "100", "100"), "10.00");
  EXPECT_EQ(Numeric(Set::OPERATOR_MORE_THAN, "100", "100"), "10.00");
  EXPECT_EQ(Numeric(Set::OPERATOR_EQUAL, "100", "100"), "10.00");
}

TEST(PositiveScoreTest, OverAchievedIsFullAndNotMore) {
  EXPECT_EQ(Numeric(Set::OPERATOR_AT_LEAST, "100", "130"), "10.00");
  EXPECT_EQ(Numeric(Set::OPERATOR_MORE_THAN, "100", "101"), "10.00");
  EXPECT_EQ(Numeric(Set::OPERATOR_EQUAL, "100", "1000"), "10.00");
}

TEST(PositiveScoreTest, MissedIsTheShareReached) {
  for (const Set::Operator op :
       {Set::OPERATOR_AT_LEAST, Set::OPERATOR_MORE_THAN, Set::OPERATOR_EQUAL}) {
    EXPECT_EQ(Numeric(op, "100", "99.9"), "9.99");
    EXPECT_EQ(Numeric(op, "100", "95"), "9.50");
    EXPECT_EQ(Numeric(op, "100", "3"), "0.30");
    EXPECT_EQ(Numeric(op, "3", "1"), "3.33");
    EXPECT_EQ(Numeric(op, "100", "0"), "0.00");
  }
}

TEST(PositiveScoreTest, JustMissedMayRoundToFull) {
  // 10 x 99.95 / 100 = 9.995 -> 10.00; 10 x 99.94 / 100 = 9.994.
  EXPECT_EQ(Numeric(Set::OPERATOR_AT_LEAST, "100", "99.95"), "10.00");
  EXPECT_EQ(Numeric(Set::OPERATOR_AT_LEAST, "100", "99.94"), "9.99");
}

TEST(PositiveScoreTest, ANegativeResultIsNothing) {
  EXPECT_EQ(Numeric(Set::OPERATOR_AT_LEAST, "100", "-1"), "0.00");
}

TEST(PositiveScoreTest, ATargetOfZeroIsMetOrNot) {
  EXPECT_EQ(Numeric(Set::OPERATOR_AT_LEAST, "0", "0"), "10.00");
  EXPECT_EQ(Numeric(Set::OPERATOR_AT_LEAST, "0", "5"), "10.00");
  EXPECT_EQ(Numeric(Set::OPERATOR_AT_LEAST, "0", "-0.1"), "0.00");
}

TEST(PositiveScoreTest, ANegativeTargetIsMetOrNot) {
  EXPECT_EQ(Numeric(Set::OPERATOR_AT_LEAST, "-5", "-5"), "10.00");
  EXPECT_EQ(Numeric(Set::OPERATOR_AT_LEAST, "-5", "-6"), "0.00");
}

TEST(EqualScoreTest, ATargetOfZeroIsFullUpToZero) {
  EXPECT_EQ(Numeric(Set::OPERATOR_EQUAL, "0", "0"), "10.00");
  EXPECT_EQ(Numeric(Set::OPERATOR_EQUAL, "0", "-1"), "10.00");
  EXPECT_EQ(Numeric(Set::OPERATOR_EQUAL, "0", "0.01"), "0.00");
  EXPECT_EQ(Numeric(Set::OPERATOR_EQUAL, "0.00", "0"), "10.00");
}

TEST(ReverseScoreTest, UpToTheTargetIsFull) {
  for (const auto rule : {kLinear, kRatio}) {
    EXPECT_EQ(Numeric(Set::OPERATOR_AT_MOST, "50", "50", rule), "10.00");
    EXPECT_EQ(Numeric(Set::OPERATOR_AT_MOST, "50", "0", rule), "10.00");
    EXPECT_EQ(Numeric(Set::OPERATOR_AT_MOST, "50", "-1", rule), "10.00");
    EXPECT_EQ(Numeric(Set::OPERATOR_LESS_THAN, "50", "50", rule), "10.00");
  }
}

TEST(ReverseScoreTest, LinearFallsToZeroAtTwiceTheTarget) {
  // 10 x (1 - (actual - 50) / 50).
  EXPECT_EQ(Numeric(Set::OPERATOR_AT_MOST, "50", "50.5"), "9.90");
  EXPECT_EQ(Numeric(Set::OPERATOR_AT_MOST, "50", "60"), "8.00");
  EXPECT_EQ(Numeric(Set::OPERATOR_AT_MOST, "50", "99"), "0.20");
  EXPECT_EQ(Numeric(Set::OPERATOR_AT_MOST, "50", "100"), "0.00");
  EXPECT_EQ(Numeric(Set::OPERATOR_AT_MOST, "50", "1000"), "0.00");
  EXPECT_EQ(Numeric(Set::OPERATOR_LESS_THAN, "50", "60"), "8.00");
}

TEST(ReverseScoreTest, RatioIsTargetByActual) {
  // 10 x 50 / actual.
  EXPECT_EQ(Numeric(Set::OPERATOR_AT_MOST, "50", "50.5", kRatio), "9.90");
  EXPECT_EQ(Numeric(Set::OPERATOR_AT_MOST, "50", "60", kRatio), "8.33");
  EXPECT_EQ(Numeric(Set::OPERATOR_AT_MOST, "50", "100", kRatio), "5.00");
  EXPECT_EQ(Numeric(Set::OPERATOR_AT_MOST, "50", "1000", kRatio), "0.50");
  EXPECT_EQ(Numeric(Set::OPERATOR_LESS_THAN, "50", "60", kRatio), "8.33");
}

TEST(ReverseScoreTest, ATargetAtOrBelowZeroIsMetOrNot) {
  for (const auto rule : {kLinear, kRatio}) {
    EXPECT_EQ(Numeric(Set::OPERATOR_AT_MOST, "0", "0", rule), "10.00");
    EXPECT_EQ(Numeric(Set::OPERATOR_AT_MOST, "0", "0.01", rule), "0.00");
    EXPECT_EQ(Numeric(Set::OPERATOR_AT_MOST, "-5", "-5", rule), "10.00");
    EXPECT_EQ(Numeric(Set::OPERATOR_AT_MOST, "-5", "-4", rule), "0.00");
  }
}

TEST(NumericScoreTest, NumbersAreComparedByValueAndNotByDigits) {
  EXPECT_EQ(Numeric(Set::OPERATOR_AT_LEAST, "1.000", "1"), "10.00");
  EXPECT_EQ(Numeric(Set::OPERATOR_AT_LEAST, "0.5", "0.25"), "5.00");
  EXPECT_EQ(Numeric(Set::OPERATOR_AT_MOST, "1.50", "1.5"), "10.00");
}

TEST(NumericScoreTest, RoundsHalfAwayFromZeroOnce) {
  // 10 x 1 / 800 = 0.0125 -> 0.01; 10 x 3 / 800 = 0.0375 -> 0.04;
  // 10 x 1 / 2000 = 0.005 -> 0.01.
  EXPECT_EQ(Numeric(Set::OPERATOR_AT_LEAST, "800", "1"), "0.01");
  EXPECT_EQ(Numeric(Set::OPERATOR_AT_LEAST, "800", "3"), "0.04");
  EXPECT_EQ(Numeric(Set::OPERATOR_AT_LEAST, "2000", "1"), "0.01");
}

TEST(NumericScoreTest, WeightsMayHaveDecimals) {
  // 2.5 x 1 / 3 = 0.8333.
  EXPECT_EQ(
      NumericScore({Set::OPERATOR_AT_LEAST, D("3"), D("1")}, D("2.5"), kLinear)
          .ToString(),
      "0.83");
  EXPECT_EQ(
      NumericScore({Set::OPERATOR_AT_LEAST, D("3"), D("3")}, D("0"), kLinear)
          .ToString(),
      "0.00");
}

TEST(NumericScoreTest, HoldsForTheLargestNumbers) {
  const std::string large = "9223372036854775807";
  EXPECT_EQ(Numeric(Set::OPERATOR_AT_LEAST, large, "0.000000001"), "0.00");
  EXPECT_EQ(Numeric(Set::OPERATOR_AT_LEAST, large, large), "10.00");
  EXPECT_EQ(Numeric(Set::OPERATOR_AT_MOST, "0.000000001", large), "0.00");
  EXPECT_EQ(Numeric(Set::OPERATOR_AT_MOST, "0.000000001", large, kRatio),
            "0.00");
  EXPECT_EQ(Numeric(Set::OPERATOR_AT_MOST, large, "-" + large), "10.00");
}

TEST(NumericScoreDeathTest, AnOperatorThatComparesNothingIsABug) {
  EXPECT_DEATH(Numeric(Set::OPERATOR_QUALITATIVE, "1", "1"),
               "broken invariant");
}

TEST(DateScoreTest, IsFullOrNothing) {
  const absl::CivilDay target(2024, 6, 30);
  const auto score = [&](Set::Operator op, int days) {
    return DateScore(op, D("10"), target, target + days).ToString();
  };
  EXPECT_EQ(score(Set::OPERATOR_AT_MOST, -1), "10.00");
  EXPECT_EQ(score(Set::OPERATOR_AT_MOST, 0), "10.00");
  EXPECT_EQ(score(Set::OPERATOR_AT_MOST, 1), "0.00");
  EXPECT_EQ(score(Set::OPERATOR_LESS_THAN, -1), "10.00");
  EXPECT_EQ(score(Set::OPERATOR_LESS_THAN, 0), "0.00");
  EXPECT_EQ(score(Set::OPERATOR_EQUAL, 0), "10.00");
  EXPECT_EQ(score(Set::OPERATOR_EQUAL, -1), "0.00");
  EXPECT_EQ(score(Set::OPERATOR_AT_LEAST, 0), "10.00");
  EXPECT_EQ(score(Set::OPERATOR_AT_LEAST, -1), "0.00");
  EXPECT_EQ(score(Set::OPERATOR_MORE_THAN, 0), "0.00");
  EXPECT_EQ(score(Set::OPERATOR_MORE_THAN, 1), "10.00");
}

TEST(QualitativeScoreTest, IsTheAttainedShare) {
  const auto score = [](const std::string& percent) {
    return QualitativeScore(D("5"), D(percent)).ToString();
  };
  EXPECT_EQ(score("0"), "0.00");
  EXPECT_EQ(score("59.99"), "3.00");  // 2.9995
  EXPECT_EQ(score("60"), "3.00");
  EXPECT_EQ(score("79.9"), "4.00");  // 3.995
  EXPECT_EQ(score("79.8"), "3.99");
  EXPECT_EQ(score("80"), "4.00");
  EXPECT_EQ(score("100"), "5.00");
  EXPECT_EQ(score("100.00"), "5.00");
}

TEST(GradeTest, BeginsAtItsThreshold) {
  v1::ScoringPolicy policy;
  const auto band = [&](const char* label, int score_min) {
    policy.add_grades()->set_label(label);
    policy.mutable_grades()->rbegin()->mutable_score_min()->set_unscaled(
        score_min);
  };
  band("优", 90);
  band("良", 80);
  band("中", 60);
  band("差", 0);
  const auto grade = [&](const std::string& total) {
    return std::string(GradeOf(policy, D(total)));
  };
  EXPECT_EQ(grade("100.00"), "优");
  EXPECT_EQ(grade("90.00"), "优");
  EXPECT_EQ(grade("89.99"), "良");
  EXPECT_EQ(grade("80.00"), "良");
  EXPECT_EQ(grade("79.99"), "中");
  EXPECT_EQ(grade("60.00"), "中");
  EXPECT_EQ(grade("59.99"), "差");
  EXPECT_EQ(grade("0.00"), "差");
}

TEST(GradeTest, WithoutBandsThereIsNoLabel) {
  EXPECT_EQ(std::string(GradeOf(v1::ScoringPolicy(), D("100"))), "");
}

TEST(DecimalMessageTest, KeepsDigitsAndScale) {
  const v1::Decimal proto = ToProto(D("-341.50"));
  EXPECT_EQ(proto.unscaled(), -34150);
  EXPECT_EQ(proto.scale(), 2u);
  EXPECT_EQ(ToDecimal(proto).ToString(), "-341.50");
}

}  // namespace
}  // namespace daybook
