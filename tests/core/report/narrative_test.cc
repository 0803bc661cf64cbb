// Narrative text quotes figures: whatever the figure says on the day stands in
// the sentence, and a hole shows.

#include "core/report/narrative.h"

#include <string>

#include "core/report/figures.h"
#include "gtest/gtest.h"
#include "tests/core/report/story.h"

namespace daybook::testing {
namespace {

std::string Render(const std::string& text, const Facts& facts,
                   const std::string& day = "12-31") {
  const LedgerState ledger = Fold(facts);
  return RenderNarrative(
      text, Figures(ReportOf(ledger), DepartmentOf(ledger), Day(day)));
}

TEST(NarrativeTest, TextWithoutQuotationsStaysAsItIs) {
  EXPECT_EQ(Render("项目支出 {a} }}", {}), "项目支出 {a} }}");
  EXPECT_EQ(Render("", {}), "");
}

TEST(NarrativeTest, AQuotedAmountIsPrintedInWanYuan) {
  EXPECT_EQ(Render("支出{{general.executed}}万元，预算{{all.approved}}万元。",
                   {Spent("06-01", "general", 1'234'500'00)}),
            "支出123.45万元，预算0.00万元。");
}

TEST(NarrativeTest, AQuotationIsAsOfTheDay) {
  const Facts facts = {Spent("06-01", "general", 10'000'00)};
  EXPECT_EQ(Render("{{general.executed}}", facts, "05-31"), "0.00");
  EXPECT_EQ(Render("{{general.executed}}", facts, "06-01"), "1.00");
}

TEST(NarrativeTest, ABlankFigureShowsAsAHole) {
  EXPECT_EQ(Render("走访{{activity[visits]}}人", {}), "走访（空）人");
  EXPECT_EQ(
      Render("走访{{activity[visits]}}人", {Activity("06-01", "visits", "12")}),
      "走访12人");
}

TEST(NarrativeTest, StatedEmptinessReadsAsStated) {
  EXPECT_EQ(Render("{{other.executed}}{{construction}}",
                   {StatedNone("01-01", "other.executed"),
                    StatedNotApplicable("01-01", "construction")}),
            "无——");
}

TEST(NarrativeTest, GradesAndMissingScoresAreQuotedToo) {
  const Facts facts = {Adopted(Policy()), Approved("general", 1'00),
                       Spent("06-01", "general", 1'00)};
  // Execution alone: 10 points of 100 are 差.
  EXPECT_EQ(Render("{{score.total}}分，{{score.grade}}", facts), "10.00分，差");
  EXPECT_EQ(Render("{{score.total}}", {Adopted(Policy())}), "未报");
}

}  // namespace
}  // namespace daybook::testing
