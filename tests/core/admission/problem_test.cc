// MakeProblem: values are shortened between characters.

#include "core/admission/problem.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/utf8.h"

namespace daybook {
namespace {

TEST(ProblemTest, KeepsWhatItIsTold) {
  const v1::Problem problem = MakeProblem({.code = absl::StatusCode::kNotFound,
                                           .field = "event.subject",
                                           .value = "x",
                                           .message = "m",
                                           .remedy = "r",
                                           .retryable = true});
  EXPECT_EQ(problem.code(), 5);
  EXPECT_EQ(problem.field(), "event.subject");
  EXPECT_EQ(problem.value(), "x");
  EXPECT_EQ(problem.message(), "m");
  EXPECT_EQ(problem.remedy(), "r");
  EXPECT_TRUE(problem.retryable());
}

TEST(ProblemTest, AValueHasAtMost128Bytes) {
  EXPECT_EQ(MakeProblem({.value = std::string(128, 'x')}).value().size(), 128u);
  EXPECT_EQ(MakeProblem({.value = std::string(129, 'x')}).value().size(), 128u);
}

TEST(ProblemTest, TextIsNeverCutWithinACharacter) {
  EXPECT_EQ(Shortened("好好", 6), "好好");
  EXPECT_EQ(Shortened("好好", 5), "好");
  EXPECT_EQ(Shortened("好好", 3), "好");
  EXPECT_EQ(Shortened("好好", 2), "");
}

}  // namespace
}  // namespace daybook
