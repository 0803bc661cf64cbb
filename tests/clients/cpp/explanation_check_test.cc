// ExplanationCheck: rows that add up pass; each way of not adding up is named.

#include "clients/cpp/explanation_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <vector>

#include "tests/clients/explanation_builders.h"
#include "tests/support/status_matchers.h"

namespace daybook::client {
namespace {

using ::testing::AllOf;
using testing::BalancePages;
using ::testing::HasSubstr;
using testing::IsOk;
using testing::StatusIs;

using Pages = std::vector<v1::ExplainFigureResponse>;

absl::Status CheckAll(const Pages& pages) {
  ExplanationCheck check;
  for (const v1::ExplainFigureResponse& page : pages) {
    if (const absl::Status status = check.Add(page); !status.ok()) {
      return status;
    }
  }
  return check.complete() ? absl::OkStatus()
                          : absl::FailedPreconditionError("not complete");
}

auto IsLossOf(const char* what, const char* expected, const char* found) {
  return StatusIs(
      absl::StatusCode::kDataLoss,
      AllOf(HasSubstr(what), HasSubstr(expected), HasSubstr(found)));
}

TEST(ExplanationCheckTest, RowsThatAddUpPass) {
  EXPECT_THAT(CheckAll(BalancePages()), IsOk());
}

TEST(ExplanationCheckTest, WithoutTheLastPageItIsNotComplete) {
  ExplanationCheck check;
  EXPECT_THAT(check.Add(BalancePages()[0]), IsOk());
  EXPECT_FALSE(check.complete());
  EXPECT_EQ(check.rows(), 3);
}

TEST(ExplanationCheckTest, TheFirstPageBeginsWithNothing) {
  Pages pages = BalancePages();
  pages[0].mutable_leaves(1)->set_fen_before(1);
  EXPECT_THAT(CheckAll(pages),
              IsLossOf("leaf 2 (general.executed)", "expected 0.00 yuan",
                       "found 0.01 yuan"));
}

TEST(ExplanationCheckTest, APageBeginsWhereTheOneBeforeEnded) {
  Pages pages = BalancePages();
  pages[1].mutable_leaves(1)->set_events_before(3);
  EXPECT_THAT(CheckAll(pages),
              IsLossOf("before a page", "of 2 events", "of 3 events"));
}

TEST(ExplanationCheckTest, ARowThatIsMissingIsFound) {
  Pages pages = BalancePages();
  pages[0].mutable_events()->RemoveLast();
  EXPECT_THAT(CheckAll(pages), IsLossOf("leaf 2 (general.executed)",
                                        "expected 4200.00 yuan of 2 events",
                                        "found 1200.00 yuan of 1 events"));
}

TEST(ExplanationCheckTest, ARowThatStandsTwiceIsFoundEvenWhereSumsAreRight) {
  Pages pages = BalancePages();
  v1::EventRow& twice = *pages[0].add_events();
  twice = pages[0].events(2);
  twice.set_amount_fen(0);
  twice.set_events(0);
  EXPECT_THAT(CheckAll(pages),
              IsLossOf("position 6, leaf 2", "after position 6, leaf 2",
                       "does not follow"));
}

TEST(ExplanationCheckTest, TheLastPageReachesTheTotal) {
  Pages pages = BalancePages();
  pages.pop_back();
  pages[0].clear_next_page_token();
  EXPECT_THAT(CheckAll(pages),
              IsLossOf("all its events together", "expected 3000.00 yuan",
                       "found 4200.00 yuan"));
}

TEST(ExplanationCheckTest, TotalsStayWhatTheyWere) {
  Pages pages = BalancePages();
  pages[1].mutable_leaves(0)->set_total_fen(1);
  EXPECT_THAT(CheckAll(pages), IsLossOf("its total on another page",
                                        "5000.00 yuan", "0.01 yuan"));
}

TEST(ExplanationCheckTest, PagesAreOfOneSize) {
  Pages pages = BalancePages();
  pages[1].mutable_coordinates()->set_size(10);
  EXPECT_THAT(CheckAll(pages),
              IsLossOf("other coordinates", "size: 9", "size: 10"));
}

TEST(ExplanationCheckTest, ARowOfNoLeafIsRefused) {
  Pages pages = BalancePages();
  pages[0].mutable_events(0)->set_leaf(3);
  EXPECT_THAT(CheckAll(pages),
              IsLossOf("position 3", "expected 1 to 2", "found 3"));
}

TEST(ExplanationCheckTest, ASumThatOverflowsIsRefused) {
  Pages pages = BalancePages();
  pages[0].mutable_events(2)->set_amount_fen(
      std::numeric_limits<int64_t>::max());
  EXPECT_THAT(CheckAll(pages),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("63 bits")));
}

TEST(CheckFormulaTest, TermsAddUpToTheirSum) {
  v1::ExplainFigureResponse page = BalancePages()[0];
  EXPECT_THAT(CheckFormula(page), IsOk());
  page.mutable_explanation()->mutable_figure()->mutable_value()->set_amount_fen(
      200001);
  EXPECT_THAT(
      CheckFormula(page),
      IsLossOf("figure general.balance", "expected 2000.01", "found 2000.00"));
}

TEST(CheckFormulaTest, EventsAddUpToTheirFigure) {
  v1::ExplainFigureResponse page = BalancePages()[0];
  page.mutable_leaves(1)->set_total_fen(300001);
  EXPECT_THAT(
      CheckFormula(page),
      IsLossOf("figure general.executed", "expected 3000.00", "found 3000.01"));
}

TEST(CheckFormulaTest, APercentageIsRoundedHalfAwayFromZero) {
  auto page = testing::FromText<v1::ExplainFigureResponse>(R"(
    explanation {
      figure { path: "all.execution_rate"
               value { number { unscaled: 3333 scale: 2 } } }
      kind: KIND_PERCENTAGE
      terms { sign: 1 explanation { figure { value { amount_fen: 1 } } } }
      terms { sign: 1 explanation { figure { value { amount_fen: 3 } } } }
    })");
  EXPECT_THAT(CheckFormula(page), IsOk());
  page.mutable_explanation()
      ->mutable_figure()
      ->mutable_value()
      ->mutable_number()
      ->set_unscaled(3334);
  EXPECT_THAT(CheckFormula(page),
              IsLossOf("all.execution_rate", "expected 33.33", "found 33.34"));
}

TEST(CheckFormulaTest, BlankTermsAddNothing) {
  v1::ExplainFigureResponse page = BalancePages()[0];
  page.mutable_explanation()
      ->mutable_terms(1)
      ->mutable_explanation()
      ->mutable_figure()
      ->mutable_value()
      ->set_empty(v1::EMPTINESS_BLANK);
  page.mutable_explanation()->mutable_figure()->mutable_value()->set_amount_fen(
      500000);
  EXPECT_THAT(CheckFormula(page), IsOk());
}

}  // namespace
}  // namespace daybook::client
