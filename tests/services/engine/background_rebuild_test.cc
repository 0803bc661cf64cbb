// A ledger of another projection version opens at once and serves what is
// stored, while what its log makes now is written beside it and then takes its
// place.

#include "services/engine/background_rebuild.h"

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "core/base/check.h"
#include "core/budget/fiscal_date.h"
#include "core/report/lineage_block.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/engine/lineage_keys.h"
#include "services/engine/rebuild.h"
#include "tests/services/engine/engine_fixture.h"
#include "tests/support/gate.h"
#include "tests/support/ledger_state.h"

namespace daybook::services {
namespace {

using storage::Space;

constexpr uint32_t old_version = 1;
static_assert(old_version != projection_version);

// Sizes with and without the budget, the spending and the reversal.
constexpr uint64_t sizes[] = {3, 4, 5, 20, 40, 64};

class BackgroundRebuildTest : public EngineTest {
 protected:
  BackgroundRebuildTest() {
    Append(Opening());
    Append({Approved("budget", "2024-01-01", 1'000'000)});
    for (int i = 0; i < 60; ++i) AppendSpent();
    Append({Reversed("r", "v7")});
    // The tests look at what is stored, and change it.
    EXPECT_TRUE(engine_->Settle().ok());
  }

  ~BackgroundRebuildTest() override { Close(); }

  void AppendSpent() {
    const int i = spent_++;
    Append({Spent(absl::StrCat("v", i), "2024-03-15", i + 1)});
  }

  void Close() {
    engine_ = nullptr;
    registry_ = nullptr;
  }

  storage::EventLog& log() { return **directory_->OpenLedger(kLedgerId); }

  // Says that what is stored is of another version.
  void Age() {
    ASSERT_TRUE(log()
                    .WriteSide({{Space::kFact, "projection_version",
                                 absl::StrCat(old_version)}})
                    .ok());
  }

  // Lets the rows of the old version say another budget.
  void AgeRows() {
    const Position budget(3);
    const MoneyRow row{budget, 1, {5, 1}};
    ASSERT_TRUE(
        log()
            .WriteSide({{Space::kLineage, BlockKey(kReport, 0, budget),
                         LineageSum().BlockHeader() + BlockRow(row, budget)}})
            .ok());
  }

  // In small steps; `on_progress` is called between them.
  void OpenRebuilding(
      const std::function<void(LogSize)>& on_progress = nullptr) {
    LedgerEngineOptions options;
    options.writer.group_events_max = 2;
    options.report_bytes_max = 8'192;
    options.background.chunk_entries = 1;
    options.background.hold_entries_max = 4;
    const auto opened = std::make_shared<testing::Gate>();
    options.background.on_progress = [=](LogSize replayed) {
      opened->Wait();
      if (on_progress) on_progress(replayed);
    };
    options.background.on_end = [this](absl::string_view ledger,
                                       const RebuildOutcome& outcome) {
      EXPECT_EQ(ledger, kLedger);
      absl::MutexLock lock(&mutex_);
      outcome_ = outcome;
    };
    {
      absl::MutexLock lock(&mutex_);
      outcome_.reset();
    }
    Reopen(options);
    opened->Open();
  }

  RebuildOutcome WaitForEnd() {
    absl::MutexLock lock(&mutex_);
    const auto ended = [this] {
      mutex_.AssertReaderHeld();
      return outcome_.has_value();
    };
    mutex_.Await(absl::Condition(&ended));
    return *outcome_;
  }

  bool Ended() {
    absl::MutexLock lock(&mutex_);
    return outcome_.has_value();
  }

  v1::Report Report(std::optional<LogSize> size = std::nullopt) const {
    v1::Report report;
    EXPECT_TRUE(report.ParseFromString(ReportBytes(size, LastDay(2024))));
    return report;
  }

  // All keys and values of a space.
  std::string Dump(Space space) {
    std::string dump;
    const auto cursor = log().NewCursor(space);
    for (cursor->Seek(""); cursor->valid(); cursor->Next()) {
      absl::StrAppend(&dump, cursor->key(), "=", cursor->value(), "\n");
    }
    EXPECT_TRUE(cursor->status().ok());
    return dump;
  }

