// Which policies may be adopted.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/admission/payload_rules.h"
#include "tests/support/event_builders.h"

namespace daybook {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

v1::ScoringPolicy Good() {
  return testing::Policy().event().policy_adopted().policy();
}

std::vector<std::string> FieldsOf(const v1::ScoringPolicy& policy) {
  ProblemList list;
  CheckPolicy(policy, list);
  std::vector<std::string> fields;
  for (const v1::Problem& problem : list.Take()) {
    EXPECT_NE(problem.remedy(), "") << problem.field();
    constexpr size_t prefix = sizeof("event.policy_adopted.policy.") - 1;
    fields.push_back(problem.field().substr(prefix));
  }
  return fields;
}

TEST(PolicyRulesTest, AGoodOnePasses) {
  EXPECT_THAT(FieldsOf(Good()), IsEmpty());
}

TEST(PolicyRulesTest, AnEmptyOneHasAllProblemsAtOnce) {
  EXPECT_THAT(FieldsOf(v1::ScoringPolicy()),
              ElementsAre("version", "execution.weight", "execution.base",
                          "reverse_rule", "levels", "grades"));
}

TEST(PolicyRulesTest, LevelsHaveNamesOfTheirOwn) {
  v1::ScoringPolicy policy = Good();
  *policy.add_levels() = policy.levels(0);
  EXPECT_THAT(FieldsOf(policy), ElementsAre("levels[1].id"));
  policy.mutable_levels(1)->set_id("total");
  EXPECT_THAT(FieldsOf(policy), ElementsAre("levels[1].id"));
  policy.mutable_levels(1)->set_id("benefit");
  EXPECT_THAT(FieldsOf(policy), IsEmpty());
}

TEST(PolicyRulesTest, GradesFallDownToZero) {
  v1::ScoringPolicy policy = Good();
  policy.mutable_grades(1)->mutable_score_min()->set_unscaled(1);
  EXPECT_THAT(FieldsOf(policy), ElementsAre("grades"));
  policy = Good();
  policy.mutable_grades(0)->mutable_score_min()->set_unscaled(0);
  EXPECT_THAT(FieldsOf(policy), ElementsAre("grades"));
}

TEST(PolicyRulesTest, PointsAreZeroToAThousandWithTwoDecimals) {
  v1::ScoringPolicy policy = Good();
  v1::Decimal& weight = *policy.mutable_execution()->mutable_weight();
  for (const auto& [unscaled, scale] :
       {std::pair(0, 0u), {1'000, 0u}, {1'025, 2u}}) {
    weight.set_unscaled(unscaled);
    weight.set_scale(scale);
    EXPECT_THAT(FieldsOf(policy), IsEmpty()) << unscaled;
  }
  for (const auto& [unscaled, scale] :
       {std::pair(-1, 0u), {1'001, 0u}, {100'001, 2u}, {1, 3u}, {1, 10u}}) {
    weight.set_unscaled(unscaled);
    weight.set_scale(scale);
    EXPECT_THAT(FieldsOf(policy), ::testing::SizeIs(1)) << unscaled;
  }
}

}  // namespace
}  // namespace daybook
