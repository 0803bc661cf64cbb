// ListFigures: the form's rows, then what is recorded beside them.

#include "core/report/figure_list.h"

#include <set>
#include <string>

#include "gtest/gtest.h"
#include "tests/core/report/story.h"

namespace daybook::testing {
namespace {

std::set<std::string> Paths(const Facts& facts, const std::string& day,
                            bool in_form) {
  const LedgerState ledger = Fold(facts);
  std::set<std::string> paths;
  for (const v1::Figure& figure :
       ListFigures(Figures(ReportOf(ledger), DepartmentOf(ledger), Day(day)))) {
    if (figure.in_form() == in_form) paths.insert(figure.path());
  }
  return paths;
}

TEST(FigureListTest, TheFormIsListedWithoutEvents) {
  EXPECT_TRUE(Paths({}, "12-31", true).contains("headcount.quota"));
  EXPECT_TRUE(Paths({}, "12-31", false).empty());
}

TEST(FigureListTest, WhatIsRecordedBesideTheFormIsListedFromItsDayOn) {
  const Facts facts = {AdvancePaid("03-01", "general.basic", 5)};
  EXPECT_TRUE(Paths(facts, "02-29", false).empty());
  const std::set<std::string> paths = Paths(facts, "03-01", false);
  EXPECT_TRUE(paths.contains("general.basic.advances"));
  EXPECT_TRUE(paths.contains("all.advances"));
}

TEST(FigureListTest, AFigureHasLabelValueAndUnit) {
  const LedgerState ledger = Fold({Spent("03-01", "general", 5)});
  const Figures figures(ReportOf(ledger), DepartmentOf(ledger), Day("12-31"));
  const v1::Figure figure =
      MakeFigure(figures, *FigurePath::Parse("general.executed"));
  EXPECT_EQ(figure.label(), "一般公共预算 执行数");
  EXPECT_EQ(figure.value().amount_fen(), 5);
  EXPECT_EQ(figure.unit(), "万元");
  EXPECT_FALSE(figure.in_form());
}

}  // namespace
}  // namespace daybook::testing
