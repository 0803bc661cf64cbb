// What a run promises: it finds exactly what was written to it, and damage
// anywhere is told by whoever reads it.

#include "storage/hash_run.h"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/hash_filter.h"
#include "storage/hash_run_format.h"
#include "tests/storage/hash_run_fixture.h"
#include "tests/support/status_matchers.h"

namespace daybook::storage {
namespace {

using ::daybook::testing::IsOk;
using ::daybook::testing::IsOkAndHolds;
using ::daybook::testing::Luck;
using ::daybook::testing::StatusIs;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr uint64_t kLast = ~uint64_t{0};

// Each position once, under its own hash.
std::vector<std::pair<size_t, uint64_t>> AllFrom(uint64_t first, size_t count) {
  std::vector<std::pair<size_t, uint64_t>> matches;
  for (size_t i = 0; i < count; ++i) matches.emplace_back(i, first + i);
  return matches;
}

TEST_F(HashRunTest, FindsEachHashAndNoOthers) {
  for (const size_t count :
       std::vector<size_t>{1, 2, 299, 300, 301, 340, 341, 5'000, 100'000}) {
    const std::vector<uint64_t> hashes = SomeHashes(count, count);
    const auto run = OpenRun(WriteRun(17, hashes));
    EXPECT_THAT(Find(*run, hashes), IsOkAndHolds(AllFrom(17, count))) << count;
    EXPECT_THAT(Find(*run, SomeHashes(10'000, count + 1)),
                IsOkAndHolds(IsEmpty()))
        << count;
  }
}

TEST_F(HashRunTest, FindsAllPositionsOfAHash) {
  const auto run = OpenRun(WriteRun(5, {9, kLast, 9, 0, kLast, 9}));
  EXPECT_THAT(
      Find(*run, {kLast, 9, 0, 1}),
      IsOkAndHolds(ElementsAre(Match(0, 6), Match(0, 9), Match(1, 5),
                               Match(1, 7), Match(1, 10), Match(2, 8))));
  EXPECT_THAT(Find(*run, {}), IsOkAndHolds(IsEmpty()));
}

// The worked example of docs/formats/hash_run.md.
TEST_F(HashRunTest, BytesAreThoseOfTheDocument) {
  std::string expected(3 * run_page_bytes, '\0');
  const auto put = [&](size_t at, absl::string_view hex) {
    const std::string bytes = absl::HexStringToBytes(hex);
    expected.replace(at, bytes.size(), bytes);
  };
  put(0x0000, "efcdab89674523011032547698badcfe");
  put(0x0aa0, "0100000000000000");
  put(0x0ff0, "02000000");
  put(0x0ffc, "cfc7bafb");
  put(0x1000, "80000000002000000000800000080000");
  put(0x1010, "00000000004000020000000008200000");
  put(0x1020, "00000040800000000040080000000000");
  put(0x1030, "00020800000000000800200000000000");
  put(0x1ffc, "ce2d4d7c");
  put(0x2000, "64626b2072756e0a0100000000000000");
  put(0x2010, "64000000000000006600000000000000");
  put(0x2020, "88776655443322110100000000000000");
  put(0x2030, "01000000000000000100000000000000");
  put(0x2ffc, "75c4f496");
  EXPECT_EQ(ReadFile(WriteRun(100, {0xfedcba9876543210, 0x0123456789abcdef},
                              0x1122334455667788)),
            expected);
}

// Spilling over pages, also past the last home page, and around the number of
// entries that fill a page.
TEST_F(HashRunTest, FindsHashesThatAreNotSpreadEvenly) {
  for (const uint64_t hash : {uint64_t{0}, uint64_t{1} << 63, kLast}) {
    for (const size_t count :
         std::vector<size_t>{339, 340, 341, 680, 681, 2'000}) {
      const std::vector<uint64_t> equal(count, hash);
      const auto run = OpenRun(WriteRun(0, equal));
      std::vector<Match> expected;
      for (const Match& match : AllFrom(0, count)) {
        expected.emplace_back(0, match.second);
      }
      EXPECT_THAT(Find(*run, {hash, hash ^ 1, hash ^ 2}),
                  IsOkAndHolds(expected))
          << hash << " " << count;
    }
  }
}

TEST_F(HashRunTest, FilterLetsOneInFiveHundredThroughAtMost) {
  std::string line(filter_line_bytes, '\0');
  EXPECT_FALSE(MayBeInLine(5, line.data()));
  uint64_t let_through = 0;
  constexpr uint64_t rounds = 1'000;
  constexpr uint64_t asked = 1'000;
  Luck luck(SeedOfTest());
  for (uint64_t round = 0; round < rounds; ++round) {
    line.assign(filter_line_bytes, '\0');
    // As in a long run, whose lines hold hashes that differ in few bits at the
    // top.
    const auto any = [&] { return round << 50 | luck.Next() >> 14; };
    for (uint64_t i = 0; i < filter_line_hashes; ++i) {
      const uint64_t hash = any();
      AddToLine(hash, line.data());
      ASSERT_TRUE(MayBeInLine(hash, line.data()));
    }
    for (uint64_t i = 0; i < asked; ++i) {
      if (MayBeInLine(any(), line.data())) ++let_through;
    }
  }
  EXPECT_LT(let_through, rounds * asked / 500);
}

TEST_F(HashRunTest, CursorWalksThroughAllEntriesInOrder) {
  for (const size_t count : std::vector<size_t>{1, 341, 30'000}) {
    std::vector<uint64_t> hashes = SomeHashes(count, 3);
    hashes.back() = hashes.front();
    HashRunCursor cursor(OpenRun(WriteRun(40, hashes)));
    std::vector<bool> seen(count);
    EXPECT_FALSE(cursor.valid());
    uint64_t last = 0;
    for (size_t i = 0; i < count; ++i) {
      ASSERT_THAT(cursor.Next(), IsOk());
      ASSERT_TRUE(cursor.valid());
      ASSERT_GE(cursor.hash(), last);
      last = cursor.hash();
      const uint64_t at = cursor.position().value() - 40;
      ASSERT_EQ(cursor.hash(), hashes.at(at));
      ASSERT_FALSE(seen.at(at));
      seen[at] = true;
    }
    ASSERT_THAT(cursor.Next(), IsOk());
    EXPECT_FALSE(cursor.valid());
  }
}

TEST_F(HashRunTest, IsReadAfterItsFileWasDeleted) {
  const std::vector<uint64_t> hashes = SomeHashes(5'000, 1);
  const auto run = OpenRun(WriteRun(0, hashes));
  ASSERT_TRUE(std::filesystem::remove(run->path()));
  EXPECT_THAT(Find(*run, hashes), IsOkAndHolds(AllFrom(0, hashes.size())));
}

TEST_F(HashRunTest, MissingFileIsUnavailable) {
  EXPECT_THAT(HashRun::Open(path_ / "none.run"),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr("none.run")));
}

// Of each page one bit after the other, somewhere.
TEST_F(HashRunTest, AnyDamagedPageIsToldAndNeverAbsent) {
  const std::vector<uint64_t> hashes = SomeHashes(5'000, 1);
  const std::filesystem::path path = WriteRun(3, hashes);
  const std::string sound = ReadFile(path);
  const RunShape shape = OpenRun(path)->shape();
  ASSERT_EQ(sound.size(), shape.bytes());
  Luck luck(SeedOfTest());
  for (uint64_t page = 0; page < shape.pages(); ++page) {
    for (int round = 0; round < 20; ++round) {
      std::string damaged = sound;
      const uint64_t byte = page * run_page_bytes + luck.Below(run_page_bytes);
      damaged[byte] = static_cast<char>(damaged[byte] ^ (1 << luck.Below(8)));
      WriteFile(path, damaged);
      const auto run = HashRun::Open(path);
      if (page + 1 == shape.pages()) {
        EXPECT_THAT(run, StatusIs(absl::StatusCode::kDataLoss,
                                  HasSubstr("is no footer")));
        continue;
      }
      ASSERT_THAT(run, IsOk());
      EXPECT_THAT(Find(**run, hashes),
                  StatusIs(absl::StatusCode::kDataLoss,
                           AllOf(HasSubstr(path.filename().string()),
                                 HasSubstr(absl::StrCat("page ", page)),
                                 HasSubstr("--rebuild"))))
          << byte;
    }
  }
}

TEST_F(HashRunTest, HashesOfSoundPagesAreFoundBesideADamagedOne) {
  const std::vector<uint64_t> hashes = SomeHashes(5'000, 1);
  const std::filesystem::path path = WriteRun(0, hashes);
  std::string bytes = ReadFile(path);
  bytes[0] ^= 1;
  WriteFile(path, bytes);
  const auto run = OpenRun(path);
  const uint64_t first_page = kLast / run->shape().home_pages;
  for (size_t i = 0; i < hashes.size(); ++i) {
    if (hashes[i] < first_page) {
      EXPECT_THAT(Find(*run, {hashes[i]}),
                  StatusIs(absl::StatusCode::kDataLoss));
    } else {
      EXPECT_THAT(Find(*run, {hashes[i]}),
                  IsOkAndHolds(ElementsAre(Match(0, i))));
    }
  }
}

TEST_F(HashRunTest, PageOfAnotherPlaceOrRunIsDamage) {
  const std::vector<uint64_t> hashes = SomeHashes(5'000, 1);
  const std::filesystem::path path = WriteRun(0, hashes);
  const std::string sound = ReadFile(path);
  std::string swapped = sound;
  std::swap_ranges(swapped.begin(), swapped.begin() + run_page_bytes,
                   swapped.begin() + run_page_bytes);
  WriteFile(path, swapped);
  EXPECT_THAT(Find(*OpenRun(path), hashes),
              StatusIs(absl::StatusCode::kDataLoss));

  const std::string other = ReadFile(WriteRun(5'000, hashes));
  WriteFile(path,
            other.substr(0, run_page_bytes) + sound.substr(run_page_bytes));
  EXPECT_THAT(Find(*OpenRun(path), hashes),
              StatusIs(absl::StatusCode::kDataLoss));
}

TEST_F(HashRunTest, TruncatedFileIsNoRun) {
  const std::filesystem::path path = WriteRun(0, SomeHashes(5'000, 1));
  const std::string sound = ReadFile(path);
  for (const size_t bytes :
       {size_t{0}, size_t{1}, run_page_bytes - 1, run_page_bytes,
        sound.size() - run_page_bytes, sound.size() - 1}) {
    WriteFile(path, sound.substr(0, bytes));
    EXPECT_THAT(HashRun::Open(path), StatusIs(absl::StatusCode::kDataLoss))
        << bytes;
  }
  WriteFile(path, sound + std::string(run_page_bytes, '\0'));
  EXPECT_THAT(HashRun::Open(path), StatusIs(absl::StatusCode::kDataLoss));
  // The footer behind fewer pages.
  WriteFile(path, sound.substr(run_page_bytes));
  EXPECT_THAT(HashRun::Open(path), StatusIs(absl::StatusCode::kDataLoss));
}

TEST_F(HashRunTest, FileThatIsCutWhileItIsReadIsDamage) {
  const std::vector<uint64_t> hashes = SomeHashes(5'000, 1);
  const std::filesystem::path path = WriteRun(0, hashes);
  const auto run = OpenRun(path);
  std::filesystem::resize_file(path, run_page_bytes);
  EXPECT_THAT(Find(*run, hashes), StatusIs(absl::StatusCode::kDataLoss));
}

TEST_F(HashRunTest, FooterOfAnotherVersionIsRefused) {
  const std::filesystem::path path = WriteRun(0, {5});
  std::string bytes = ReadFile(path);
  const RunShape shape = OpenRun(path)->shape();
  char* const footer = bytes.data() + (shape.pages() - 1) * run_page_bytes;
  footer[8] = 2;
  SealPage(shape, shape.pages() - 1, footer);
  WriteFile(path, bytes);
  EXPECT_THAT(HashRun::Open(path), StatusIs(absl::StatusCode::kDataLoss));
}

TEST_F(HashRunTest, WriterThatIsGivenUpLeavesNoFile) {
  RunShape shape;
  shape.limit = 2;
  auto writer = HashRunWriter::Create(directory_.PathOf(0, 2), shape,
                                      *rocksdb::Env::Default());
  ASSERT_THAT(writer, IsOk());
  ASSERT_THAT((*writer)->Add(5, Position(0)), IsOk());
  EXPECT_EQ(Files().size(), 1u);
  writer->reset();
  EXPECT_THAT(Files(), IsEmpty());
}

}  // namespace
}  // namespace daybook::storage
