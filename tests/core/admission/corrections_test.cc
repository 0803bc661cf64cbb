// Corrections as admission decides them: reversals against what stands, refunds
// and clearings against what remains, replacements, closed periods.

#include "core/admission/corrections.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/core/report/story.h"
#include "tests/support/memory_ledger.h"

namespace daybook::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Refund = v1::RefundReceived;

// A ledger with a department and its opened report of 2024, whose facts are
// stated by "book". Add answers "field CODE" of each problem.
class CorrectionsTest : public ::testing::Test {
 protected:
  CorrectionsTest() {
    for (const v1::Entry& entry : Entries({})) {
      if (!entry.has_event()) continue;
      v1::EventInput input;
      *input.mutable_event() = entry.event();
      EXPECT_THAT(ledger_.Append(entry.source(), input), IsEmpty());
    }
  }

  std::vector<std::string> Add(const std::string& id, const Fact& fact) {
    v1::EventInput input;
    *input.mutable_event() = fact.event;
    input.mutable_event()->set_event_id(id);
    std::vector<std::string> found;
    for (const v1::Problem& problem : ledger_.Append(fact.source, input)) {
      std::string field = problem.field();
      field.erase(0, std::string("event.").size());
      found.push_back(absl::StrCat(field, " ", problem.code(),
                                   problem.retryable() ? " retry" : ""));
      message_ = problem.message();
      remedy_ = problem.remedy();
    }
    return found;
  }

  MemoryLedger ledger_{"ledgers/430203"};
  // Of the last problem.
  std::string message_;
  std::string remedy_;
};

constexpr char kRow[] = "general.basic.econ[302]";
constexpr char kAmount[] = "refund_received.amount_fen 9";

TEST_F(CorrectionsTest, ARefundTakesWhatRemainsAndNoFenMore) {
  ASSERT_THAT(Add("v", Spent("03-01", kRow, 100)), IsEmpty());
  EXPECT_THAT(Add("r1", Refunded("04-01", kRow, 60, "v")), IsEmpty());
  EXPECT_THAT(Add("r2", Refunded("04-01", kRow, 41, "v")),
              ElementsAre(kAmount));
  EXPECT_THAT(message_, HasSubstr("40 remain"));
  EXPECT_THAT(Add("r2", Refunded("04-01", kRow, 40, "v")), IsEmpty());
  EXPECT_THAT(Add("r3", Refunded("12-31", kRow, 1, "v")), ElementsAre(kAmount));
}

TEST_F(CorrectionsTest, ARefundBeforeOthersLeavesRoomForThem) {
  ASSERT_THAT(Add("v", Spent("03-01", kRow, 100)), IsEmpty());
  ASSERT_THAT(Add("late", Refunded("10-01", kRow, 60, "v")), IsEmpty());
  EXPECT_THAT(Add("early", Refunded("04-01", kRow, 41, "v")),
              ElementsAre(kAmount));
  EXPECT_THAT(Add("early", Refunded("04-01", kRow, 40, "v")), IsEmpty());
}

TEST_F(CorrectionsTest, AReversedRefundGivesBackFromItsReversalOn) {
  ASSERT_THAT(Add("v", Spent("03-01", kRow, 100)), IsEmpty());
  ASSERT_THAT(Add("r", Refunded("04-01", kRow, 100, "v")), IsEmpty());
  ASSERT_THAT(Add("x", Reversed("06-01", "r")), IsEmpty());
  EXPECT_THAT(Add("r2", Refunded("05-31", kRow, 1, "v")), ElementsAre(kAmount));
  EXPECT_THAT(Add("r2", Refunded("06-01", kRow, 100, "v")), IsEmpty());
}

TEST_F(CorrectionsTest, APaymentIsNotReversedWhileARefundStandsAgainstIt) {
  ASSERT_THAT(Add("v", Spent("03-01", kRow, 100)), IsEmpty());
  ASSERT_THAT(Add("r", Refunded("04-01", kRow, 1, "v")), IsEmpty());
  EXPECT_THAT(Add("x", Reversed("12-31", "v")),
              ElementsAre("reversal.target_event_id 9"));
  EXPECT_THAT(message_, HasSubstr("1 fen stand against it"));
  ASSERT_THAT(Add("y", Reversed("06-01", "r")), IsEmpty());
  EXPECT_THAT(Add("x", Reversed("05-31", "v")),
              ElementsAre("reversal.target_event_id 9"));
  EXPECT_THAT(Add("x", Reversed("06-01", "v")), IsEmpty());
  EXPECT_THAT(Add("r2", Refunded("12-31", kRow, 1, "v")),
              ElementsAre("refund_received.payment_event_id 9"));
}

