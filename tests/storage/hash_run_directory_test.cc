// Which of the files that are found at opening are kept.

#include "storage/hash_run_directory.h"

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
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

class HashRunDirectoryTest : public HashRunTest {
 protected:
  // A run of [first, limit) whose digest is that of its last position.
  std::filesystem::path Write(uint64_t first, uint64_t limit) {
    return WriteRun(first, SomeHashes(limit - first, first + 1),
                    DigestOf(limit - 1));
  }

  static uint64_t DigestOf(uint64_t position) { return position * 31 + 1; }

  // The ranges that are kept of a log of 100 entries, whose files are then the
  // only ones.
  absl::StatusOr<std::vector<std::pair<uint64_t, uint64_t>>> OpenAll() {
    const auto runs = directory_.OpenRuns(
        LogSize(100), [](Position p) -> absl::StatusOr<uint64_t> {
          EXPECT_LT(p.value(), 100u);
          return DigestOf(p.value());
        });
    if (!runs.ok()) return runs.status();
    std::vector<std::pair<uint64_t, uint64_t>> ranges;
    std::vector<std::string> names;
    for (const auto& run : *runs) {
      ranges.emplace_back(run->shape().first, run->shape().limit);
      names.push_back(run->path().filename());
    }
    EXPECT_EQ(Files(), names);
    return ranges;
  }
};

TEST_F(HashRunDirectoryTest, IsCreatedOnceAndItsParentMustExist) {
  HashRunDirectory missing(parent_.path() / "new", *rocksdb::Env::Default());
  EXPECT_THAT(missing.Create(), IsOk());
  EXPECT_THAT(missing.Create(), IsOk());
  EXPECT_TRUE(std::filesystem::is_directory(parent_.path() / "new"));
  HashRunDirectory orphan(parent_.path() / "no" / "parent",
                          *rocksdb::Env::Default());
  EXPECT_THAT(orphan.Create(), StatusIs(absl::StatusCode::kUnavailable));
}

TEST_F(HashRunDirectoryTest, RunsThatContinueEachOtherAreKeptInTheirOrder) {
  EXPECT_THAT(OpenAll(), IsOkAndHolds(IsEmpty()));
  Write(20, 25);
  Write(0, 10);
  Write(10, 20);
  EXPECT_THAT(OpenAll(), IsOkAndHolds(ElementsAre(Pair(0, 10), Pair(10, 20),
                                                  Pair(20, 25))));
}

TEST_F(HashRunDirectoryTest, RunsBehindAGapAreDeleted) {
  Write(0, 10);
  Write(11, 20);
  Write(20, 30);
  EXPECT_THAT(OpenAll(), IsOkAndHolds(ElementsAre(Pair(0, 10))));
  std::filesystem::remove(directory_.PathOf(0, 10));
  Write(1, 10);
  EXPECT_THAT(OpenAll(), IsOkAndHolds(IsEmpty()));
}

TEST_F(HashRunDirectoryTest, RunsThatWereMergedAreDeleted) {
  for (const uint64_t first : std::vector<uint64_t>{0, 10, 20, 30})
    Write(first, first + 10);
  Write(0, 30);
  EXPECT_THAT(OpenAll(), IsOkAndHolds(ElementsAre(Pair(0, 30), Pair(30, 40))));
}

TEST_F(HashRunDirectoryTest, RunsServeWhenTheirMergedOneIsDamaged) {
  for (const uint64_t first : std::vector<uint64_t>{0, 10, 20})
    Write(first, first + 10);
  WriteFile(directory_.PathOf(0, 30), "cut short");
  EXPECT_THAT(OpenAll(), IsOkAndHolds(ElementsAre(Pair(0, 10), Pair(10, 20),
                                                  Pair(20, 30))));
}

TEST_F(HashRunDirectoryTest, RunThatReachesPastTheLogIsDeleted) {
  Write(0, 99);
  Write(99, 100);
  Write(100, 101);
  EXPECT_THAT(OpenAll(), IsOkAndHolds(ElementsAre(Pair(0, 99), Pair(99, 100))));
  Write(99, 101);
  std::filesystem::remove(directory_.PathOf(99, 100));
  EXPECT_THAT(OpenAll(), IsOkAndHolds(ElementsAre(Pair(0, 99))));
}

TEST_F(HashRunDirectoryTest, RunOfAnotherHistoryIsDeletedWithThoseBehind) {
  Write(0, 10);
  WriteRun(10, SomeHashes(10, 1), DigestOf(19) + 1);
  Write(20, 30);
  EXPECT_THAT(OpenAll(), IsOkAndHolds(ElementsAre(Pair(0, 10))));
}

TEST_F(HashRunDirectoryTest, WhatWasNotFinishedOrIsMisnamedIsDeleted) {
  const std::filesystem::path run = Write(0, 10);
  WriteFile(run.string() + ".new", ReadFile(run));
  WriteFile(path_ / "empty.run", "");
  WriteFile(directory_.PathOf(10, 20), ReadFile(run));
  EXPECT_THAT(OpenAll(), IsOkAndHolds(ElementsAre(Pair(0, 10))));
}

TEST_F(HashRunDirectoryTest, RunUnderTheNameOfAnotherIsDeleted) {
  std::filesystem::rename(Write(0, 10), directory_.PathOf(0, 11));
  EXPECT_THAT(OpenAll(), IsOkAndHolds(IsEmpty()));
}

TEST_F(HashRunDirectoryTest, FilesOfOthersAreLeftAlone) {
  WriteFile(path_ / "README", "mine");
  EXPECT_THAT(directory_.DeleteAll(), IsOk());
  EXPECT_THAT(Files(), ElementsAre("README"));
}

TEST_F(HashRunDirectoryTest, ErrorOfTheDigestEndsTheOpeningAndDeletesNothing) {
  Write(0, 10);
  EXPECT_THAT(directory_.OpenRuns(LogSize(100),
                                  [](Position) -> absl::StatusOr<uint64_t> {
                                    return absl::DataLossError("entry 9");
                                  }),
              StatusIs(absl::StatusCode::kDataLoss, "entry 9"));
  EXPECT_EQ(Files().size(), 1u);
}

TEST_F(HashRunDirectoryTest, DeleteAllDeletesRunsAndUnfinishedOnes) {
  const std::filesystem::path run = Write(0, 10);
  Write(30, 40);
  WriteFile(run.string() + ".new", "");
  EXPECT_THAT(directory_.DeleteAll(), IsOk());
  EXPECT_THAT(Files(), IsEmpty());
}

}  // namespace
}  // namespace daybook::storage
