// What waits in memory when a ledger ends: a clean close stores it, a crash
// takes it away and it is made of the log again, and after a write that the
// disk refused it is still read.

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "core/budget/fiscal_date.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/engine/rebuild.h"
#include "storage/event_log_test_peer.h"
#include "tests/services/engine/engine_fixture.h"
#include "tests/support/fault_file_system.h"
#include "tests/support/ledger_state.h"

namespace daybook::services {
namespace {

using storage::Space;

class LineageCrashTest : public EngineTest {
 protected:
  LineageCrashTest() { Append(Opening()); }

  // Spending, advances that are cleared, reversals and what comes late, in
  // many buckets.
  void AppendMany(int count) {
    Inputs inputs;
    for (int i = 0; i < count; ++i) inputs.push_back(Any(made_++));
    Append(inputs);
  }

  v1::EventInput Any(int i) {
    v1::EventInput spent = Spent(absl::StrCat("v", i), "2024-03-15", i + 1);
    v1::Line& line =
        *spent.mutable_event()->mutable_expenditure_recorded()->mutable_line();
    line.set_unit(absl::StrCat("u", i % 23));
    if (i % 10 == 7) {
      return Reversed(absl::StrCat("v", i), absl::StrCat("v", i - 1));
    }
    if (i % 10 == 3) {
      const v1::Line of = line;
      v1::AdvancePaid& advance = *spent.mutable_event()->mutable_advance_paid();
      *advance.mutable_line() = of;
      advance.set_amount_fen(i + 1);
    }
    return spent;
  }

  storage::EventLog& log() { return **directory_->OpenLedger(kLedgerId); }

  std::string Dump(Space space) {
    std::string dump;
    const auto cursor = log().NewCursor(space);
    for (cursor->Seek(""); cursor->valid(); cursor->Next()) {
      absl::StrAppend(&dump, cursor->key(), "=", cursor->value(), "\n");
    }
    return dump;
  }

  // The engine's answers at some sizes, against a fold of its entries.
  void ExpectFolds() {
    LedgerState folded;
    const uint64_t size = engine_->size().value();
    for (uint64_t i = 0; i < size; ++i) {
      ASSERT_TRUE(folded.Apply(EntryAt(i)).ok());
      if (i < 3 || (i % 41 != 0 && i + 1 != size)) continue;
      ASSERT_EQ(ReportBytes(folded.size(), LastDay(2024)),
                BuildReport(folded, *folded.FindReport(kReport), LastDay(2024))
                    .SerializeAsString());
    }
  }

  int made_ = 0;
};

TEST_F(LineageCrashTest, ACrashLosesNothing) {
  LedgerEngineOptions options;
  options.lineage.rows_max = 200;
  for (int crash = 0; crash < 5; ++crash) {
    AppendMany(150 + 10 * crash);
    const std::string before = ReportBytes();
    Crash(options);
    EXPECT_EQ(ReportBytes(), before);
    AppendMany(10);
    ExpectFolds();
  }
  ASSERT_TRUE(engine_->Settle().ok());
  const std::string facts = Dump(Space::kFact);
  const std::string lineage = Dump(Space::kLineage);
  options.rebuild = true;
  Reopen(options);
  EXPECT_EQ(Dump(Space::kFact), facts);
  EXPECT_EQ(Dump(Space::kLineage), lineage);
}

TEST_F(LineageCrashTest, ACleanCloseStoresAll) {
  AppendMany(300);
  const std::string waiting = Dump(Space::kLineage);
  const std::string before = ReportBytes();
  engine_ = nullptr;
  registry_ = nullptr;
  const std::string facts = Dump(Space::kFact);
  const std::string lineage = Dump(Space::kLineage);
  EXPECT_GT(lineage.size(), waiting.size() + 300 * 5);
  auto identities = Identities::Open(log(), LedgerIdOf(log()));
  ASSERT_TRUE(identities.ok()) << identities.status();
  ASSERT_TRUE(Rebuild(log(), **identities).ok());
  identities->reset();
  EXPECT_EQ(Dump(Space::kFact), facts);
  EXPECT_EQ(Dump(Space::kLineage), lineage);
  Reopen();
  EXPECT_EQ(ReportBytes(), before);
  EXPECT_EQ(Dump(Space::kLineage), lineage);
}

TEST_F(LineageCrashTest, AfterARefusedWriteReadsGoOnAtTheDurableSize) {
  const auto files = std::make_shared<testing::FaultFileSystem>();
  const auto env = testing::MakeFaultEnv(files);
  const std::string genesis = *engine_->ReadEntry(Position(0));
  storage::SharedResources shared;
  storage::EventLogTestPeer::UseEnv(*env, shared);
  storage::EventLogOptions options;
  options.directory = temporary_.path() / "log";
  auto log = storage::EventLog::Open(options, shared);
  ASSERT_TRUE(log.ok());
  ASSERT_TRUE((*log)->Append(LogSize(0), {genesis}, {}).ok());
  auto opened = LedgerEngine::Open(**log, kLedger, clock_);
  ASSERT_TRUE(opened.ok());
  engine_ = opened->get();
  Append(Opening());
  AppendMany(200);
  const LogSize durable = engine_->size();
  const std::string before = ReportBytes();
  files->FailAfter(0, testing::FaultFileSystem::Failure::kFromThenOn);
  const auto refused = TryAppend({Spent("refused", "2024-03-15", 1)});
  EXPECT_TRUE(absl::IsUnavailable(refused.status())) << refused.status();
  EXPECT_EQ(engine_->size(), durable);
  EXPECT_EQ(ReportBytes(), before);
  ExpectFolds();
  EXPECT_TRUE(absl::IsUnavailable(engine_->Settle()));
  ExpectFolds();
  files->StopFailing();
  opened->reset();
  log->reset();
  log = storage::EventLog::Open(options, shared);
  ASSERT_TRUE(log.ok());
  opened = LedgerEngine::Open(**log, kLedger, clock_);
  ASSERT_TRUE(opened.ok());
  engine_ = opened->get();
  EXPECT_GE(engine_->size(), durable);
  ExpectFolds();
  AppendMany(20);
  ExpectFolds();
  engine_ = nullptr;
}

}  // namespace
}  // namespace daybook::services
