// Lineage against the rows that were appended: whatever is stored and whatever
// waits, and whenever the process ends, every bucket as known at every size is
// a fold of its rows, and what is stored in the end is what it must be.

#include "services/engine/lineage.h"

#include <atomic>
#include <cstdlib>
#include <iostream>
#include <map>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/engine/entry_codec.h"
#include "services/engine/lineage_keys.h"
#include "tests/services/engine/lineage_ledger.h"
#include "tests/services/test_events.h"

namespace daybook::services {
namespace {

using storage::Space;
using testing::FaultFileSystem;
using ::testing::IsEmpty;
using testing::Luck;
using ::testing::SizeIs;
using BucketId = LineageLedger::BucketId;

constexpr PendingLineageLimits little_waits = {
    .rows_max = 50, .bytes_max = 2'000, .entries_max = 80, .tails_max = 60};
constexpr PendingLineageLimits nothing_waits = {.rows_max = 0, .bytes_max = 0};

uint64_t Seed() {
  const char* const given = std::getenv("DAYBOOK_SEED");
  const uint64_t seed =
      given != nullptr ? static_cast<uint64_t>(std::atoi(given)) : 1;
  std::cout << "seed " << seed << "\n";
  return seed;
}

void ExpectFolds(const LineageLedger& ledger, Luck& luck, int sizes) {
  for (int i = 0; i < sizes; ++i) {
    const LogSize size(i == 0 ? ledger.size().value()
                              : 1 + luck.Below(ledger.size().value()));
    for (const BucketId& bucket : ledger.Buckets()) {
      ASSERT_TRUE(ledger.IsFold(bucket, size))
          << bucket.first << ", bucket " << bucket.second << " at "
          << size.value();
    }
  }
}

void ExpectSettled(LineageLedger& ledger) {
  ASSERT_TRUE(ledger.lineage().Settle().ok());
  EXPECT_EQ(ledger.StoredBlocks(), ledger.Blocks());
  const auto stored =
      ledger.log().ReadSide(Space::kFact, {std::string("lineage_size")});
  ASSERT_TRUE(stored.ok());
  EXPECT_EQ((*stored)[0], PositionBytes(NextPosition(ledger.size())));
}

TEST(LineageTest, EveryBucketAtEverySizeIsAFoldWhateverIsStored) {
  const uint64_t seed = Seed();
  const PendingLineageLimits limits[] = {{}, little_waits, nothing_waits};
  for (uint64_t round = 0; round < 6; ++round) {
    Luck luck(seed * 100 + round);
    LineageLedger ledger(
        {.reports = 1 + luck.Below(4), .lines = 1 + luck.Below(40)},
        limits[round % 3], seed + round);
    for (int step = 0; step < 60; ++step) {
      if (luck.Chance(1, 10)) ledger.Abandon(1 + luck.Below(60));
      ASSERT_TRUE(ledger.Append(1 + luck.Below(60)).ok());
      if (luck.Chance(1, 12)) {
        ASSERT_TRUE(ledger.lineage().Settle().ok());
      }
      if (luck.Chance(1, 8)) {
        ledger.Reopen(luck.Chance(1, 2), limits[luck.Below(3)]);
      }
      if (luck.Chance(1, 6)) ExpectFolds(ledger, luck, 3);
      for (const BucketId& bucket : ledger.Buckets()) {
        if (bucket.second == 0 && luck.Chance(1, 8)) {
          ASSERT_TRUE(ledger.WalksRight(bucket.first));
        }
      }
      if (HasFatalFailure()) return;
    }
    ExpectFolds(ledger, luck, 40);
    ExpectSettled(ledger);
  }
}

TEST(LineageTest, BlocksFillUpWhileTheyWait) {
  Luck luck(Seed());
  // Two buckets get all of it, so that several of their blocks wait.
  LineageLedger ledger({.reports = 1, .lines = 2, .late = 2}, {}, Seed());
  for (int step = 0; step < 20; ++step) {
    ASSERT_TRUE(ledger.Append(512).ok());
    if (step == 11) ledger.Reopen(false, {.rows_max = 3'000});
  }
  ExpectFolds(ledger, luck, 60);
  const std::string subject = ledger.Buckets()[0].first;
  EXPECT_TRUE(ledger.WalksRight(subject));
  // The late bucket's are stored, and of the others what is over the limit.
  EXPECT_LT(ledger.StoredBlocks().size(), ledger.Blocks().size());
  EXPECT_GT(ledger.StoredBlocks().size(), 4u);
  ExpectSettled(ledger);
  EXPECT_TRUE(ledger.WalksRight(subject));
}

TEST(LineageTest, LateRowsAndStatementsNeverWait) {
  LineageLedger ledger({.reports = 1, .lines = 1, .late = 100}, {}, Seed());
  ASSERT_TRUE(ledger.Append(10).ok());
  ASSERT_TRUE(ledger.Append(10).ok());
  const std::map<std::string, std::string> stored = ledger.StoredBlocks();
  ASSERT_THAT(stored, SizeIs(1));
  EXPECT_EQ(stored.begin()->second, ledger.Blocks().at(stored.begin()->first));
  Luck luck(1);
  ExpectFolds(ledger, luck, 20);
  ledger.Reopen(false, {});
  ExpectFolds(ledger, luck, 20);
  EXPECT_EQ(ledger.StoredBlocks(), stored);
  ExpectSettled(ledger);
}

TEST(LineageTest, ASliceKeepsUpWithGroupsThatSpread) {
  constexpr size_t rows_max = 2'000;
  LineageLedger ledger({.reports = 1,
                        .lines = 1'000,
                        .reversals = 0,
                        .late = 0,
                        .statements = 0},
                       {.rows_max = rows_max}, Seed());
  for (int group = 0; group < 30; ++group) {
    ASSERT_TRUE(ledger.Append(512).ok());
    const auto stored =
        ledger.log().ReadSide(Space::kFact, {std::string("lineage_size")});
    const auto size = ParsePosition(*(*stored)[0]);
    // Twice where buckets get rows evenly: they wait half as long on average.
    EXPECT_LE(ledger.size().value() - size->value(), 3 * rows_max);
  }
  Luck luck(1);
  ExpectFolds(ledger, luck, 2);
  ExpectSettled(ledger);
}

TEST(LineageTest, ReadersSeeDurableRowsWhileOthersAreWritten) {
  LineageLedger ledger({.reports = 2, .lines = 6}, little_waits, Seed());
  ASSERT_TRUE(ledger.Append(100).ok());
  std::atomic<bool> done = false;
  std::atomic<int> reads = 0;
  std::vector<std::thread> readers;
  for (uint64_t reader = 0; reader < 2; ++reader) {
    readers.emplace_back([&, reader] {
      Luck luck(reader);
      while (!done) {
        const LogSize now = ledger.size();
        const LogSize size(luck.Chance(1, 2) ? now.value()
                                             : 1 + luck.Below(now.value()));
        const std::vector<BucketId> buckets = ledger.Buckets();
        const BucketId& bucket = buckets[luck.Below(buckets.size())];
        ASSERT_TRUE(ledger.IsFold(bucket, size))
            << bucket.first << ", bucket " << bucket.second << " at "
            << size.value();
        ++reads;
      }
    });
  }
  Luck luck(Seed());
  for (int step = 0; step < 300 || (reads < 2'000 && step < 3'000); ++step) {
    EXPECT_TRUE(ledger.Append(1 + luck.Below(40)).ok());
    if (!luck.Chance(1, 20)) continue;
    EXPECT_TRUE(ledger.lineage().Settle().ok());
  }
  done = true;
  for (std::thread& reader : readers) reader.join();
  ExpectSettled(ledger);
}

TEST(LineageTest, AfterAFailedWriteReadersSeeExactlyTheDurableSize) {
  Luck luck(Seed());
  for (uint64_t operation = 0; operation < 6; ++operation) {
    LineageLedger ledger({}, little_waits, Seed() + operation);
    for (int group = 0; group < 10; ++group) {
      ASSERT_TRUE(ledger.Append(30).ok());
    }
    const LogSize durable = ledger.size();
    ledger.files().FailAfter(operation, FaultFileSystem::Failure::kFromThenOn);
    absl::Status written;
    LogSize acknowledged = durable;
    while (written.ok()) {
      acknowledged = ledger.size();
      written = ledger.Append(30);
    }
    EXPECT_TRUE(absl::IsUnavailable(written)) << written;
    EXPECT_EQ(ledger.size(), acknowledged);
    ExpectFolds(ledger, luck, 5);
    EXPECT_FALSE(ledger.lineage().Settle().ok());
    ExpectFolds(ledger, luck, 5);
    ledger.files().StopFailing();
    ledger.Reopen(false, little_waits);
    EXPECT_GE(ledger.size(), acknowledged);
    ExpectFolds(ledger, luck, 5);
  }
}

TEST(LineageTest, ABlockThatLostBytesIsDamage) {
  LineageLedger ledger({.reports = 1, .lines = 1, .reversals = 0, .late = 0},
                       {}, Seed());
  ASSERT_TRUE(ledger.Append(10).ok());
  ASSERT_TRUE(ledger.lineage().Settle().ok());
  ASSERT_TRUE(ledger.Append(10).ok());
  const std::map<std::string, std::string> stored = ledger.StoredBlocks();
  ASSERT_THAT(stored, SizeIs(1));
  const auto& [key, block] = *stored.begin();
  ASSERT_TRUE(ledger.log()
                  .WriteSide({{Space::kLineage, key,
                               block.substr(0, block.size() - 1)}})
                  .ok());
  const auto cursor = ledger.lineage().NewCursor(ledger.Buckets()[0].first);
  cursor->SeekBack(key);
  EXPECT_FALSE(cursor->valid());
  EXPECT_TRUE(absl::IsDataLoss(cursor->status())) << cursor->status();
  ASSERT_TRUE(ledger.log().WriteSide({{Space::kLineage, key, block}}).ok());
  ExpectSettled(ledger);
}

TEST(LineageTest, ALedgerThatDoesNotSayWhatIsStoredIsIncomplete) {
  LineageLedger ledger({}, {}, Seed());
  ASSERT_TRUE(ledger.Append(10).ok());
  const auto no_target = [](const v1::Entry&) {
    return absl::StatusOr<std::optional<v1::Entry>>(
        absl::InternalError("no entry is read again"));
  };
  ASSERT_TRUE(ledger.log()
                  .WriteSide({LineageSizeWrite(
                      Space::kFact, LogSize(ledger.size().value() + 1))})
                  .ok());
  Lineage ahead(ledger.log());
  EXPECT_TRUE(absl::IsDataLoss(ahead.CatchUp(no_target)));
  ASSERT_TRUE(ledger.log()
                  .WriteSide({LineageSizeWrite(Space::kFact, LogSize(1))})
                  .ok());
  Lineage lineage(ledger.log());
  EXPECT_TRUE(absl::IsInternal(lineage.CatchUp(no_target)));
  // Nothing of it is stored.
  EXPECT_TRUE(lineage.Settle().ok());
  EXPECT_THAT(ledger.StoredBlocks(), SizeIs(::testing::Lt(4u)));
}

}  // namespace
}  // namespace daybook::services
