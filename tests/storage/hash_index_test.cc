// What HashIndex promises: exactly what was added is found, also while runs are
// written and merged, after any end of the process, and when the disk refuses.

#include "storage/hash_index.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/shared_resources.h"
#include "tests/storage/hash_run_fixture.h"
#include "tests/support/fault_file_system.h"
#include "tests/support/gate.h"
#include "tests/support/status_matchers.h"

namespace daybook::storage {
namespace {

using ::daybook::testing::FaultFileSystem;
using ::daybook::testing::Gate;
using ::daybook::testing::IsOk;
using ::daybook::testing::IsOkAndHolds;
using ::daybook::testing::Luck;
using ::daybook::testing::MakeFaultEnv;
using ::daybook::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Under ThreadSanitizer a mapping takes some hundred times as long.
#ifdef __SANITIZE_THREAD__
constexpr int kRounds = 2;
#else
constexpr int kRounds = 12;
#endif

// A log of hashes, and the index that is tested.
class HashIndexTest : public HashRunTest {
 protected:
  HashIndexTest() {
    options_.directory = path_;
    options_.memory_entries_max = 10;
    options_.fan_out = 3;
    shared_.impl().env = env_.get();
  }

  uint64_t DigestOf(uint64_t position) const {
    return position * 31 + history_.load();
  }

  absl::StatusOr<std::unique_ptr<HashIndex>> TryOpen() {
    return HashIndex::Open(options_, shared_, LogSize(log_.size()),
                           [this](Position p) -> absl::StatusOr<uint64_t> {
                             return DigestOf(p.value());
                           });
  }

  // Opens the index, again when it is open.
  void Open() {
    index_.reset();
    auto opened = TryOpen();
    ASSERT_THAT(opened, IsOk());
    index_ = *std::move(opened);
  }

  // Adds what the log has and the index not.
  absl::Status CatchUp() {
    const uint64_t size = index_->size().value();
    return index_->Add(Position(size), absl::MakeSpan(log_).subspan(size));
  }

  // Makes the log longer, and adds it.
  void Append(const std::vector<uint64_t>& hashes) {
    log_.insert(log_.end(), hashes.begin(), hashes.end());
    ASSERT_THAT(CatchUp(), IsOk());
  }

  // Compares what is found of all hashes of the log, and of others, with it.
  void ExpectAll() {
    std::multimap<uint64_t, uint64_t> model;
    std::vector<uint64_t> asked = SomeHashes(50, log_.size() + 1'000'000);
    for (uint64_t i = 0; i < index_->size().value(); ++i) {
      model.emplace(log_[i], i);
      asked.push_back(log_[i]);
    }
    std::vector<Match> expected;
    for (size_t i = 0; i < asked.size(); ++i) {
      const auto [begin, end] = model.equal_range(asked[i]);
      for (auto at = begin; at != end; ++at) {
        expected.emplace_back(i, at->second);
      }
    }
    ASSERT_THAT(Find(*index_, asked), IsOkAndHolds(expected));
  }

