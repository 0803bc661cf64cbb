// LedgerState: departments, projects and reports of one ledger, folded from its
// entries in order, each once.

#include "tests/support/ledger_state.h"

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "core/base/check.h"
#include "core/budget/fiscal_date.h"
#include "gtest/gtest.h"
#include "tests/core/report/story.h"

namespace daybook::testing {
namespace {

Fact About(const std::string& subject, Fact fact) {
  fact.event.set_subject(subject);
  return fact;
}

Fact DepartmentNamed(const std::string& name) {
  v1::Event event;
  event.set_subject(kDepartmentName);
  event.mutable_department_registered()->set_name(name);
  return event;
}

TEST(LedgerStateTest, AnEmptyLedgerKnowsNothing) {
  const LedgerState ledger;
  EXPECT_EQ(ledger.size(), LogSize(0));
  EXPECT_EQ(ledger.FindReport(kReportName), nullptr);
  EXPECT_EQ(ledger.FindDepartment(kDepartmentName), nullptr);
}

TEST(LedgerStateTest, TheGenesisCountsAsOne) {
  LedgerState ledger;
  ASSERT_TRUE(ledger.Apply(Entries({})[0]).ok());
  EXPECT_EQ(ledger.size(), LogSize(1));
}

TEST(LedgerStateTest, SizeIsThatOfAllEntries) {
  const std::vector<v1::Entry> entries = Entries({Approved("general", 1)});
  const LedgerState ledger = Fold({Approved("general", 1)});
  EXPECT_EQ(ledger.size(), LogSize(entries.size()));
}

TEST(LedgerStateTest, RegistrationsAreKept) {
  const LedgerState ledger = Fold({});
  EXPECT_EQ(DepartmentOf(ledger).name, "残疾人联合会");
  ASSERT_EQ(DepartmentOf(ledger).projects.size(), 2);
  EXPECT_EQ(DepartmentOf(ledger).projects.at("road").name(), "道路");
  EXPECT_EQ(ledger.reports().size(), 1);
  EXPECT_EQ(ReportOf(ledger).name().ToString(), kReportName);
}

TEST(LedgerStateTest, RegisteredAgainADepartmentIsRenamedAndKeepsItsProjects) {
  const LedgerState ledger = Fold({DepartmentNamed("残联")});
  EXPECT_EQ(DepartmentOf(ledger).name, "残联");
  EXPECT_EQ(DepartmentOf(ledger).projects.size(), 2);
}

TEST(LedgerStateTest, RegisteredAgainAProjectIsReplaced) {
  v1::Event event;
  event.set_subject(kDepartmentName);
  event.mutable_project_registered()->set_key("road");
  event.mutable_project_registered()->set_name("公路");
  const LedgerState ledger = Fold({event});
  EXPECT_EQ(DepartmentOf(ledger).projects.at("road").name(), "公路");
  EXPECT_EQ(DepartmentOf(ledger).projects.size(), 2);
}

TEST(LedgerStateTest, ReportsAreKeptApart) {
  const std::string other = std::string(kDepartmentName) + "/reports/2025";
  Fact spent = About(other, Spent("01-01", "general", 5'00));
  spent.event.mutable_effective_date()->set_year(2025);
  const LedgerState ledger =
      Fold({About(other, Opened({v1::FUND_GENERAL})), spent});
  ASSERT_NE(ledger.FindReport(other), nullptr);
  EXPECT_EQ(ledger.FindReport(other)->money().size(), 1);
  EXPECT_EQ(ReportOf(ledger).money().size(), 0);
  EXPECT_EQ(ledger.reports().begin()->first, kReportName);
}

TEST(LedgerStateTest, NamesThatNothingWasRecordedAboutAreNull) {
  const LedgerState ledger = Fold({});
  EXPECT_EQ(ledger.FindDepartment("ledgers/430203/departments/1"), nullptr);
  EXPECT_EQ(ledger.FindReport(kDepartmentName), nullptr);
}

TEST(LedgerStateTest, AnEntryOutOfOrderIsDamage) {
  const std::vector<v1::Entry> entries = Entries({});
  LedgerState ledger;
  EXPECT_EQ(ledger.Apply(entries[1]),
            absl::DataLossError("position 0 holds the entry of position 1"));
  ASSERT_TRUE(ledger.Apply(entries[0]).ok());
  EXPECT_TRUE(absl::IsDataLoss(ledger.Apply(entries[0])));
  EXPECT_TRUE(absl::IsDataLoss(ledger.Apply(entries[2])));
  EXPECT_TRUE(ledger.Apply(entries[1]).ok());
}

TEST(LedgerStateTest, AnEntryThatCanNotStandThereIsNeverSkipped) {
  const v1::Entry genesis = Entries({})[0];
  const auto after_genesis = [&](const v1::Event& event) {
    LedgerState ledger;
    DAYBOOK_CHECK(ledger.Apply(genesis).ok());
    v1::Entry entry;
    entry.set_position(1);
    *entry.mutable_event() = event;
    return ledger.Apply(entry);
  };
  v1::Event event;
  EXPECT_TRUE(absl::IsDataLoss(after_genesis(event)));
  event.set_subject(kReportName);
  EXPECT_TRUE(absl::IsDataLoss(after_genesis(event)));
  *event.mutable_effective_date() = ToDate(absl::CivilDay(2024, 1, 1));
  EXPECT_TRUE(absl::IsDataLoss(after_genesis(event)));
  event.mutable_reversal()->set_target_event_id("E-0");
  EXPECT_TRUE(absl::IsDataLoss(after_genesis(event)));
  event.mutable_expenditure_recorded()->set_amount_fen(1);
  EXPECT_TRUE(after_genesis(event).ok());
  v1::Entry second = genesis;
  second.set_position(1);
  LedgerState ledger;
  ASSERT_TRUE(ledger.Apply(genesis).ok());
  EXPECT_EQ(ledger.Apply(second),
            absl::DataLossError("position 1 holds a second genesis"));
}

}  // namespace
}  // namespace daybook::testing