TEST_F(CorrectionsTest, ARefundNamesAPaymentOfItsSourceKindDayAndLine) {
  ASSERT_THAT(Add("v", Spent("03-01", kRow, 100)), IsEmpty());
  const std::string payment = "refund_received.payment_event_id";
  EXPECT_THAT(Add("r", Refunded("04-01", kRow, 1, "none")),
              ElementsAre(payment + " 5 retry"));
  EXPECT_THAT(Add("r", By("payments", Refunded("04-01", kRow, 1, "v"))),
              ElementsAre(payment + " 5 retry"));
  EXPECT_THAT(Add("r", Refunded("04-01", kRow, 1, "v", Refund::KIND_ADVANCE)),
              ElementsAre(payment + " 9"));
  EXPECT_THAT(
      Add("r", Refunded("04-01", kRow, 1, "v", Refund::KIND_PRIOR_YEAR)),
      ElementsAre(payment + " 9"));
  EXPECT_THAT(Add("r", Refunded("02-29", "general.basic", 101, "v")),
              ElementsAre(payment + " 9", "refund_received.line 9", kAmount));
  EXPECT_THAT(Add("r", Procured(Refunded("04-01", kRow, 1, "v"))),
              ElementsAre("refund_received.procurement 9"));
  ASSERT_THAT(Add("red", Spent("03-01", kRow, -5)), IsEmpty());
  EXPECT_THAT(Add("r", Refunded("04-01", kRow, 1, "red")),
              ElementsAre(payment + " 9"));
}

TEST_F(CorrectionsTest, ARefundIsPositiveAndNamesSomething) {
  EXPECT_THAT(Add("r", Refunded("04-01", kRow, -1, "v")),
              ElementsAre("refund_received.amount_fen 3"));
  EXPECT_THAT(Add("r", Refunded("04-01", kRow, 1, "")),
              ElementsAre("refund_received.payment_event_id 3"));
  Fact prior = Refunded("04-01", kRow, 1, "", Refund::KIND_PRIOR_YEAR);
  EXPECT_THAT(Add("r", prior),
              ElementsAre("refund_received.payment_voucher_number 3"));
  prior.event.mutable_refund_received()->set_payment_voucher_number("2023-9");
  EXPECT_THAT(Add("r", prior), IsEmpty());
}

TEST_F(CorrectionsTest,
       ARefundOfAPriorYearTakesFromThatYearsPaymentWhileItStands) {
  Fact opened = Opened({v1::FUND_GENERAL});
  Fact spent = Spent("03-01", kRow, 100);
  for (Fact* fact : {&opened, &spent}) {
    fact->event.set_subject("ledgers/430203/departments/115001/reports/2023");
  }
  spent.event.mutable_effective_date()->set_year(2023);
  ASSERT_THAT(Add("open23", opened), IsEmpty());
  ASSERT_THAT(Add("v", spent), IsEmpty());
  EXPECT_THAT(Add("r", Refunded("02-01", kRow, 60, "v")),
              ElementsAre("refund_received.payment_event_id 9"));
  ASSERT_THAT(
      Add("r", Refunded("02-01", kRow, 60, "v", Refund::KIND_PRIOR_YEAR)),
      IsEmpty());
  EXPECT_THAT(
      Add("r2", Refunded("02-01", kRow, 41, "v", Refund::KIND_PRIOR_YEAR)),
      ElementsAre(kAmount));
  Fact current = Refunded("12-31", kRow, 41, "v");
  current.event.set_subject(opened.event.subject());
  current.event.mutable_effective_date()->set_year(2023);
  EXPECT_THAT(Add("r3", current), ElementsAre(kAmount));
  // In February both would stand.
  ASSERT_THAT(Add("x", Reversed("03-01", "r")), IsEmpty());
  EXPECT_THAT(Add("r3", current), ElementsAre(kAmount));
  EXPECT_THAT(
      Add("r4", Refunded("02-29", kRow, 41, "v", Refund::KIND_PRIOR_YEAR)),
      ElementsAre(kAmount));
  EXPECT_THAT(
      Add("r5", Refunded("03-01", kRow, 41, "v", Refund::KIND_PRIOR_YEAR)),
      IsEmpty());
  current.event.mutable_refund_received()->set_amount_fen(40);
  EXPECT_THAT(Add("r3", current), IsEmpty());
}

TEST_F(CorrectionsTest, AnAdvanceIsClearedAndHandedBackUpToWhatItWas) {
  const std::string row = "general.project[road]";
  ASSERT_THAT(Add("a", AdvancePaid("03-01", row, 100)), IsEmpty());
  ASSERT_THAT(Add("c", Cleared("04-01", row + ".econ[30211]", 70, "a")),
              IsEmpty());
  EXPECT_THAT(Add("c2", Cleared("05-01", row + ".econ[30216]", 31, "a")),
              ElementsAre("advance_cleared.amount_fen 9"));
  ASSERT_THAT(Add("b", Refunded("05-01", row, 30, "a", Refund::KIND_ADVANCE)),
              IsEmpty());
  EXPECT_THAT(Add("c2", Cleared("12-31", row, 1, "a")),
              ElementsAre("advance_cleared.amount_fen 9"));
  // What was cleared can come back too.
  EXPECT_THAT(Add("r", Refunded("06-01", row + ".econ[30211]", 70, "c")),
              IsEmpty());
  EXPECT_THAT(Add("x", Reversed("06-01", "c")),
              ElementsAre("reversal.target_event_id 9"));
}

