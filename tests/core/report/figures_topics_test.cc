// Topic rows of the form: sets of codes, or a flag, within larger rows. Their
// spending is the books', their approvals are the of-which ones.

#include <string>

#include "core/report/figures.h"
#include "gtest/gtest.h"
#include "tests/core/report/story.h"

namespace daybook::testing {
namespace {

constexpr char kBlank[] = "";

TEST(FiguresTopicsTest, WithoutEventsATopicIsBlank) {
  EXPECT_EQ(AtYearEnd({}, "three_public.executed"), kBlank);
  EXPECT_EQ(AtYearEnd({}, "three_public.approved"), kBlank);
  EXPECT_EQ(AtYearEnd({}, "procurement.executed"), kBlank);
}

TEST(FiguresTopicsTest, ATopicCountsItsCodesInEveryOpenedFund) {
  const Facts facts = {
      Spent("03-01", "general.basic.operating.econ[30217]", 1'00),
      Spent("03-01", "government_fund.project[road].econ[30231]", 20'00),
      Spent("03-01", "general.basic.operating.econ[30201]", 300'00),
      Spent("03-01", "other.econ[30217]", 4000'00)};
  EXPECT_EQ(AtYearEnd(facts, "three_public.executed"), "21.00");
  EXPECT_EQ(AtYearEnd(facts, "three_public.reception.executed"), "1.00");
  EXPECT_EQ(AtYearEnd(facts, "three_public.vehicles.operation.executed"),
            "20.00");
  EXPECT_EQ(AtYearEnd(facts, "three_public.abroad.executed"), kBlank);
  EXPECT_EQ(Ask(facts, "02-29", "three_public.executed"), kBlank);
}

TEST(FiguresTopicsTest, OperatingTopicsCountOperatingSpendingAlone) {
  const Facts facts = {
      Spent("03-01", "general.basic.operating.econ[30201]", 1'00),
      Spent("03-01", "general.project[road].econ[30201]", 20'00),
      Spent("03-01", "general.basic.econ[30201]", 300'00)};
  EXPECT_EQ(AtYearEnd(facts, "operating.office.executed"), "1.00");
}

TEST(FiguresTopicsTest, ProcurementCountsTheFlagWhateverTheCode) {
  const Facts facts = {Procured(Spent("03-01", "general.econ[30201]", 1'00)),
                       Procured(Spent("03-01", "general.project[road]", 20'00)),
                       Spent("03-01", "general.econ[30201]", 300'00)};
  EXPECT_EQ(AtYearEnd(facts, "procurement.executed"), "21.00");
}

TEST(FiguresTopicsTest, AnOfWhichApprovalCountsInTopicRowsAlone) {
  const Facts facts = {Approved("general.basic.operating", 100'00),
                       OfWhich("general.basic.operating.econ[30217]", 8'00)};
  EXPECT_EQ(AtYearEnd(facts, "three_public.reception.approved"), "8.00");
  EXPECT_EQ(AtYearEnd(facts, "general.approved"), "100.00");
  EXPECT_EQ(AtYearEnd(facts, "general.basic.operating.approved"), "100.00");
  EXPECT_EQ(AtYearEnd(facts, "general.adjusted"), "100.00");
  EXPECT_EQ(AtYearEnd(facts, "general.econ[30217].approved"), kBlank);
}

TEST(FiguresTopicsTest, APlainApprovalIsNoApprovalOfATopic) {
  const Facts facts = {Approved("general.econ[30217]", 8'00),
                       Procured(Approved("general", 9'00))};
  EXPECT_EQ(AtYearEnd(facts, "three_public.reception.approved"), kBlank);
  EXPECT_EQ(AtYearEnd(facts, "procurement.approved"), kBlank);
}

TEST(FiguresTopicsTest, AFlaggedOfWhichApprovalIsOneOfProcurement) {
  const Facts facts = {Procured(OfWhich("general.project[road]", 9'00)),
                       OfWhich("general.project[road]", 1'00)};
  EXPECT_EQ(AtYearEnd(facts, "procurement.approved"), "9.00");
  EXPECT_EQ(AtYearEnd(facts, "general.project[road].approved"), "0.00");
}

TEST(FiguresTopicsTest, ControlFactsAreNotCounted) {
  EXPECT_EQ(
      AtYearEnd({By("payments", Spent("03-01", "general.econ[30217]", 1))},
                "three_public.executed"),
      kBlank);
}

TEST(FiguresTopicsTest, AReversedEventLeavesATopicAsIfItHadNeverBeen) {
  const Facts facts = {Named("v1", Spent("03-01", "general.econ[30217]", 1'00)),
                       Named("a1", OfWhich("general.econ[30217]", 2'00)),
                       Reversed("06-01", "v1"), Reversed("01-01", "a1")};
  EXPECT_EQ(Ask(facts, "05-31", "three_public.executed"), "1.00");
  EXPECT_EQ(Ask(facts, "06-01", "three_public.executed"), kBlank);
  EXPECT_EQ(Ask(facts, "05-31", "three_public.approved"), kBlank);
}

TEST(FiguresTopicsTest, AnEventBeatsWhatIsStatedAboutATopic) {
  const Facts stated = {StatedNone("01-01", "three_public.abroad.executed")};
  EXPECT_EQ(AtYearEnd(stated, "three_public.abroad.executed"), "无");
  EXPECT_EQ(AtYearEnd(stated, "three_public.executed"), kBlank);
  Facts facts = stated;
  facts.push_back(Spent("03-01", "general.econ[30212]", 1'00));
  EXPECT_EQ(Ask(facts, "02-29", "three_public.abroad.executed"), "无");
  EXPECT_EQ(Ask(facts, "03-01", "three_public.abroad.executed"), "1.00");
}

TEST(FiguresTopicsTest, TheYearBeforeIsStatedForEachTopic) {
  const Facts facts = {
      PriorYear("three_public.reception.prior_executed", 5'00)};
  EXPECT_EQ(AtYearEnd(facts, "three_public.reception.prior_executed"), "5.00");
  EXPECT_EQ(AtYearEnd(facts, "three_public.prior_executed"), kBlank);
}

TEST(FiguresTopicsTest, WordRowsAreOnlyEverStated) {
  EXPECT_EQ(AtYearEnd({}, "construction"), kBlank);
  EXPECT_EQ(AtYearEnd({StatedNone("12-31", "construction")}, "construction"),
            "无");
}

TEST(FiguresTopicsTest, UnderAScopeATopicCountsTheProjectsLinesAlone) {
  const Facts facts = {
      Spent("03-01", "general.project[road].econ[30217]", 1'00),
      Spent("03-01", "general.project[school].econ[30217]", 20'00)};
  EXPECT_EQ(AtYearEnd(facts, "three_public.executed"), "21.00");
  EXPECT_EQ(AtYearEnd(facts, "project[road].three_public.executed"), "1.00");
  EXPECT_EQ(AtYearEnd(facts, "project[other].three_public.executed"), kBlank);
}

}  // namespace
}  // namespace daybook::testing