  // Waits for the thread: until the runs have these lengths.
  void AwaitRuns(const std::vector<uint64_t>& limits) {
    std::vector<std::string> names;
    uint64_t first = 0;
    for (const uint64_t limit : limits) {
      names.push_back(directory_.PathOf(first, limit).filename());
      first = limit;
    }
    for (int i = 0; i < 10'000 && Files() != names; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    ASSERT_EQ(Files(), names);
  }

  const std::shared_ptr<FaultFileSystem> files_ =
      std::make_shared<FaultFileSystem>();
  const std::unique_ptr<rocksdb::Env> env_ = MakeFaultEnv(files_);
  SharedResources shared_;
  HashIndexOptions options_;
  std::vector<uint64_t> log_;
  // Another number is another history of the log.
  std::atomic<uint64_t> history_{1};
  std::unique_ptr<HashIndex> index_;
};

TEST_F(HashIndexTest, NewIndexIsEmpty) {
  std::filesystem::remove(path_);
  Open();
  EXPECT_EQ(index_->size(), LogSize(0));
  EXPECT_THAT(Find(*index_, {0, 1}), IsOkAndHolds(IsEmpty()));
  EXPECT_THAT(index_->Add(Position(0), {}), IsOk());
}

TEST_F(HashIndexTest, FindsWhatWasAddedAndNothingElse) {
  Open();
  Append({5, 6});
  Append({5});
  EXPECT_EQ(index_->size(), LogSize(3));
  EXPECT_THAT(Find(*index_, {6, 7, 5}),
              IsOkAndHolds(ElementsAre(Match(0, 1), Match(2, 0), Match(2, 2))));
}

TEST_F(HashIndexTest, FullTableBecomesARun) {
  Open();
  Append(SomeHashes(9, 1));
  EXPECT_THAT(Files(), IsEmpty());
  Append(SomeHashes(1, 2));
  AwaitRuns({10});
  ExpectAll();
}

TEST_F(HashIndexTest, RunsOfATierAreMergedIntoOneOfTheNext) {
  Open();
  Append(SomeHashes(29, 1));
  AwaitRuns({10, 20});
  Append(SomeHashes(1, 2));
  AwaitRuns({30});
  Append(SomeHashes(50, 3));
  AwaitRuns({30, 60, 70, 80});
  ExpectAll();
  Append(SomeHashes(10, 4));
  AwaitRuns({90});
  ExpectAll();
}

TEST_F(HashIndexTest, EqualHashesAreFoundInTablesAndRuns) {
  Open();
  for (int i = 0; i < 47; ++i) Append({7, ~uint64_t{0}, 0, 7});
  ExpectAll();
  EXPECT_EQ(Find(*index_, {7})->size(), 94u);
}

TEST_F(HashIndexTest, ReopenedIndexHasItsRunsAndIsGivenTheRest) {
  Open();
  Append(SomeHashes(35, 1));
  AwaitRuns({30});
  Open();
  EXPECT_EQ(index_->size(), LogSize(30));
  ExpectAll();
  ASSERT_THAT(CatchUp(), IsOk());
  EXPECT_EQ(index_->size(), LogSize(35));
  ExpectAll();
}

TEST_F(HashIndexTest, IndexOfAnotherHistoryStartsAnew) {
  Open();
  Append(SomeHashes(35, 1));
  AwaitRuns({30});
  index_.reset();
  history_ = 2;
  Open();
  EXPECT_EQ(index_->size(), LogSize(0));
  EXPECT_THAT(Files(), IsEmpty());
  EXPECT_THAT(Find(*index_, log_), IsOkAndHolds(IsEmpty()));
}

TEST_F(HashIndexTest, IndexOfALongerLogIsCut) {
  Open();
  Append(SomeHashes(45, 1));
  AwaitRuns({30, 40});
  log_.resize(39);
  Open();
  EXPECT_EQ(index_->size(), LogSize(30));
  ASSERT_THAT(CatchUp(), IsOk());
  ExpectAll();
}

TEST_F(HashIndexTest, DamagedRunIsToldByFindAndClearMakesAnew) {
  Open();
  Append(SomeHashes(10, 1));
  AwaitRuns({10});
  std::string bytes = ReadFile(directory_.PathOf(0, 10));
  bytes[0] ^= 1;
  WriteFile(directory_.PathOf(0, 10), bytes);
  Open();
  ASSERT_EQ(index_->size(), LogSize(10));
  EXPECT_THAT(Find(*index_, {log_[3]}),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("--rebuild")));
  ASSERT_THAT(index_->Clear(), IsOk());
  EXPECT_EQ(index_->size(), LogSize(0));
  EXPECT_THAT(Files(), IsEmpty());
  ASSERT_THAT(CatchUp(), IsOk());
  ExpectAll();
}

TEST_F(HashIndexTest, ClearWhileTheThreadWorksLeavesNothing) {
  Luck luck(SeedOfTest());
  Open();
  for (int round = 0; round < 50; ++round) {
    Append(SomeHashes(luck.Below(400), luck.Next()));
    ASSERT_THAT(index_->Clear(), IsOk());
    ASSERT_THAT(Files(), IsEmpty());
    ASSERT_THAT(Find(*index_, log_), IsOkAndHolds(IsEmpty()));
    log_.clear();
  }
}

// Tables and runs of some entries only, so that there are many, reopened at any
// moment, with what a crash may leave.
TEST_F(HashIndexTest, AgreesWithAModelThroughTiersAndReopenings) {
  Luck luck(SeedOfTest());
  for (int round = 0; round < kRounds; ++round) {
    index_.reset();
    log_.clear();
    history_ = history_ + 1;
    options_.memory_entries_max = 1 + luck.Below(20) * luck.Below(4);
    options_.fan_out = 2 + luck.Below(4);
    Open();
    for (int step = 0; step < 40; ++step) {
      std::vector<uint64_t> hashes = SomeHashes(luck.Below(60), luck.Next());
      for (uint64_t& hash : hashes) {
        if (!log_.empty() && luck.Chance(1, 20)) {
          hash = log_[luck.Below(log_.size())];
        }
      }
      ASSERT_NO_FATAL_FAILURE(Append(hashes));
      if (luck.Chance(1, 4)) {
        ASSERT_NO_FATAL_FAILURE(ExpectAll());
      }
      if (!luck.Chance(1, 6)) continue;
      // Files as they are now, brought back beside those that come later: as if
      // they had not been deleted.
      std::map<std::string, std::string> copies;
      for (const std::string& name : Files()) {
        copies[name] = ReadFile(path_ / name);
      }
      index_.reset();
      for (const auto& [name, bytes] : copies) {
        if (luck.Chance(1, 2)) {
          WriteFile(path_ / name,
                    luck.Chance(3, 4)
                        ? bytes
                        : bytes.substr(0, luck.Below(bytes.size() + 1)));
        }
      }
      // A log that was restored from a backup which is a little older.
      if (luck.Chance(1, 4)) {
        log_.resize(log_.size() - luck.Below(log_.size() + 1) / 8);
      }
      ASSERT_NO_FATAL_FAILURE(Open());
      ASSERT_LE(index_->size().value(), log_.size());
      ASSERT_NO_FATAL_FAILURE(ExpectAll());
      ASSERT_THAT(CatchUp(), IsOk());
    }
    ASSERT_NO_FATAL_FAILURE(ExpectAll());
  }
}

TEST_F(HashIndexTest, ReadersFindEverythingWhileRunsAreWrittenAndMerged) {
  constexpr size_t entries = 2'000;
  constexpr size_t step = 7;
  const std::vector<uint64_t> hashes = SomeHashes(entries, SeedOfTest());
  log_ = hashes;
  Open();
  std::atomic<bool> done{false};
  std::vector<std::thread> readers;
  for (uint64_t reader = 0; reader < 2; ++reader) {
    readers.emplace_back([&, reader] {
      Luck luck(reader);
      while (!done.load()) {
        const uint64_t size = index_->size().value();
        if (size == 0) continue;
        std::vector<uint64_t> asked;
        std::vector<Match> expected;
        for (size_t i = 0; i < 40; ++i) {
          const uint64_t position = luck.Below(size);
          asked.push_back(hashes[position]);
          expected.emplace_back(i, position);
        }
        ASSERT_THAT(Find(*index_, asked), IsOkAndHolds(expected));
      }
    });
  }
  for (size_t at = 0; at < entries; at += step) {
    const size_t count = std::min(step, entries - at);
    ASSERT_THAT(
        index_->Add(Position(at), absl::MakeSpan(hashes).subspan(at, count)),
        IsOk());
  }
  done.store(true);
  for (std::thread& reader : readers) reader.join();
  ExpectAll();
}

// The digest is asked for by the thread before it writes, so that a test can
// hold it there.
class HeldHashIndexTest : public HashIndexTest {
 protected:
  ~HeldHashIndexTest() override { index_.reset(); }

