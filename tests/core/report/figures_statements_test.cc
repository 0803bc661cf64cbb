// Stated values: an emptiness is an event, an event beats a statement, and of
// statements the latest by (effective date, position) holds.

#include <string>

#include "core/report/figures.h"
#include "gtest/gtest.h"
#include "tests/core/report/story.h"

namespace daybook::testing {
namespace {

constexpr char kBlank[] = "";
constexpr char kRow[] = "general.econ[30201].executed";

TEST(FiguresStatementsTest, BlankZeroNoneAndNotApplicableAreFourValues) {
  EXPECT_EQ(AtYearEnd({}, kRow), kBlank);
  EXPECT_EQ(AtYearEnd({StatedZero("12-31", kRow)}, kRow), "0.00");
  EXPECT_EQ(AtYearEnd({StatedNone("12-31", kRow)}, kRow), "无");
  EXPECT_EQ(AtYearEnd({StatedNotApplicable("12-31", kRow)}, kRow), "——");
}

TEST(FiguresStatementsTest, AStatementHoldsFromItsDayOn) {
  const Facts facts = {StatedNone("06-01", kRow)};
  EXPECT_EQ(Ask(facts, "05-31", kRow), kBlank);
  EXPECT_EQ(Ask(facts, "06-01", kRow), "无");
}

TEST(FiguresStatementsTest, AStatementReplacesTheZeroOfAnOpenedFund) {
  const Facts facts = {StatedNone("06-01", "government_fund.executed")};
  EXPECT_EQ(Ask(facts, "05-31", "government_fund.executed"), "0.00");
  EXPECT_EQ(Ask(facts, "06-01", "government_fund.executed"), "无");
}

TEST(FiguresStatementsTest, AStatementIsForItsExactPath) {
  const Facts facts = {StatedNone("06-01", "general.project.executed")};
  EXPECT_EQ(AtYearEnd(facts, "general.project.executed"), "无");
  EXPECT_EQ(AtYearEnd(facts, "general.executed"), "0.00");
  EXPECT_EQ(AtYearEnd(facts, "general.project[road].executed"), "0.00");
}

TEST(FiguresStatementsTest, AnEventBeatsAStatementInEitherOrder) {
  const Fact statement = StatedNone("12-31", kRow);
  const Fact event = Spent("03-01", "general.econ[30201]", 1'00);
  EXPECT_EQ(AtYearEnd({statement, event}, kRow), "1.00");
  EXPECT_EQ(AtYearEnd({event, statement}, kRow), "1.00");
}

TEST(FiguresStatementsTest, BeforeTheEventsDayTheStatementHolds) {
  const Facts facts = {StatedNone("01-01", kRow),
                       Spent("03-01", "general.econ[30201]", 1'00)};
  EXPECT_EQ(Ask(facts, "02-29", kRow), "无");
  EXPECT_EQ(Ask(facts, "03-01", kRow), "1.00");
}

TEST(FiguresStatementsTest, EventsThatCancelOutBeatAStatementToo) {
  const Facts facts = {StatedNone("01-01", kRow),
                       Spent("03-01", "general.econ[30201]", 1'00),
                       Spent("03-02", "general.econ[30201]", -1'00)};
  EXPECT_EQ(AtYearEnd(facts, kRow), "0.00");
}

TEST(FiguresStatementsTest, OnceTheEventIsReversedTheStatementHoldsAgain) {
  const Facts facts = {StatedNone("01-01", kRow),
                       Named("v1", Spent("03-01", "general.econ[30201]", 1'00)),
                       Reversed("06-01", "v1")};
  EXPECT_EQ(Ask(facts, "05-31", kRow), "1.00");
  EXPECT_EQ(Ask(facts, "06-01", kRow), "无");
}

TEST(FiguresStatementsTest, AControlFactDoesNotBeatAStatement) {
  EXPECT_EQ(
      AtYearEnd({StatedNone("01-01", kRow),
                 By("payments", Spent("03-01", "general.econ[30201]", 1'00))},
                kRow),
      "无");
}

TEST(FiguresStatementsTest, TheLatestByDateAndPositionHolds) {
  const Fact march = StatedNone("03-01", kRow);
  const Fact june = StatedNotApplicable("06-01", kRow);
  EXPECT_EQ(AtYearEnd({march, june}, kRow), "——");
  EXPECT_EQ(AtYearEnd({june, march}, kRow), "——");
  EXPECT_EQ(Ask({june, march}, "05-31", kRow), "无");
  // On one day, what was recorded later.
  EXPECT_EQ(AtYearEnd({june, Dated("06-01", march)}, kRow), "无");
  EXPECT_EQ(AtYearEnd({Dated("06-01", march), june}, kRow), "——");
}

TEST(FiguresStatementsTest, AReversedStatementUncoversTheOneBefore) {
  const Facts facts = {StatedNone("03-01", kRow),
                       Named("s1", StatedNotApplicable("06-01", kRow)),
                       Reversed("09-01", "s1")};
  EXPECT_EQ(Ask(facts, "08-31", kRow), "——");
  EXPECT_EQ(Ask(facts, "09-01", kRow), "无");
}

TEST(FiguresStatementsTest, AStatementReversedOnItsDateNeverHeld) {
  const Facts facts = {Named("s1", StatedNone("06-01", kRow)),
                       Reversed("06-01", "s1")};
  EXPECT_EQ(Ask(facts, "06-01", kRow), kBlank);
}

TEST(FiguresStatementsTest, NoneAddsNothingToASum) {
  const Facts facts = {StatedNone("01-01", "government_fund.executed"),
                       Spent("03-01", "general", 1'00)};
  EXPECT_EQ(AtYearEnd(facts, "all.executed"), "1.00");
  const Facts nothing = {
      StatedNone("01-01", "government_fund.econ[302].executed")};
  EXPECT_EQ(AtYearEnd(nothing, "all.econ[302].executed"), kBlank);
}

TEST(FiguresStatementsTest, AStatedZeroIsATermOfASum) {
  EXPECT_EQ(AtYearEnd({StatedZero("01-01", "general.econ[302].executed")},
                      "all.econ[302].executed"),
            "0.00");
}

TEST(FiguresStatementsTest, ASumItselfMayBeStated) {
  const Facts stated = {StatedNone("01-01", "all.executed"),
                        StatedNotApplicable("01-01", "general.adjusted")};
  EXPECT_EQ(AtYearEnd(stated, "all.executed"), "无");
  EXPECT_EQ(AtYearEnd(stated, "general.adjusted"), "——");
  Facts facts = stated;
  facts.push_back(Spent("03-01", "government_fund", 1'00));
  facts.push_back(Approved("general.basic", 2'00));
  EXPECT_EQ(AtYearEnd(facts, "all.executed"), "1.00");
  EXPECT_EQ(AtYearEnd(facts, "general.adjusted"), "2.00");
}

TEST(FiguresStatementsTest, ARateMayBeStatedWhereNothingIsRecorded) {
  const Facts stated = {
      StatedNotApplicable("12-31", "government_fund.execution_rate"),
      StatedNotApplicable("12-31", "all.execution_rate_approved")};
  EXPECT_EQ(AtYearEnd(stated, "government_fund.execution_rate"), "——");
  EXPECT_EQ(Ask(stated, "12-30", "government_fund.execution_rate"), kBlank);
  EXPECT_EQ(AtYearEnd(stated, "all.execution_rate_approved"), "——");
}

TEST(FiguresStatementsTest, ARateOfEventsBeatsAStatedOne) {
  Facts facts = {StatedNone("12-31", "general.execution_rate"),
                 Spent("06-01", "general", 1'00)};
  // Spending without budget: the events say that there is no rate.
  EXPECT_EQ(AtYearEnd(facts, "general.execution_rate"), kBlank);
  facts.push_back(Approved("general", 2'00));
  EXPECT_EQ(AtYearEnd(facts, "general.execution_rate"), "50.00");
}

TEST(FiguresStatementsTest, TheNumbersOfAHeadcountAreReplacedOneByOne) {
  const Facts facts = {Headcount("01-01", 20, 18), Headcount("06-01", -1, 19)};
  EXPECT_EQ(Ask(facts, "05-31", "headcount.actual"), "18");
  EXPECT_EQ(AtYearEnd(facts, "headcount.actual"), "19");
  EXPECT_EQ(AtYearEnd(facts, "headcount.quota"), "20");
  EXPECT_EQ(AtYearEnd(facts, "headcount.permanent"), kBlank);
}

TEST(FiguresStatementsTest, AHeadcountOfZeroIsNotBlank) {
  EXPECT_EQ(AtYearEnd({Headcount("01-01", -1, 0)}, "headcount.actual"), "0");
}

TEST(FiguresStatementsTest, TheControlRateIsActualByQuota) {
  EXPECT_EQ(AtYearEnd({Headcount("01-01", 16, 15)}, "headcount.control_rate"),
            "93.75");
  EXPECT_EQ(AtYearEnd({Headcount("01-01", 3, 2)}, "headcount.control_rate"),
            "66.67");
  EXPECT_EQ(AtYearEnd({Headcount("01-01", 0, 2)}, "headcount.control_rate"),
            kBlank);
  EXPECT_EQ(AtYearEnd({Headcount("01-01", 3, -1)}, "headcount.control_rate"),
            kBlank);
}

TEST(FiguresStatementsTest, AReversedHeadcountTakesAllItsNumbersAway) {
  const Facts facts = {Headcount("01-01", 20, 18),
                       Named("h1", Headcount("03-01", 22, 21)),
                       Reversed("06-01", "h1")};
  EXPECT_EQ(Ask(facts, "05-31", "headcount.quota"), "22");
  EXPECT_EQ(Ask(facts, "06-01", "headcount.quota"), "20");
  EXPECT_EQ(Ask(facts, "06-01", "headcount.actual"), "18");
}

TEST(FiguresStatementsTest, HeadcountMayBeStatedEmpty) {
  const Facts stated = {StatedNone("01-01", "headcount.contract")};
  EXPECT_EQ(AtYearEnd(stated, "headcount.contract"), "无");
}

TEST(FiguresStatementsTest, ActivitiesReadAsRecorded) {
  const Facts facts = {Activity("03-01", "visits", "341.50"),
                       Activity("02-01", "visits", "12")};
  EXPECT_EQ(Ask(facts, "01-31", "activity[visits]"), kBlank);
  EXPECT_EQ(Ask(facts, "02-29", "activity[visits]"), "12");
  EXPECT_EQ(AtYearEnd(facts, "activity[visits]"), "341.50");
  EXPECT_EQ(
      AtYearEnd({StatedNone("01-01", "activity[visits]")}, "activity[visits]"),
      "无");
}

TEST(FiguresStatementsTest, AnActivityIsInTheScopeOfItsOwnProjectAlone) {
  Fact activity = Activity("03-01", "visits", "12");
  activity.event.mutable_activity_recorded()->set_project("road");
  EXPECT_EQ(AtYearEnd({activity}, "activity[visits]"), "12");
  EXPECT_EQ(AtYearEnd({activity}, "project[road].activity[visits]"), "12");
  EXPECT_EQ(AtYearEnd({activity}, "project[school].activity[visits]"), kBlank);
}

TEST(FiguresStatementsTest, OnlyTheDepartmentHasAHeadcountAndAScore) {
  const Facts facts = {Headcount("01-01", 20, 18), Adopted(Policy()),
                       Approved("general", 1'00),
                       Spent("01-01", "general", 1'00)};
  EXPECT_EQ(AtYearEnd(facts, "score.execution"), "10.00");
  EXPECT_EQ(AtYearEnd(facts, "project[road].score.execution"), kBlank);
  EXPECT_EQ(AtYearEnd(facts, "project[road].headcount.quota"), kBlank);
}

}  // namespace
}  // namespace daybook::testing
