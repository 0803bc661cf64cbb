// Money figures: which rows are 0 without events and which are blank, what a
// row counts, when a fact counts, and what a reversal leaves behind.
//
// Derived measures are in figures_measures_test.cc, statements in
// figures_statements_test.cc, topic rows in figures_topics_test.cc.

#include "core/report/figures.h"

#include <string>

#include "gtest/gtest.h"
#include "tests/core/report/story.h"

namespace daybook::testing {
namespace {

constexpr char kBlank[] = "";

TEST(FiguresTest, RowsOfAnOpenedFundAreZeroWithoutEvents) {
  for (const char* row :
       {"general", "general.basic", "general.basic.personnel",
        "general.basic.operating", "general.project", "general.project[road]",
        "government_fund.project[school]"}) {
    for (const char* measure :
         {"approved", "adjustment", "adjusted", "executed", "opening_carryover",
          "closing_carryover"}) {
      const std::string path = std::string(row) + "." + measure;
      EXPECT_EQ(AtYearEnd({}, path), "0.00") << path;
    }
  }
}

TEST(FiguresTest, TheIncomeOfAnOpenedFundIsZeroAndOfItsPartsBlank) {
  EXPECT_EQ(AtYearEnd({}, "general.income"), "0.00");
  EXPECT_EQ(AtYearEnd({}, "general.basic.income"), kBlank);
  EXPECT_EQ(AtYearEnd({}, "general.project[road].income"), kBlank);
}

TEST(FiguresTest, RowsOfAFundThatIsNotOpenedAreBlank) {
  for (const char* path :
       {"other.approved", "other.adjusted", "other.executed", "other.income",
        "other.balance", "other.basic.executed", "other.project[road].executed",
        "other.opening_carryover"}) {
    EXPECT_EQ(AtYearEnd({}, path), kBlank) << path;
  }
}

TEST(FiguresTest, RowsBelowTheListedOnesAreBlankWithoutEvents) {
  for (const char* path :
       {"general.function[208].executed", "general.econ[302].executed",
        "general.source[current].executed", "general.unit[A].executed",
        "general.basic.econ[302].approved", "general.recovered",
        "general.execution_rate", "general.prior_executed",
        "project[road].general.executed"}) {
    EXPECT_EQ(AtYearEnd({}, path), kBlank) << path;
  }
}

TEST(FiguresTest, AProjectThatIsNotRegisteredIsBlank) {
  EXPECT_EQ(AtYearEnd({}, "general.project[bridge].executed"), kBlank);
}

TEST(FiguresTest, RecordedAgainTheListOfFundsIsReplaced) {
  const Fact widened =
      Opened({v1::FUND_GENERAL, v1::FUND_GOVERNMENT_FUND, v1::FUND_OTHER});
  EXPECT_EQ(AtYearEnd({widened}, "other.executed"), "0.00");
  const Fact narrowed = Opened({v1::FUND_GENERAL});
  EXPECT_EQ(AtYearEnd({narrowed}, "government_fund.executed"), kBlank);
}

TEST(FiguresTest, AFactCountsFromItsOwnDayOn) {
  const Facts facts = {Spent("03-15", "general.basic", 50'00)};
  EXPECT_EQ(Ask(facts, "03-14", "general.executed"), "0.00");
  EXPECT_EQ(Ask(facts, "03-15", "general.executed"), "50.00");
  EXPECT_EQ(Ask(facts, "12-31", "general.executed"), "50.00");
}

TEST(FiguresTest, TheFirstAndTheLastDayOfTheYearCount) {
  const Facts facts = {Spent("01-01", "general", 1'00),
                       Spent("12-31", "general", 2'00)};
  EXPECT_EQ(Ask(facts, "01-01", "general.executed"), "1.00");
  EXPECT_EQ(Ask(facts, "12-30", "general.executed"), "1.00");
  EXPECT_EQ(Ask(facts, "12-31", "general.executed"), "3.00");
}

TEST(FiguresTest, ASecondApprovalOfALineAdds) {
  EXPECT_EQ(AtYearEnd({Approved("general.basic", 100'00),
                       Approved("general.basic", 20'00),
                       Approved("general.basic", -5'00)},
                      "general.basic.approved"),
            "115.00");
}

TEST(FiguresTest, MoneyDoesNotDependOnTheRecordedOrder) {
  const Fact early = Spent("02-01", "general", 1'00);
  const Fact late = Spent("09-01", "general", 2'00);
  for (const char* day : {"01-31", "02-01", "08-31", "09-01"}) {
    EXPECT_EQ(Ask({early, late}, day, "general.executed"),
              Ask({late, early}, day, "general.executed"));
  }
}

TEST(FiguresTest, BasicIsPersonnelAndOperatingAndWhatIsNotDivided) {
  const Facts facts = {Spent("01-01", "general.basic", 1'00),
                       Spent("01-01", "general.basic.personnel", 20'00),
                       Spent("01-01", "general.basic.operating", 300'00),
                       Spent("01-01", "general.project", 4000'00)};
  EXPECT_EQ(AtYearEnd(facts, "general.basic.executed"), "321.00");
  EXPECT_EQ(AtYearEnd(facts, "general.basic.personnel.executed"), "20.00");
  EXPECT_EQ(AtYearEnd(facts, "general.basic.operating.executed"), "300.00");
  EXPECT_EQ(AtYearEnd(facts, "general.project.executed"), "4000.00");
}

TEST(FiguresTest, ALineWithoutNatureCountsInItsFundAndNowhereBelow) {
  const Facts facts = {Spent("01-01", "general.econ[30201]", 7'00)};
  EXPECT_EQ(AtYearEnd(facts, "general.executed"), "7.00");
  EXPECT_EQ(AtYearEnd(facts, "general.basic.executed"), "0.00");
  EXPECT_EQ(AtYearEnd(facts, "general.project.executed"), "0.00");
}

TEST(FiguresTest, ProjectsAddUpToTheirRow) {
  const Facts facts = {Spent("01-01", "general.project[road]", 1'00),
                       Spent("01-01", "general.project[school]", 20'00)};
  EXPECT_EQ(AtYearEnd(facts, "general.project[road].executed"), "1.00");
  EXPECT_EQ(AtYearEnd(facts, "general.project.executed"), "21.00");
  EXPECT_EQ(AtYearEnd(facts, "government_fund.project[road].executed"), "0.00");
}

TEST(FiguresTest, CodesArePrefixes) {
  const Facts facts = {
      Spent("01-01", "general.function[2081104].econ[30201]", 1'00),
      Spent("01-01", "general.function[2081199].econ[30211]", 20'00),
      Spent("01-01", "general.function[2080501].econ[31013]", 300'00)};
  EXPECT_EQ(AtYearEnd(facts, "general.function[20811].executed"), "21.00");
  EXPECT_EQ(AtYearEnd(facts, "general.function[2081104].executed"), "1.00");
  EXPECT_EQ(AtYearEnd(facts, "general.function[208].executed"), "321.00");
  EXPECT_EQ(AtYearEnd(facts, "general.econ[302].executed"), "21.00");
  EXPECT_EQ(AtYearEnd(facts, "general.function[20811].econ[30211].executed"),
            "20.00");
  EXPECT_EQ(AtYearEnd(facts, "general.function[2081105].executed"), kBlank);
}

TEST(FiguresTest, UnitsAndSourceRowsAreKeptApart) {
  const Facts facts = {Spent("01-01", "general.source[current].unit[A]", 1'00),
                       Spent("01-01", "general.source[other].unit[B]", 20'00)};
  EXPECT_EQ(AtYearEnd(facts, "general.unit[A].executed"), "1.00");
  EXPECT_EQ(AtYearEnd(facts, "general.source[other].executed"), "20.00");
  EXPECT_EQ(AtYearEnd(facts, "general.source[other].unit[A].executed"), kBlank);
  EXPECT_EQ(AtYearEnd(facts, "general.executed"), "21.00");
}

TEST(FiguresTest, AScopeCountsTheLinesOfItsProject) {
  const Facts facts = {Spent("01-01", "general.project[road]", 1'00),
                       Spent("01-01", "general.project[school]", 20'00),
                       Spent("01-01", "government_fund.project[road]", 300'00)};
  EXPECT_EQ(AtYearEnd(facts, "project[road].general.executed"), "1.00");
  EXPECT_EQ(AtYearEnd(facts, "project[road].all.executed"), "301.00");
}

TEST(FiguresTest, AllAddsUpTheOpenedFunds) {
  const Facts facts = {Spent("01-01", "general", 1'00),
                       Spent("01-01", "government_fund", 20'00)};
  EXPECT_EQ(AtYearEnd({}, "all.executed"), "0.00");
  EXPECT_EQ(AtYearEnd(facts, "all.executed"), "21.00");
}

TEST(FiguresTest, AFundThatIsNotOpenedIsNoPartOfAll) {
  const Facts facts = {Spent("01-01", "general", 1'00),
                       Spent("01-01", "other", 300'00)};
  EXPECT_EQ(AtYearEnd(facts, "other.executed"), "300.00");
  EXPECT_EQ(AtYearEnd(facts, "all.executed"), "1.00");
}

TEST(FiguresTest, ASumIsBlankOnlyWhenAllItsTermsAre) {
  EXPECT_EQ(AtYearEnd({}, "all.econ[302].executed"), kBlank);
  EXPECT_EQ(AtYearEnd({Spent("01-01", "general.econ[30201]", 1'00)},
                      "all.econ[302].executed"),
            "1.00");
}

TEST(FiguresTest, AmountsThatCancelOutAreZeroAndNotBlank) {
  EXPECT_EQ(AtYearEnd({Spent("01-01", "general.econ[30201]", 1'00),
                       Spent("01-02", "general.econ[30201]", -1'00)},
                      "general.econ[302].executed"),
            "0.00");
}

TEST(FiguresTest, OnlyTheBookSourceCountsAsExecuted) {
  const Facts facts = {Spent("01-01", "general", 1'00),
                       By("payments", Spent("01-01", "general", 1'00))};
  EXPECT_EQ(AtYearEnd(facts, "general.executed"), "1.00");
  EXPECT_EQ(AtYearEnd(facts, "all.executed"), "1.00");
}

TEST(FiguresTest, AControlFactAloneLeavesARowAsItWas) {
  const Facts facts = {
      By("payments", Spent("01-01", "general.econ[30201]", 1'00))};
  EXPECT_EQ(AtYearEnd(facts, "general.econ[30201].executed"), kBlank);
  EXPECT_EQ(AtYearEnd(facts, "general.executed"), "0.00");
}

TEST(FiguresTest, OtherMoneyCountsWhoeverStatesIt) {
  const Facts facts = {By("budget", Approved("general", 1'00)),
                       By("budget", Adjusted("02-01", "general", 20'00)),
                       By("treasury", Income("02-01", "general", 300'00))};
  EXPECT_EQ(AtYearEnd(facts, "general.approved"), "1.00");
  EXPECT_EQ(AtYearEnd(facts, "general.adjusted"), "21.00");
  EXPECT_EQ(AtYearEnd(facts, "general.income"), "300.00");
}

TEST(FiguresTest, ReversedOnItsOwnDateARowIsAsIfItHadNeverBeen) {
  const Facts facts = {
      Named("v1", Spent("03-15", "general.econ[30201]", 50'00)),
      Reversed("03-15", "v1")};
  EXPECT_EQ(Ask(facts, "03-15", "general.econ[30201].executed"), kBlank);
  EXPECT_EQ(AtYearEnd(facts, "general.econ[30201].executed"), kBlank);
  EXPECT_EQ(AtYearEnd(facts, "general.executed"), "0.00");
}

TEST(FiguresTest, ReversedLaterItIsARedEntryOfThatDay) {
  const Facts facts = {
      Named("v1", Spent("03-15", "general.econ[30201]", 50'00)),
      Reversed("06-01", "v1")};
  EXPECT_EQ(Ask(facts, "05-31", "general.econ[30201].executed"), "50.00");
  EXPECT_EQ(Ask(facts, "06-01", "general.econ[30201].executed"), kBlank);
}

TEST(FiguresTest, AReversalLeavesTheOtherEventsOfTheLine) {
  const Facts facts = {Named("v1", Spent("03-15", "general", 50'00)),
                       Named("v2", Spent("03-15", "general", 50'00)),
                       Reversed("03-15", "v1")};
  EXPECT_EQ(AtYearEnd(facts, "general.executed"), "50.00");
}

TEST(FiguresTest, AReversalTakesTheSignOfWhatItCancels) {
  const Facts facts = {Named("cut", Adjusted("03-15", "general", -50'00)),
                       Approved("general", 100'00), Reversed("06-01", "cut")};
  EXPECT_EQ(Ask(facts, "05-31", "general.adjusted"), "50.00");
  EXPECT_EQ(Ask(facts, "06-01", "general.adjusted"), "100.00");
}

TEST(FiguresTest, TwoSourcesMayUseTheSameEventId) {
  Fact cancelled = Reversed("03-15", "v1");
  cancelled.event.mutable_reversal()->set_target_source("payments");
  const Facts facts = {
      Named("v1", Spent("03-15", "general", 50'00)),
      Named("v1", By("payments", Spent("03-15", "general", 70'00)))};
  Facts of_payments = facts;
  of_payments.push_back(cancelled);
  EXPECT_EQ(AtYearEnd(of_payments, "general.executed"), "50.00");
  Facts of_book = facts;
  of_book.push_back(Reversed("03-15", "v1"));
  EXPECT_EQ(AtYearEnd(of_book, "general.executed"), "0.00");
}

TEST(FiguresTest, AnotherSourceMayReverseTheBookSourcesEvent) {
  Fact cancelled = By("payments", Reversed("03-15", "v1"));
  cancelled.event.mutable_reversal()->set_target_source("book");
  EXPECT_EQ(
      AtYearEnd({Named("v1", Spent("03-15", "general", 50'00)), cancelled},
                "general.executed"),
      "0.00");
}

TEST(FiguresTest, ReclassificationIsReversalAndNewEvent) {
  const Facts facts = {
      Named("v1", Spent("03-15", "general.project[road]", 50'00)),
      Reversed("03-15", "v1"),
      Spent("03-15", "general.project[school]", 50'00)};
  EXPECT_EQ(AtYearEnd(facts, "general.project[road].executed"), "0.00");
  EXPECT_EQ(AtYearEnd(facts, "general.project[school].executed"), "50.00");
  EXPECT_EQ(AtYearEnd(facts, "general.executed"), "50.00");
}

TEST(FiguresTest, TheLargestAmountsAddUpExactly) {
  // 4,000 events of 10^14 fen are 4 x 10^17 fen, a tenth of what a report
  // holds.
  Facts facts;
  for (int i = 0; i < 4000; ++i) {
    facts.push_back(Spent("01-01", "general", 100'000'000'000'000));
  }
  EXPECT_EQ(AtYearEnd(facts, "all.executed"), "4000000000000000.00");
}

}  // namespace
}  // namespace daybook::testing
