// FindFigure: which paths a report has, and the nearest of those that it has
// not.

#include "core/report/find_figure.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/core/report/story.h"

namespace daybook::testing {
namespace {

using ::testing::HasSubstr;

TEST(FindFigureTest, WhatAReportCanNotHaveIsToldWithItsNearest) {
  const LedgerState ledger = Fold({Adopted(Policy()), Indicator("output.a"),
                                   Approved("general.function[2999]", 1),
                                   StatedNone("01-01", "activity[visits]")});
  const Figures figures(ReportOf(ledger), DepartmentOf(ledger), Day("12-31"));
  const auto find = [&](const std::string& path) {
    return FindFigure(figures, path).status();
  };
  EXPECT_TRUE(absl::IsInvalidArgument(find("general.exekuted")));
  EXPECT_THAT(std::string(find("general.exekuted").message()),
              HasSubstr("nearest: general.executed"));
  for (const char* path :
       {"general.project[nowhere].executed", "activity[none]",
        "score.indicator[none]", "score.nolevel", "three_public.nothing"}) {
    EXPECT_TRUE(absl::IsNotFound(find(path))) << path << find(path);
  }
  // A code is known when the year's list or a line of the report has it.
  EXPECT_TRUE(find("general.econ[30201].executed").ok());
  EXPECT_TRUE(find("general.function[2999].executed").ok());
  EXPECT_TRUE(find("general.function[299].executed").ok());
  for (const char* path :
       {"general.function[9].executed", "general.econ[99].executed",
        "general.unit[A].executed"}) {
    EXPECT_TRUE(absl::IsNotFound(find(path))) << path << find(path);
  }
  EXPECT_TRUE(find("score.output").ok());
  // What is stated is a figure too.
  EXPECT_TRUE(find("activity[visits]").ok());
}

}  // namespace
}  // namespace daybook::testing
