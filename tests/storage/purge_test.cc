// Deleted personal data leaves the disk: from tables of every level and from
// the write-ahead log, also when the log was closed or crashed in between.

#include "storage/purge.h"

#include <atomic>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/storage/event_log_fixture.h"
#include "tests/support/seed.h"
#include "tests/support/status_matchers.h"

namespace daybook::storage {
namespace {

using ::daybook::testing::IsOk;
using ::daybook::testing::IsOkAndHolds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::Optional;

class PurgeTest : public EventLogTest {
 protected:
  PurgeTest() { Open(); }

  // Bytes that no compression finds a shorter word for.
  std::string RandomText() {
    std::string text;
    while (text.size() < 48) {
      text.push_back(static_cast<char>('!' + random_() % 94));
    }
    return text;
  }

  void Put(const std::string& key, const std::string& value) {
    const auto appended =
        log_->Append(log_->size(), {"fact"}, {{Space::kPersonal, key, value}});
    ASSERT_TRUE(appended.ok()) << appended.status();
  }

  void Delete(const std::string& key) {
    const auto appended = log_->Append(log_->size(), {"erasure"},
                                       {{Space::kPersonal, key, std::nullopt}});
    ASSERT_TRUE(appended.ok()) << appended.status();
  }

  // The files that hold the text.
  std::vector<std::string> FilesWith(const std::string& text) const {
    std::vector<std::string> found;
    for (const auto& file : std::filesystem::recursive_directory_iterator(
             options_.directory)) {
      if (!file.is_regular_file()) continue;
      if (ReadFile(file.path()).find(text) != std::string::npos) {
        found.push_back(file.path().filename().string());
      }
    }
    return found;
  }

  absl::Status PurgeAll(std::vector<std::string> keys) {
    return log_->PurgeDeleted(std::move(keys), stopped_);
  }

  std::mt19937_64 random_{::daybook::testing::SeedOr(7)};
  std::atomic<bool> stopped_{false};
};

TEST_F(PurgeTest, WhatIsInTheWriteAheadLogAloneGoes) {
  const std::string gone = RandomText();
  const std::string kept = RandomText();
  Put("1", gone);
  Put("2", kept);
  EXPECT_THAT(FilesWith(gone), Not(IsEmpty()));
  Delete("1");
  EXPECT_THAT(FilesWith(gone), Not(IsEmpty()));
  EXPECT_THAT(PurgeAll({"1"}), IsOk());
  EXPECT_THAT(FilesWith(gone), IsEmpty());
  EXPECT_THAT(FilesWith(kept), Not(IsEmpty()));
  EXPECT_THAT(log_->ReadSide(Space::kPersonal, {"1", "2"}),
              IsOkAndHolds(ElementsAre(std::nullopt, Optional(kept))));
}

TEST_F(PurgeTest, WhatIsInTablesOfAnyLevelGoes) {
  const std::string deep = RandomText();
  const std::string shallow = RandomText();
  const std::string kept = RandomText();
  Put("1", deep);
  Put("2", kept);
  // Purging a row that is there moves its table down and takes nothing.
  EXPECT_THAT(PurgeAll({"1"}), IsOk());
  Open();
  EXPECT_THAT(FilesWith(deep), Not(IsEmpty()));
  Put("3", shallow);
  Open();
  Delete("1");
  Delete("3");
  Open();
  EXPECT_THAT(FilesWith(deep), Not(IsEmpty()));
  EXPECT_THAT(FilesWith(shallow), Not(IsEmpty()));
  EXPECT_THAT(log_->HoldsDeleted(), IsOkAndHolds(true));
  EXPECT_THAT(PurgeAll({"3", "1"}), IsOk());
  EXPECT_THAT(FilesWith(deep), IsEmpty());
  EXPECT_THAT(FilesWith(shallow), IsEmpty());
  EXPECT_THAT(FilesWith(kept), Not(IsEmpty()));
  EXPECT_THAT(log_->HoldsDeleted(), IsOkAndHolds(false));
  EXPECT_THAT(log_->ReadSide(Space::kPersonal, {"1", "2", "3"}),
              IsOkAndHolds(
                  ElementsAre(std::nullopt, Optional(kept), std::nullopt)));
}

TEST_F(PurgeTest, ManyKeysFarApartGo) {
  std::vector<std::string> keys;
  std::vector<std::string> gone;
  for (int i = 0; i < 400; ++i) {
    const std::string key = absl::StrCat(1000 + i);
    const std::string value = RandomText();
    Put(key, value);
    if (i % 50 != 7) continue;
    keys.push_back(key);
    gone.push_back(value);
  }
  for (const std::string& key : keys) Delete(key);
  EXPECT_THAT(PurgeAll(keys), IsOk());
  for (const std::string& value : gone) EXPECT_THAT(FilesWith(value), IsEmpty());
  EXPECT_THAT(log_->HoldsDeleted(), IsOkAndHolds(false));
}

TEST_F(PurgeTest, NothingDeletedIsNothingHeld) {
  EXPECT_THAT(log_->HoldsDeleted(), IsOkAndHolds(false));
  EXPECT_THAT(PurgeAll({"1"}), IsOk());
  EXPECT_THAT(PurgeAll({}), IsOk());
}

TEST_F(PurgeTest, StoppedItLeavesTheRestForTheNextTime) {
  const std::string gone = RandomText();
  Put("1", gone);
  Delete("1");
  stopped_ = true;
  EXPECT_TRUE(absl::IsCancelled(PurgeAll({"1"})));
  stopped_ = false;
  EXPECT_THAT(PurgeAll({"1"}), IsOk());
  EXPECT_THAT(FilesWith(gone), IsEmpty());
}

}  // namespace
}  // namespace daybook::storage