  // What is stored is what a ledger has that never had another version.
  void ExpectAsMadeAnew() {
    ASSERT_TRUE(engine_->Settle().ok());
    EXPECT_TRUE(IsCurrent(log()).value());
    const std::string facts = Dump(Space::kFact);
    const std::string lineage = Dump(Space::kLineage);
    EXPECT_EQ(Dump(Space::kNextFact), "");
    EXPECT_EQ(Dump(Space::kNextLineage), "");
    Close();
    auto identities = Identities::Open(log(), LedgerIdOf(log()));
    ASSERT_TRUE(identities.ok()) << identities.status();
    ASSERT_TRUE(Rebuild(log(), **identities).ok());
    EXPECT_EQ(Dump(Space::kFact), facts);
    EXPECT_EQ(Dump(Space::kLineage), lineage);
  }

  int spent_ = 0;

 private:
  absl::Mutex mutex_;
  std::optional<RebuildOutcome> outcome_ ABSL_GUARDED_BY(mutex_);
};

TEST_F(BackgroundRebuildTest, WhatIsStoredServesUntilTheNewVersionIsMade) {
  std::vector<v1::Report> before;
  for (const uint64_t size : sizes) before.push_back(Report(LogSize(size)));
  Age();
  testing::Gate go_on;
  OpenRebuilding([&](LogSize) { go_on.Wait(); });
  for (size_t i = 0; i < std::size(sizes); ++i) {
    v1::Report report = Report(LogSize(sizes[i]));
    EXPECT_EQ(report.projection_version(), old_version);
    report.set_projection_version(projection_version);
    EXPECT_EQ(report.SerializeAsString(), before[i].SerializeAsString());
  }
  EXPECT_EQ(Report().projection_version(), old_version);
  EXPECT_EQ(engine_->generation(), 0u);
  go_on.Open();
  const RebuildOutcome outcome = WaitForEnd();
  EXPECT_TRUE(outcome.status.ok()) << outcome.status;
  EXPECT_EQ(outcome.size, engine_->size());
  EXPECT_EQ(engine_->generation(), 1u);
  for (size_t i = 0; i < std::size(sizes); ++i) {
    EXPECT_EQ(Report(LogSize(sizes[i])).SerializeAsString(),
              before[i].SerializeAsString());
  }
  EXPECT_EQ(Report().projection_version(), projection_version);
  ExpectAsMadeAnew();
}

TEST_F(BackgroundRebuildTest, RowsOfTheOldVersionAreReadUntilItIsReplaced) {
  const std::string current = ReportBytes();
  Age();
  AgeRows();
  testing::Gate go_on;
  OpenRebuilding([&](LogSize) { go_on.Wait(); });
  const std::string old = ReportBytes();
  EXPECT_NE(old, current);
  AppendSpent();
  const std::string past = ReportBytes(LogSize(65), LastDay(2024));
  EXPECT_EQ(past, old);
  go_on.Open();
  ASSERT_TRUE(WaitForEnd().status.ok());
  EXPECT_EQ(ReportBytes(LogSize(65), LastDay(2024)), current);
  EXPECT_NE(ReportBytes(), current);
}

TEST_F(BackgroundRebuildTest, CommitsGoOnAndAreInBothVersions) {
  Age();
  // So that there is something to do while the others write.
  OpenRebuilding([](LogSize) { absl::SleepFor(absl::Microseconds(200)); });
  while (!Ended()) AppendSpent();
  AppendSpent();
  // Admission knows all.
  EXPECT_EQ(Refused({Reversed("again", "v7")}),
            absl::StatusCode::kFailedPrecondition);
  Append({Reversed("r2", absl::StrCat("v", spent_ - 1))});
  LedgerState folded;
  for (uint64_t i = 0; i < engine_->size().value(); ++i) {
    ASSERT_TRUE(folded.Apply(EntryAt(i)).ok());
    if (i % 7 != 0 || i < 3) continue;
    ASSERT_EQ(ReportBytes(folded.size(), LastDay(2024)),
              BuildReport(folded, *folded.FindReport(kReport), LastDay(2024))
                  .SerializeAsString());
  }
  ExpectAsMadeAnew();
}

TEST_F(BackgroundRebuildTest, NothingThatIsReadIsAMixture) {
  const std::string current = ReportBytes(LogSize(40), LastDay(2024));
  Age();
  AgeRows();
  testing::Gate go_on;
  OpenRebuilding([&](LogSize) { go_on.Wait(); });
  const std::string old = ReportBytes(LogSize(40), LastDay(2024));
  const auto name = ResourceName::Parse(kReport);
  std::atomic<bool> done = false;
  std::vector<std::thread> others;
  for (int reader = 0; reader < 2; ++reader) {
    others.emplace_back([&] {
      uint64_t last = 0;
      while (!done) {
        const uint64_t generation = engine_->generation();
        const std::string bytes = ReportBytes(LogSize(40), LastDay(2024));
        EXPECT_TRUE(bytes == old || bytes == current);
        EXPECT_TRUE(generation == 0 || bytes == current);
        // The tip, and rows beside it.
        uint32_t version = 0;
        ASSERT_TRUE(engine_
                        ->ReadReport(*name, std::nullopt,
                                     [&](const ReportInput& input) {
                                       version = input.projection_version;
                                     })
                        .ok());
        const auto timelines =
            engine_->history().Timelines(*name, {0}, LogSize(40));
        ASSERT_TRUE(timelines.ok()) << timelines.status();
        const bool is_old = (*timelines)[0].At(1).fen == 5;
        if (engine_->generation() == generation) {
          EXPECT_EQ(is_old, version == old_version);
        }
        EXPECT_GE(version, last);
        last = version;
      }
    });
  }
  others.emplace_back([&] {
    while (!done) AppendSpent();
  });
  go_on.Open();
  EXPECT_TRUE(WaitForEnd().status.ok());
  absl::SleepFor(absl::Milliseconds(20));
  done = true;
  for (std::thread& other : others) other.join();
  ExpectAsMadeAnew();
}

TEST_F(BackgroundRebuildTest, ClosedInTheMiddleItBeginsAnew) {
  Age();
  testing::Gate reached;
  OpenRebuilding([&](LogSize replayed) {
    if (replayed == LogSize(3)) reached.Open();
    if (replayed >= LogSize(3)) absl::SleepFor(absl::Milliseconds(20));
  });
  reached.Wait();
  Close();
  EXPECT_FALSE(Ended());
  EXPECT_EQ(StoredVersion(log()).value(), old_version);
  EXPECT_NE(Dump(Space::kNextFact), "");
  ASSERT_TRUE(log()
                  .WriteSide({{Space::kNextFact, "zzz", "left"},
                              {Space::kNextLineage, "zzz", "left"}})
                  .ok());
  OpenRebuilding();
  EXPECT_TRUE(WaitForEnd().status.ok());
  ExpectAsMadeAnew();
}

TEST_F(BackgroundRebuildTest, WhatAnotherLeftBehindIsDeletedWhenOpened) {
  ASSERT_TRUE(log().WriteSide({{Space::kNextFact, "key", "left"}}).ok());
  OpenRebuilding();
  EXPECT_EQ(Dump(Space::kNextFact), "");
  EXPECT_FALSE(Ended());
}

TEST_F(BackgroundRebuildTest, ALogThatGrowsFasterIsStillCaughtUpWith) {
  Age();
  OpenRebuilding([&](LogSize) {
    for (int i = 0; i < 3 && spent_ < 600; ++i) AppendSpent();
  });
  const RebuildOutcome outcome = WaitForEnd();
  EXPECT_TRUE(outcome.status.ok()) << outcome.status;
  EXPECT_GT(outcome.holds, 10u);
  EXPECT_GT(outcome.longest_hold, absl::ZeroDuration());
  EXPECT_EQ(outcome.size, engine_->size());
  ExpectAsMadeAnew();
}

TEST_F(BackgroundRebuildTest, AnsweredTimesStay) {
  clock_.Set(clock_.Now() + absl::Hours(5));
  const KnownAt asked{std::nullopt, absl::ToUnixMicros(clock_.Now())};
  const auto size = engine_->Resolve(asked);
  ASSERT_TRUE(size.ok()) << size.status();
  Age();
  testing::Gate go_on;
  OpenRebuilding([&](LogSize) { go_on.Wait(); });
  clock_.Set(clock_.Now() + absl::Hours(1));
  const KnownAt later{std::nullopt, absl::ToUnixMicros(clock_.Now())};
  EXPECT_EQ(engine_->Resolve(later).value(), *size);
  go_on.Open();
  ASSERT_TRUE(WaitForEnd().status.ok());
  clock_.Set(clock_.Now() - absl::Hours(4));
  Reopen();
  EXPECT_EQ(Refused({Spent("late", "2024-03-15", 1)}), absl::StatusCode::kOk);
  EXPECT_EQ(engine_->Resolve(asked).value(), *size);
  EXPECT_EQ(engine_->Resolve(later).value(), *size);
}

TEST_F(BackgroundRebuildTest, TimesThatAreAnsweredMeanwhileStay) {
  Age();
  OpenRebuilding([](LogSize) { absl::SleepFor(absl::Microseconds(100)); });
  std::vector<std::pair<KnownAt, LogSize>> answers;
  while (!Ended()) {
    clock_.Set(clock_.Now() + absl::Microseconds(5));
    const KnownAt asked{std::nullopt, absl::ToUnixMicros(clock_.Now())};
    answers.emplace_back(asked, engine_->Resolve(asked)->value());
    AppendSpent();
  }
  clock_.Set(clock_.Now() - absl::Hours(1));
  Reopen();
  AppendSpent();
  for (const auto& [asked, size] : answers) {
    ASSERT_EQ(engine_->Resolve(asked).value(), size);
  }
}

TEST_F(BackgroundRebuildTest, ARebuildThatFailsLeavesTheOldVersionServing) {
  v1::Entry entry = EntryAt(3);
  entry.set_position(log().size().value());
  entry.set_recorded_time_us(
      EntryAt(log().size().value() - 1).recorded_time_us() + 1);
  entry.mutable_event()->mutable_reversal()->set_target_event_id("nowhere");
  entry.mutable_event()->set_event_id("other");
  // As if the old version had made nothing of it.
  const LogSize size(log().size().value() + 1);
  ASSERT_TRUE(AppendStored(log(), EntryBytes(entry),
                           {LineageSizeWrite(Space::kFact, size)})
                  .ok());
  Age();
  for (int i = 0; i < 2; ++i) {
    OpenRebuilding();
    const RebuildOutcome outcome = WaitForEnd();
    EXPECT_TRUE(absl::IsDataLoss(outcome.status)) << outcome.status;
    EXPECT_EQ(Report().projection_version(), old_version);
    AppendSpent();
    EXPECT_EQ(Report().size(), engine_->size().value());
  }
}

TEST_F(BackgroundRebuildTest, AnExplicitRebuildIsDoneBeforeTheLedgerIsOpen) {
  Age();
  LedgerEngineOptions options;
  options.rebuild = true;
  Reopen(options);
  EXPECT_EQ(Report().projection_version(), projection_version);
  EXPECT_EQ(engine_->generation(), 0u);
  ExpectAsMadeAnew();
}

TEST_F(BackgroundRebuildTest, SeveralAfterEachOther) {
  const std::string current = ReportBytes();
  for (uint64_t generation = 1; generation <= 3; ++generation) {
    Age();
    OpenRebuilding();
    ASSERT_TRUE(WaitForEnd().status.ok());
    EXPECT_EQ(engine_->generation(), generation);
    EXPECT_EQ(ReportBytes(), current);
  }
  ExpectAsMadeAnew();
}

}  // namespace
}  // namespace daybook::services
