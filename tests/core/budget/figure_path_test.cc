// FigurePath: one spelling for each figure, and which lines a row counts.

#include "core/budget/figure_path.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <random>
#include <string>
#include <vector>

#include "tests/support/status_matchers.h"

namespace daybook {
namespace {

using testing::StatusIs;
using Family = FigurePath::Family;

TEST(FigurePathTest, WellFormedPathsReadBackAsTheyWere) {
  for (const char* path :
       {"all.approved",
        "general.basic.personnel.executed",
        "general.basic.operating.prior_executed",
        "general.project.balance",
        "general.project[rehabilitation].function[20811].econ[30201].source["
        "carried_over].unit[115001].executed",
        "all.execution_rate_approved",
        "other.unit[x-1].income",
        "project[other].all.executed",
        "headcount.quota",
        "construction",
        "three_public.vehicles.purchase.executed",
        "score.total",
        "score.rule.total",
        "score.declared.output",
        "score.reviewed.grade",
        "score.indicator[output.quantity.employment]",
        "score.rule.indicator[a]",
        "activity[startups_supported]",
        "project[other].activity[a]",
        "project[other].score.total"}) {
    const auto parsed = FigurePath::Parse(path);
    ASSERT_TRUE(parsed.ok()) << path << ": " << parsed.status();
    EXPECT_EQ(parsed->ToString(), path);
  }
}

TEST(FigurePathTest, AnotherSpellingIsRefused) {
  for (const char* path : {"",
                           ".",
                           "all",
                           "all.",
                           "all..executed",
                           "all.executed.",
                           "all.spent",
                           "General.executed",
                           "general.project[].executed",
                           "general.project[",
                           "general.project[a]executed",
                           "general.econ[30201].function[208].executed",
                           "general.basic[a].executed",
                           "general.function[2x].executed",
                           "general.function[12345678].executed",
                           "general.source[moon].executed",
                           "general.personnel.executed",
                           "activity[a].executed",
                           "score",
                           "score.rule",
                           "score.rule.rule.total",
                           "score.level[a]",
                           "headcount[1].quota",
                           "all.executed[1]",
                           "all .executed"}) {
    EXPECT_THAT(FigurePath::Parse(path).status(),
                StatusIs(absl::StatusCode::kInvalidArgument))
        << path;
  }
}

TEST(FigurePathTest, APathHasAtMost256Bytes) {
  std::string path = "a";
  while (path.size() < 255) path += path.size() % 50 == 0 ? "." : "a";
  EXPECT_TRUE(FigurePath::Parse(path + "a").ok());
  EXPECT_FALSE(FigurePath::Parse(path + "aa").ok());
}

// Whatever parses is printed as it was written: there are no two spellings.
TEST(FigurePathTest, NoTwoSpellingsOfOneFigure) {
  const char* given = std::getenv("DAYBOOK_SEED");
  const unsigned seed =
      given == nullptr
          ? 20'241'231u
          : static_cast<unsigned>(std::strtoul(given, nullptr, 10));
  std::cout << "seed " << seed << "\n";
  std::mt19937 random(seed);
  const std::vector<std::string> parts = {
      "all",       "general", "basic",     "operating", "project",  "executed",
      "approved",  "score",   "rule",      "total",     "activity", "indicator",
      "headcount", "[a]",     "[a.b]",     "[30201]",   "econ",     "function",
      "unit",      "source",  "[current]", "other",     ".",        ".",
      ".",         ".",       "personnel", "[",         "]",        "quota"};
  int parsed = 0;
  for (int i = 0; i < 200'000; ++i) {
    std::string path;
    for (auto part = random() % 9 + 1; part > 0; --part) {
      path += parts[random() % parts.size()];
    }
    const auto figure = FigurePath::Parse(path);
    if (!figure.ok()) continue;
    ++parsed;
    ASSERT_EQ(figure->ToString(), path);
  }
  EXPECT_GT(parsed, 1'000);
}

v1::Line Line(v1::Fund fund, v1::Nature nature) {
  v1::Line line;
  line.set_fund(fund);
  line.set_nature(nature);
  return line;
}

bool Counts(const char* path, const v1::Line& line) {
  return FigurePath::Parse(path)->lines.Matches(line);
}

TEST(FigurePathTest, BasicCountsItsPartsAndNotProjects) {
  const char* basic = "general.basic.executed";
  EXPECT_TRUE(Counts(basic, Line(v1::FUND_GENERAL, v1::NATURE_BASIC)));
  EXPECT_TRUE(Counts(basic, Line(v1::FUND_GENERAL, v1::NATURE_PERSONNEL)));
  EXPECT_TRUE(Counts(basic, Line(v1::FUND_GENERAL, v1::NATURE_OPERATING)));
  EXPECT_FALSE(Counts(basic, Line(v1::FUND_GENERAL, v1::NATURE_PROJECT)));
  EXPECT_FALSE(Counts(basic, Line(v1::FUND_GENERAL, v1::NATURE_UNSPECIFIED)));
  EXPECT_FALSE(Counts(basic, Line(v1::FUND_OTHER, v1::NATURE_BASIC)));
}

TEST(FigurePathTest, CodesArePrefixes) {
  v1::Line line = Line(v1::FUND_GENERAL, v1::NATURE_PROJECT);
  line.set_function_code("2081104");
  line.set_economic_code("30217");
  EXPECT_TRUE(Counts("general.function[20811].executed", line));
  EXPECT_TRUE(Counts("general.econ[302].executed", line));
  EXPECT_FALSE(Counts("general.function[20812].executed", line));
  EXPECT_FALSE(Counts("general.econ[302170].executed", line));
}

TEST(FigurePathTest, ALineWithoutCodeIsInNoRowOfACode) {
  EXPECT_FALSE(Counts("general.econ[302].executed",
                      Line(v1::FUND_GENERAL, v1::NATURE_PROJECT)));
}

TEST(FigurePathTest, AScopeNarrowsToOneProject) {
  v1::Line line = Line(v1::FUND_GENERAL, v1::NATURE_PROJECT);
  line.set_project("other");
  EXPECT_TRUE(Counts("project[other].general.executed", line));
  EXPECT_FALSE(Counts("project[employment].general.executed", line));
}

TEST(FigurePathTest, KeysAreShortAndPlain) {
  EXPECT_TRUE(IsKey(std::string(64, 'a')));
  EXPECT_FALSE(IsKey(std::string(65, 'a')));
  EXPECT_FALSE(IsKey(""));
  EXPECT_FALSE(IsKey("A"));
  EXPECT_TRUE(IsDottedKey("output.quantity.employment"));
  EXPECT_FALSE(IsDottedKey("output..employment"));
  EXPECT_FALSE(IsDottedKey(".output"));
}

}  // namespace
}  // namespace daybook