  void OpenHeld() {
    auto opened =
        HashIndex::Open(options_, shared_, LogSize(log_.size()),
                        [this](Position p) -> absl::StatusOr<uint64_t> {
                          asked_.Open();
                          gate_.Wait();
                          if (broken_.load()) {
                            return absl::DataLossError("no entry");
                          }
                          return DigestOf(p.value());
                        });
    ASSERT_THAT(opened, IsOk());
    index_ = *std::move(opened);
  }

  Gate asked_;
  Gate gate_;
  std::atomic<bool> broken_{false};
};

TEST_F(HeldHashIndexTest, TableIsFoundWhileItIsWritten) {
  OpenHeld();
  Append(SomeHashes(20, 1));
  asked_.Wait();
  EXPECT_THAT(Files(), IsEmpty());
  ExpectAll();
  gate_.Open();
  AwaitRuns({10, 20});
}

TEST_F(HeldHashIndexTest, AddWaitsWhenBothTablesAreFull) {
  OpenHeld();
  Append(SomeHashes(20, 1));
  log_.push_back(5);
  std::atomic<bool> added{false};
  std::thread adder([&] {
    EXPECT_THAT(CatchUp(), IsOk());
    added.store(true);
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  EXPECT_FALSE(added.load());
  gate_.Open();
  adder.join();
  EXPECT_EQ(index_->size(), LogSize(21));
  ExpectAll();
}

TEST_F(HeldHashIndexTest, ClearWaitsForTheRunThatIsWrittenAndDeletesIt) {
  OpenHeld();
  Append(SomeHashes(20, 1));
  asked_.Wait();
  std::atomic<bool> cleared{false};
  std::thread clearer([&] {
    EXPECT_THAT(index_->Clear(), IsOk());
    cleared.store(true);
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  EXPECT_FALSE(cleared.load());
  gate_.Open();
  clearer.join();
  EXPECT_EQ(index_->size(), LogSize(0));
  index_.reset();
  EXPECT_THAT(Files(), IsEmpty());
}

TEST_F(HeldHashIndexTest, ErrorOfTheDigestIsToldByAddAndPasses) {
  gate_.Open();
  broken_ = true;
  OpenHeld();
  log_ = SomeHashes(25, 1);
  EXPECT_THAT(CatchUp(),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("no entry")));
  EXPECT_EQ(index_->size(), LogSize(20));
  ExpectAll();
  broken_ = false;
  EXPECT_THAT(CatchUp(), IsOk());
  EXPECT_EQ(index_->size(), LogSize(25));
  ExpectAll();
}

TEST_F(HashIndexTest, RefusedWriteStopsAddAndLosesNothing) {
  Open();
  files_->FailAfter(0, FaultFileSystem::Failure::kFromThenOn);
  log_ = SomeHashes(1'000, 1);
  EXPECT_THAT(CatchUp(), StatusIs(absl::StatusCode::kUnavailable,
                                  HasSubstr("check the disk")));
  // Memory is bounded: two tables.
  EXPECT_EQ(index_->size(), LogSize(20));
  EXPECT_THAT(CatchUp(), StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_EQ(index_->size(), LogSize(20));
  ExpectAll();
  files_->StopFailing();
  EXPECT_THAT(CatchUp(), IsOk());
  EXPECT_EQ(index_->size(), LogSize(1'000));
  ExpectAll();
}

TEST_F(HashIndexTest, RunsSurviveALossOfPower) {
  Open();
  Append(SomeHashes(45, 1));
  AwaitRuns({30, 40});
  index_.reset();
  files_->LosePower(FaultFileSystem::Unsynced::kGone);
  Open();
  EXPECT_EQ(index_->size(), LogSize(40));
  ExpectAll();
}

TEST_F(HashIndexTest, RefusedDeletionIsToldByClear) {
  Open();
  Append(SomeHashes(10, 1));
  AwaitRuns({10});
  files_->FailAfter(0, FaultFileSystem::Failure::kOnce);
  EXPECT_THAT(index_->Clear(), StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_THAT(index_->Clear(), IsOk());
  EXPECT_THAT(Files(), IsEmpty());
}

// For each operation that may fail: the index goes on or says so, and after the
// process ended, or the machine lost power, what is opened is right.
TEST_F(HashIndexTest, AnyFailureAndLossOfPowerLeavesARightIndex) {
  using Failure = FaultFileSystem::Failure;
  using Unsynced = FaultFileSystem::Unsynced;
  const std::vector<uint64_t> hashes = SomeHashes(95, 1);
  for (const Failure failure : {Failure::kOnce, Failure::kFromThenOn}) {
    for (const Unsynced unsynced :
         {Unsynced::kGone, Unsynced::kHalfThere, Unsynced::kZeroed}) {
      bool failed = true;
      for (uint64_t n = 0; failed; n += 3) {
        SCOPED_TRACE(absl::StrCat("operation ", n));
        std::filesystem::remove_all(path_);
        std::filesystem::create_directory(path_);
        log_ = hashes;
        ASSERT_NO_FATAL_FAILURE(Open());
        ASSERT_EQ(index_->size(), LogSize(0));
        files_->FailAfter(n, failure);
        const absl::Status added = CatchUp();
        if (!added.ok()) {
          ASSERT_THAT(added, StatusIs(absl::StatusCode::kUnavailable));
        }
        ASSERT_NO_FATAL_FAILURE(ExpectAll());
        index_.reset();
        failed = files_->failed();
        files_->StopFailing();
        if (n % 2 == 0) files_->LosePower(unsynced);
        ASSERT_NO_FATAL_FAILURE(Open());
        ASSERT_NO_FATAL_FAILURE(ExpectAll());
        ASSERT_THAT(CatchUp(), IsOk());
        ASSERT_NO_FATAL_FAILURE(ExpectAll());
        index_.reset();
        files_->LosePower(Unsynced::kGone);
      }
    }
  }
}

}  // namespace
}  // namespace daybook::storage
