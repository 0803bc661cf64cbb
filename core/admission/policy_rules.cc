#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "core/admission/payload_rules.h"
#include "core/base/decimal.h"
#include "core/budget/figure_path.h"

namespace daybook {
namespace {

constexpr int levels_max = 16;
constexpr int grades_max = 10;
constexpr const char* policy_field = "policy_adopted.policy";

void CheckLevels(const v1::ScoringPolicy& policy, ProblemList& problems) {
  const std::string field = absl::StrCat(policy_field, ".levels");
  if (policy.levels().empty() || policy.levels_size() > levels_max) {
    problems.Add({.field = field,
                  .value = absl::StrCat(policy.levels_size()),
                  .message = "a policy has 1 to 16 levels",
                  .remedy = "list the first-level groups of its indicators"});
  }
  // Names that scores have of their own.
  std::set<std::string> taken = {"execution", "indicators", "total",    "grade",
                                 "earned",    "assessable", "pending",  "rule",
                                 "declared",  "reviewed",   "indicator"};
  for (int i = 0; i < policy.levels_size(); ++i) {
    const v1::PolicyLevel& level = policy.levels(i);
    const std::string name = absl::StrCat(field, "[", i, "]");
    if (!IsKey(level.id()) || !taken.insert(level.id()).second) {
      problems.Add({.field = name + ".id",
                    .value = level.id(),
                    .message = "it is empty, malformed, reserved or stands "
                               "twice",
                    .remedy = "use a name of its own, 1 to 64 of [a-z0-9_]"});
    }
    CheckPoints(level.has_weight() ? &level.weight() : nullptr,
                name + ".weight", problems);
  }
}

void CheckGrades(const v1::ScoringPolicy& policy, ProblemList& problems) {
  const std::string field = absl::StrCat(policy_field, ".grades");
  if (policy.grades().empty() || policy.grades_size() > grades_max) {
    problems.Add({.field = field,
                  .value = absl::StrCat(policy.grades_size()),
                  .message = "a policy has 1 to 10 grades",
                  .remedy = "list its grades from best to worst"});
    return;
  }
  for (int i = 0; i < policy.grades_size(); ++i) {
    const v1::GradeBand& grade = policy.grades(i);
    CheckPoints(grade.has_score_min() ? &grade.score_min() : nullptr,
                absl::StrCat(field, "[", i, "].score_min"), problems);
  }
  const auto threshold = [&](int i) {
    const v1::Decimal& points = policy.grades(i).score_min();
    return Decimal(points.unscaled(), std::min(points.scale(), 9u));
  };
  bool falling = threshold(policy.grades_size() - 1) == Decimal(0, 0);
  for (int i = 1; i < policy.grades_size(); ++i) {
    falling = falling && threshold(i) < threshold(i - 1);
  }
  if (!falling) {
    problems.Add({.field = field,
                  .message = "the thresholds do not fall from grade to grade "
                             "down to 0",
                  .remedy = "order the grades from best to worst, the last one "
                            "from 0"});
  }
}

}  // namespace

void CheckPolicy(const v1::ScoringPolicy& policy, ProblemList& problems) {
  const std::string field = policy_field;
  if (policy.version() == 0) {
    problems.Add({.field = field + ".version",
                  .value = "0",
                  .message = "versions count from 1",
                  .remedy = "give the version of the policy"});
  }
  CheckPoints(
      policy.execution().has_weight() ? &policy.execution().weight() : nullptr,
      field + ".execution.weight", problems);
  if (policy.execution().base() == v1::ExecutionRule::BASE_UNSPECIFIED) {
    problems.Add({.field = field + ".execution.base",
                  .message = "it is not set",
                  .remedy = "use BASE_ADJUSTED or BASE_APPROVED"});
  }
  if (policy.reverse_rule() == v1::ScoringPolicy::REVERSE_RULE_UNSPECIFIED) {
    problems.Add({.field = field + ".reverse_rule",
                  .message = "it is not set",
                  .remedy = "use REVERSE_RULE_LINEAR or REVERSE_RULE_RATIO"});
  }
  CheckLevels(policy, problems);
  CheckGrades(policy, problems);
}

}  // namespace daybook
