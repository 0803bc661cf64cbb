// Erasures of personal data: what goes, what stays, what a retry is answered, and
// that nothing comes back with a crash, a rebuild or a row from elsewhere.

#include "services/engine/personal_data_eraser.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <system_error>
#include <vector>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/services/engine/engine_fixture.h"
#include "tests/support/seed.h"

namespace daybook::services {
namespace {

using storage::Space;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

// Entries: 0 genesis, 1 department, 2 report, 3 "a" with personal data, 4 "b"
// with other.
class EraserTest : public EngineTest {
 protected:
  EraserTest() {
    Append(Opening());
    Append({WithPayee(Spent("a", "2024-03-15", 1), payee_),
            WithPayee(Spent("b", "2024-03-15", 2), "李四")});
  }

  static std::string RandomText() {
    std::mt19937_64 random(::daybook::testing::SeedOr(20'241'231));
    std::string text;
    while (text.size() < 48) {
      text.push_back(static_cast<char>('!' + random() % 94));
    }
    return text;
  }

  storage::EventLog& log() { return **directory_->OpenLedger(kLedgerId); }

  bool Has(uint64_t position) const {
    const auto record = engine_->ReadPersonalData(Position(position));
    EXPECT_TRUE(record.ok()) << record.status();
    return record.ok() && record->has_value();
  }

  // Whether a file below the data directory holds the payee of "a". Files come
  // and go meanwhile; a folder that can not be listed counts as one that does.
  bool IsOnDisk() const {
    std::error_code error;
    std::filesystem::recursive_directory_iterator file(temporary_.path(),
                                                       error);
    for (; !error && file != std::filesystem::recursive_directory_iterator();
         file.increment(error)) {
      std::ifstream stream(file->path(), std::ios::binary);
      const std::string bytes(std::istreambuf_iterator<char>(stream), {});
      if (bytes.find(payee_) != std::string::npos) return true;
    }
    return bool{error};
  }

  bool IsGoneInTime() const {
    const absl::Time deadline = absl::Now() + absl::Seconds(60);
    while (IsOnDisk() && absl::Now() < deadline) {
      absl::SleepFor(absl::Milliseconds(50));
    }
    return !IsOnDisk();
  }

  const std::string payee_ = RandomText();
};

TEST_F(EraserTest, TheDataGoesAndTheEntryStays) {
  const std::string before = *engine_->ReadEntry(Position(3));
  EXPECT_THAT(Results(Append({Erased("e", "a")})), ElementsAre("created 5"));
  EXPECT_FALSE(Has(3));
  EXPECT_TRUE(Has(4));
  EXPECT_EQ(*engine_->ReadEntry(Position(3)), before);
  EXPECT_THAT(EntryAt(3).personal_data_commitment(), Not(IsEmpty()));
  EXPECT_EQ(EntryAt(5).event().personal_data_erased().correction().reason(),
            "本人申请");
  EXPECT_EQ(Refused({Erased("again", "a")}),
            absl::StatusCode::kFailedPrecondition);
}

TEST_F(EraserTest, TheBytesLeaveTheDisk) {
  EXPECT_TRUE(IsOnDisk());
  Append({Erased("e", "a")});
  EXPECT_TRUE(IsGoneInTime());
  EXPECT_TRUE(Has(4));
}

TEST_F(EraserTest, TheBytesLeaveTheDiskAlsoWhenTheProcessEndsBefore) {
  Append({Erased("e", "a")});
  Reopen();
  EXPECT_TRUE(IsGoneInTime());
  EXPECT_TRUE(Has(4));
  EXPECT_FALSE(Has(3));
}

TEST_F(EraserTest, ARetryOfWhatWasErasedIsReplayedWhateverItSays) {
  Append({Erased("e", "a")});
  EXPECT_THAT(
      Results(Append({WithPayee(Spent("a", "2024-03-15", 1), payee_),
                      WithPayee(Spent("a", "2024-03-15", 1), "王五"),
                      Spent("a", "2024-03-15", 1), Erased("e", "a")})),
      ElementsAre("replayed 3", "replayed 3", "replayed 3", "replayed 5"));
  EXPECT_FALSE(Has(3));
  // The event itself is still compared.
  EXPECT_EQ(Refused({Spent("a", "2024-03-15", 2)}),
            absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(Refused({WithPayee(Spent("b", "2024-03-15", 2), "王五")}),
            absl::StatusCode::kAlreadyExists);
}

TEST_F(EraserTest, WhatIsErasedInItsOwnBatchIsNeverStored) {
  EXPECT_THAT(
      Results(Append({WithPayee(Spent("c", "2024-03-15", 3), "赵六"),
                      Erased("e", "c"),
                      WithPayee(Spent("c", "2024-03-15", 3), "钱七")})),
      ElementsAre("created 5", "created 6", "replayed 5"));
  EXPECT_FALSE(Has(5));
  EXPECT_TRUE(Has(3));
}

TEST_F(EraserTest, ABatchThatIsRefusedErasesNothing) {
  EXPECT_EQ(Refused({Erased("e", "a"), Spent("f", "2024-03-15", 0)}),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Refused({Erased("e", "a"), Erased("f", "missing")}),
            absl::StatusCode::kNotFound);
  Append({Erased("e", "a")}, {.validate_only = true});
  EXPECT_TRUE(Has(3));
  // Nor is it remembered as erased.
  EXPECT_EQ(Refused({WithPayee(Spent("a", "2024-03-15", 1), "王五")}),
            absl::StatusCode::kAlreadyExists);
}

TEST_F(EraserTest, AnErasureChangesNoReport) {
  const std::string before =
      ReportBytes(LogSize(5), absl::CivilDay(2024, 12, 31));
  Append({Erased("e", "a")});
  EXPECT_EQ(ReportBytes(LogSize(5), absl::CivilDay(2024, 12, 31)), before);
  Reopen();
  EXPECT_EQ(ReportBytes(LogSize(5), absl::CivilDay(2024, 12, 31)), before);
}

TEST_F(EraserTest, ARowThatCameBackGoesBeforeTheLedgerServes) {
  const auto record =
      log().ReadSide(Space::kPersonal, {PositionBytes(Position(3))});
  Append({Erased("e", "a")});
  for (const bool rebuild : {false, true}) {
    engine_ = nullptr;
    registry_ = nullptr;
    ASSERT_TRUE(log()
                    .WriteSide({{Space::kPersonal, PositionBytes(Position(3)),
                                 (*record)[0]}})
                    .ok());
    LedgerEngineOptions options;
    options.rebuild = rebuild;
    Reopen(options);
    EXPECT_FALSE(Has(3)) << rebuild;
    EXPECT_TRUE(Has(4)) << rebuild;
    EXPECT_TRUE(IsGoneInTime());
  }
  EXPECT_EQ(Refused({Erased("again", "a")}),
            absl::StatusCode::kFailedPrecondition);
}

// Its log catches up by the entries that it lacks.
TEST_F(EraserTest, ABackupFromBeforeErasesWhenItsLogCatchesUp) {
  Crash();
  EXPECT_TRUE(Has(3));
  Append({Erased("e", "a")});
  EXPECT_FALSE(Has(3));
}

}  // namespace
}  // namespace daybook::services
