// Which runs are merged, and that a merged run answers what they did.

#include "storage/hash_run_merge.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/storage/hash_run_fixture.h"
#include "tests/support/status_matchers.h"

namespace daybook::storage {
namespace {

using ::daybook::testing::IsOk;
using ::daybook::testing::IsOkAndHolds;
using ::daybook::testing::StatusIs;
using ::testing::Pair;

class HashRunMergeTest : public HashRunTest {
 protected:
  static absl::Status GoOn() { return absl::OkStatus(); }

  // Runs of so many entries each, one behind the other.
  HashRuns RunsOf(const std::vector<size_t>& entries) {
    HashRuns runs;
    uint64_t first = 0;
    for (const size_t count : entries) {
      const std::vector<uint64_t> hashes = SomeHashes(count, first + 1);
      hashes_.insert(hashes_.end(), hashes.begin(), hashes.end());
      runs.push_back(OpenRun(WriteRun(first, hashes, first + count)));
      first += count;
    }
    return runs;
  }

  // Of tiers of 10, 30, 90, … entries: where the merge begins and how many runs
  // it takes.
  std::pair<size_t, size_t> Chosen(const std::vector<size_t>& entries) {
    const HashRuns runs = RunsOf(entries);
    const auto chosen = ChooseMerge(runs, {10, 3});
    if (chosen.empty()) return {0, 0};
    return {static_cast<size_t>(chosen.data() - runs.data()), chosen.size()};
  }

  // Of all positions, in order.
  std::vector<uint64_t> hashes_;
};

TEST_F(HashRunMergeTest, ANumberOfNeighboursOfOneTierIsChosen) {
  EXPECT_THAT(Chosen({}), Pair(0, 0));
  EXPECT_THAT(Chosen({10, 10}), Pair(0, 0));
  EXPECT_THAT(Chosen({10, 10, 10}), Pair(0, 3));
  EXPECT_THAT(Chosen({10, 10, 10, 10}), Pair(0, 3));
  EXPECT_THAT(Chosen({30, 30, 10, 10}), Pair(0, 0));
  EXPECT_THAT(Chosen({30, 10, 10, 10}), Pair(1, 3));
  // 29 is of the first tier, as 10 is and less.
  EXPECT_THAT(Chosen({29, 10, 1}), Pair(0, 3));
  EXPECT_THAT(Chosen({10, 30, 10, 10}), Pair(0, 0));
}

TEST_F(HashRunMergeTest, LowestTierComesFirst) {
  EXPECT_THAT(Chosen({90, 90, 90, 30, 30, 30, 10, 10, 10}), Pair(6, 3));
  EXPECT_THAT(Chosen({90, 90, 90, 30, 30, 30, 10, 10}), Pair(3, 3));
}

TEST_F(HashRunMergeTest, MergedRunFindsWhatTheRunsDid) {
  HashRuns runs = RunsOf({1, 3'000, 30'000, 700});
  // Hashes that are in several runs.
  runs.push_back(OpenRun(WriteRun(
      33'701, {hashes_[0], hashes_[1], hashes_[40], ~uint64_t{0}, 0}, 99)));
  const auto merged = MergeRuns(runs, directory_, GoOn);
  ASSERT_THAT(merged, IsOk());
  EXPECT_EQ((*merged)->shape().first, 0u);
  EXPECT_EQ((*merged)->shape().limit, 33'706u);
  EXPECT_EQ((*merged)->shape().digest, 99u);
  hashes_.push_back(0);
  const std::vector<uint64_t> absent = SomeHashes(10'000, 5);
  hashes_.insert(hashes_.end(), absent.begin(), absent.end());
  std::vector<Match> expected;
  for (const auto& run : runs) {
    const auto found = Find(*run, hashes_);
    ASSERT_THAT(found, IsOk());
    expected.insert(expected.end(), found->begin(), found->end());
  }
  std::sort(expected.begin(), expected.end());
  EXPECT_THAT(Find(**merged, hashes_), IsOkAndHolds(expected));
}

TEST_F(HashRunMergeTest, DamagedRunEndsTheMergeAndLeavesTheFilesAsTheyWere) {
  const HashRuns runs = RunsOf({1'000, 1'000, 1'000});
  std::string bytes = ReadFile(runs[1]->path());
  bytes[500] ^= 1;
  WriteFile(runs[1]->path(), bytes);
  const std::vector<std::string> files = Files();
  EXPECT_THAT(MergeRuns(runs, directory_, GoOn),
              StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_EQ(Files(), files);
}

TEST_F(HashRunMergeTest, PauseEndsTheMergeAndLeavesTheFilesAsTheyWere) {
  const HashRuns runs = RunsOf({20'000, 20'000});
  const std::vector<std::string> files = Files();
  int pauses = 0;
  EXPECT_THAT(MergeRuns(runs, directory_,
                        [&] {
                          return ++pauses == 2 ? absl::CancelledError("enough")
                                               : absl::OkStatus();
                        }),
              StatusIs(absl::StatusCode::kCancelled, "enough"));
  EXPECT_EQ(pauses, 2);
  EXPECT_EQ(Files(), files);
}

}  // namespace
}  // namespace daybook::storage
