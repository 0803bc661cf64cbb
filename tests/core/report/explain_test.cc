// Explain: the tree of a figure agrees with the figure, its leaves add up to
// it.

#include "core/report/explain.h"

#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/report/figure_list.h"
#include "core/report/figure_text.h"
#include "core/report/find_figure.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/core/report/story.h"

namespace daybook::testing {
namespace {

using ::testing::ElementsAre;
using v1::Explanation;

Facts Story() {
  return {
      Adopted(Policy()),
      Approved("general.basic", 100'00),
      Approved("government_fund.project[road]", 50'00),
      Adjusted("03-01", "general.basic", 20'00),
      Recovered("05-01", "general.basic", -5'00),
      Named("v", Spent("03-01", "general.basic.econ[302]", 60'00)),
      Refunded("04-01", "general.basic.econ[302]", 10'00, "v"),
      Named("w", Spent("06-01", "general.basic", 7'00)),
      Reversed("07-01", "w"),
      By("payments", Spent("03-02", "general.basic", 99'00)),
      StatedNone("01-01", "government_fund.project.closing_carryover"),
      Headcount("01-01", 10, 9),
      Indicator("output.a"),
      Result("03-01", "output.a", People("50")),
      Increment("05-01", "output.a", People("30")),
      Revised("06-01", "output.a", People("90")),
      Indicator("cost.b", v1::IndicatorSet::OPERATOR_AT_MOST,
                FigureOf("all.adjusted"), "10"),
      Result("06-01", "cost.b", FigureOf("all.executed")),
      Assessed("12-31", "output.a", "9.5"),
  };
}

class ExplainTest : public ::testing::Test {
 protected:
  Explained At(const std::string& day, const std::string& path) {
    const Figures figures(ReportOf(ledger_), DepartmentOf(ledger_), Day(day));
    const auto parsed = FindFigure(figures, path);
    EXPECT_TRUE(parsed.ok()) << parsed.status();
    return Explain(figures, *parsed);
  }

  LedgerState ledger_ = Fold(Story());
};

// "path kind leaf", one node a line, terms indented.
std::string Text(const Explanation& node, int depth = 0) {
  std::string text = absl::StrCat(
      std::string(static_cast<size_t>(depth) * 2, ' '), node.figure().path(),
      " ", Explanation::Kind_Name(node.kind()).substr(5));
  if (node.leaf() > 0) absl::StrAppend(&text, " ", node.leaf());
  absl::StrAppend(&text, "\n");
  for (const v1::ExplanationTerm& term : node.terms()) {
    absl::StrAppend(&text, Text(term.explanation(), depth + 1));
  }
  return text;
}

TEST_F(ExplainTest, ARateIsExplainedDownToItsEvents) {
  const Explained explained = At("12-31", "general.basic.execution_rate");
  EXPECT_EQ(Text(explained.tree),
            "general.basic.execution_rate PERCENTAGE\n"
            "  general.basic.executed EVENTS 1\n"
            "  general.basic.adjusted ADDITION\n"
            "    general.basic.approved EVENTS 2\n"
            "    general.basic.adjustment EVENTS 3\n");
  EXPECT_EQ(explained.tree.formula(),
            "general.basic.executed / general.basic.adjusted");
  ASSERT_EQ(explained.leaves.size(), 3);
  EXPECT_EQ(explained.leaves[0].fen, 50'00);
  // Voucher and refund; the reversed one counts no more.
  EXPECT_EQ(explained.leaves[0].events, 2);
  EXPECT_EQ(explained.leaves[2].fen, 15'00);
}

TEST_F(ExplainTest, AMeasureShownPositiveTurnsTheSignOfItsEvents) {
  const Explained explained = At("12-31", "general.recovered");
  ASSERT_EQ(explained.leaves.size(), 1);
  EXPECT_EQ(explained.leaves[0].sign, -1);
  EXPECT_EQ(explained.leaves[0].fen, 5'00);
}

TEST_F(ExplainTest, AStatementStandsWhereNoEventDoes) {
  const Explained explained =
      At("12-31", "government_fund.project.closing_carryover");
  EXPECT_EQ(explained.tree.kind(), Explanation::KIND_STATED);
  ASSERT_EQ(explained.leaves.size(), 1);
  EXPECT_EQ(explained.leaves[0].statements.size(), 1);
  EXPECT_EQ(At("12-31", "general.closing_carryover").tree.kind(),
            Explanation::KIND_NOTHING);
}

TEST_F(ExplainTest, ARowWhoseEventsAreAllReversedStillShowsThem) {
  const LedgerState ledger =
      Fold({Named("v", Spent("03-01", "general.econ[302]", 5)),
            Reversed("04-01", "v")});
  const Figures figures(ReportOf(ledger), DepartmentOf(ledger), Day("12-31"));
  const Explained explained =
      Explain(figures, *FigurePath::Parse("general.econ[302].executed"));
  EXPECT_EQ(explained.tree.kind(), Explanation::KIND_NOTHING);
  ASSERT_EQ(explained.leaves.size(), 1);
  EXPECT_EQ(explained.leaves[0].events, 0);
  EXPECT_EQ(explained.leaves[0].buckets.size(), 1);
}

TEST_F(ExplainTest, AnIndicatorShowsTargetRevisionResultsAndPolicy) {
  const Explained explained = At("12-31", "score.indicator[output.a]");
  EXPECT_EQ(Text(explained.tree),
            "score.indicator[output.a] FIRST_OF\n"
            "  score.declared.indicator[output.a] STATED 1\n"
            "  score.rule.indicator[output.a] RULE 2\n");
  const Explanation& rule = explained.tree.terms(1).explanation();
  EXPECT_EQ(rule.formula(), "result 80 ≥ target 90, weight 10");
  // Set, revised, two results, policy.
  EXPECT_EQ(explained.leaves[1].statements.size(), 5);
  EXPECT_EQ(
      At("05-31", "score.rule.indicator[output.a]").leaves[0].statements.size(),
      4);
}

TEST_F(ExplainTest, AFigureAsTargetOrResultIsExplainedToo) {
  const Explained explained = At("12-31", "score.rule.indicator[cost.b]");
  ASSERT_EQ(explained.tree.terms_size(), 2);
  EXPECT_EQ(explained.tree.terms(0).explanation().figure().path(),
            "all.adjusted");
  EXPECT_EQ(explained.tree.terms(1).explanation().figure().path(),
            "all.executed");
}

TEST_F(ExplainTest, TheOpeningIsACauseWhereTheReportWasOpenedAgain) {
  EXPECT_EQ(At("12-31", "all.income").tree.leaf(), 0u);
  Facts facts = Story();
  facts.push_back(Opened({v1::FUND_GENERAL, v1::FUND_OTHER}));
  const LedgerState ledger = Fold(facts);
  const ReportState& report = ReportOf(ledger);
  const Figures figures(report, DepartmentOf(ledger), Day("12-31"));
  const Explained explained =
      Explain(figures, *FindFigure(figures, "all.income"));
  EXPECT_EQ(Text(explained.tree),
            "all.income ADDITION 1\n"
            "  general.income NOTHING\n"
            "  other.income NOTHING\n");
  EXPECT_THAT(explained.leaves[0].statements,
              ElementsAre(report.opened_position()));
  EXPECT_TRUE(
      Explain(figures, *FindFigure(figures, "general.income")).leaves.empty());
}

TEST_F(ExplainTest, AFigureThatEntersTwiceHasOneLeaf) {
  const Explained explained = At("12-31", "score.total");
  std::set<std::string> seen;
  for (const ExplainedLeaf& leaf : explained.leaves) {
    EXPECT_TRUE(seen.insert(leaf.figure).second) << leaf.figure;
  }
}

// Whatever is listed agrees with its own formula.
void CheckAddition(const Explanation& node) {
  if (node.kind() == Explanation::KIND_ADDITION &&
      node.figure().value().has_amount_fen()) {
    int64_t sum = 0;
    for (const v1::ExplanationTerm& term : node.terms()) {
      const v1::FigureValue& value = term.explanation().figure().value();
      if (value.has_amount_fen()) sum += term.sign() * value.amount_fen();
    }
    EXPECT_EQ(sum, node.figure().value().amount_fen()) << node.figure().path();
  }
  for (const v1::ExplanationTerm& term : node.terms()) {
    CheckAddition(term.explanation());
  }
}

TEST_F(ExplainTest, EveryFigureOfTheReportIsExplainedByItsLeaves) {
  for (const char* day : {"02-29", "04-01", "06-30", "12-31"}) {
    const Figures figures(ReportOf(ledger_), DepartmentOf(ledger_), Day(day));
    for (const v1::Figure& figure : ListFigures(figures)) {
      const Explained explained =
          Explain(figures, *FigurePath::Parse(figure.path()));
      EXPECT_EQ(FormatFigureValue(explained.tree.figure().value()),
                FormatFigureValue(figure.value()))
          << figure.path();
      CheckAddition(explained.tree);
      if (explained.tree.kind() != Explanation::KIND_EVENTS) continue;
      EXPECT_EQ(explained.leaves[0].fen, figure.value().amount_fen())
          << figure.path();
    }
  }
}

TEST_F(ExplainTest, TheFormsLabelsAreUsedWhereItPrintsTheFigure) {
  const Figures figures(ReportOf(ledger_), DepartmentOf(ledger_), Day("12-31"));
  Explained explained =
      Explain(figures, *FigurePath::Parse("headcount.control_rate"));
  UseFormLabels(figures, explained.tree);
  EXPECT_EQ(explained.tree.figure().label(), "控制率");
  EXPECT_EQ(explained.tree.terms(0).explanation().figure().label(),
            "实际在职人数");
}

}  // namespace
}  // namespace daybook::testing