TEST_F(CorrectionsTest, AClearingKeepsToTheBudgetOfItsAdvance) {
  ASSERT_THAT(Add("a", AdvancePaid("03-01", "general.project[road]", 100)),
              IsEmpty());
  EXPECT_THAT(Add("c", Cleared("04-01", "general.project[school]", 1, "a")),
              ElementsAre("advance_cleared.line 9"));
  ASSERT_THAT(Add("v", Spent("03-01", kRow, 100)), IsEmpty());
  EXPECT_THAT(Add("c", Cleared("04-01", kRow, 1, "v")),
              ElementsAre("advance_cleared.advance_event_id 9"));
  EXPECT_THAT(Add("c", Cleared("04-01", kRow, 1, "none")),
              ElementsAre("advance_cleared.advance_event_id 5 retry"));
}

TEST_F(CorrectionsTest, AnEventReplacesOneThatIsReversed) {
  ASSERT_THAT(Add("v", Spent("03-01", kRow, 100)), IsEmpty());
  const Fact right = Replacing("v", Spent("03-01", "general.basic", 100));
  EXPECT_THAT(Add("n", right), ElementsAre("replaces.event_id 9 retry"));
  ASSERT_THAT(Add("x", Reversed("03-01", "v")), IsEmpty());
  EXPECT_THAT(Add("n", right), IsEmpty());
  EXPECT_THAT(Add("m", Replacing("none", Spent("03-01", kRow, 1))),
              ElementsAre("replaces.event_id 5 retry"));
  EXPECT_THAT(Add("y", Replacing("v", Reversed("03-01", "n"))),
              ElementsAre("replaces 3"));
}

TEST_F(CorrectionsTest, WhatReplacesAnEventIsNotDatedBeforeItsReversal) {
  ASSERT_THAT(Add("v", Spent("03-01", kRow, 100)), IsEmpty());
  ASSERT_THAT(Add("x", Reversed("06-01", "v")), IsEmpty());
  EXPECT_THAT(Add("n", Replacing("v", Spent("05-31", kRow, 100))),
              ElementsAre("replaces.event_id 9"));
  EXPECT_THAT(Add("n", Replacing("v", Spent("06-01", kRow, 60))), IsEmpty());
  // A split.
  EXPECT_THAT(Add("m", Replacing("v", Spent("06-01", kRow, 40))), IsEmpty());
}

TEST_F(CorrectionsTest, WhatChangesEveryDayNeedsACorrectionOnceOneIsClosed) {
  const Fact policy = Adopted(Policy());
  EXPECT_THAT(Add("p1", policy), IsEmpty());
  ASSERT_THAT(Add("close", Closed("01-31")), IsEmpty());
  EXPECT_THAT(Add("p2", policy), ElementsAre("correction 9"));
  EXPECT_THAT(Add("o2", Opened({v1::FUND_GENERAL})),
              ElementsAre("correction 9"));
  EXPECT_THAT(Add("p2", Corrected(policy)), IsEmpty());
  EXPECT_THAT(Add("o2", Corrected(Opened({v1::FUND_GENERAL}))), IsEmpty());
}

TEST_F(CorrectionsTest, AClosedDayTakesCorrectionsAlone) {
  ASSERT_THAT(Add("v", Spent("03-31", kRow, 100)), IsEmpty());
  ASSERT_THAT(Add("close", Closed("03-31")), IsEmpty());
  EXPECT_THAT(Add("a", Spent("03-31", kRow, 1)), ElementsAre("correction 9"));
  EXPECT_THAT(message_, HasSubstr("closed through 2024-03-31"));
  EXPECT_THAT(Add("a", Spent("04-01", kRow, 1)), IsEmpty());
  EXPECT_THAT(Add("b", Corrected(Spent("03-31", kRow, 1))), IsEmpty());
  EXPECT_THAT(Add("x", Reversed("03-31", "v")), ElementsAre("correction 9"));
  EXPECT_THAT(Add("x", Corrected(Reversed("03-31", "v"))), IsEmpty());
  EXPECT_THAT(Add("h", Headcount("01-01", 1, 1)), ElementsAre("correction 9"));
  ASSERT_THAT(Add("reopen", Reopened("03-01")), IsEmpty());
  EXPECT_THAT(Add("c", Spent("03-01", kRow, 1)), IsEmpty());
  EXPECT_THAT(Add("d", Spent("02-29", kRow, 1)), ElementsAre("correction 9"));
}

TEST_F(CorrectionsTest, ACorrectionSaysWhyAndWhoApproved) {
  Fact fact = Corrected(Spent("03-31", kRow, 1));
  fact.event.mutable_correction()->clear_reason();
  fact.event.mutable_correction()->clear_approver();
  EXPECT_THAT(Add("a", fact),
              ElementsAre("correction.reason 3", "correction.approver 3"));
  EXPECT_THAT(Add("b", Corrected(Closed("03-31"))),
              ElementsAre("correction 3"));
  fact.event.mutable_correction()->set_reason("  ");
  fact.event.mutable_correction()->set_approver("预算股\n");
  EXPECT_THAT(Add("a", fact),
              ElementsAre("correction.reason 3", "correction.approver 3"));
}

}  // namespace
}  // namespace daybook::testing
