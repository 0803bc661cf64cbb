// Two generations of what is derived from a log: one serves, one is made.

#include <optional>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/event_log.h"
#include "tests/storage/event_log_fixture.h"
#include "tests/support/status_matchers.h"

namespace daybook::storage {
namespace {

using ::daybook::testing::IsOk;
using ::daybook::testing::IsOkAndHolds;
using ::testing::ElementsAre;

TEST_F(EventLogTest, TheNextGenerationIsMadeBesideTheOneThatServes) {
  Open();
  ASSERT_THAT(
      log_->Append(LogSize(0), {"entry"},
                   {{Space::kFact, "key", "old"}, {Space::kLineage, "k", "o"}}),
      IsOk());
  ASSERT_THAT(log_->WriteSide({{Space::kNextFact, "key", "new"},
                               {Space::kNextLineage, "k", "n"},
                               {Space::kNextLineage, "k", "+", true}}),
              IsOk());
  EXPECT_THAT(log_->ReadSide(Space::kFact, {"key"}),
              IsOkAndHolds(ElementsAre("old")));
  EXPECT_THAT(log_->ReadSide(Space::kLineage, {"k"}),
              IsOkAndHolds(ElementsAre("o")));
  EXPECT_EQ(log_->generation(), 0u);
  ASSERT_THAT(log_->SwitchGeneration({{Space::kNextFact, "last", "1"}}),
              IsOk());
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(log_->generation(), 1u);
    EXPECT_THAT(log_->ReadSide(Space::kFact, {"key", "last"}),
                IsOkAndHolds(ElementsAre("new", "1")));
    EXPECT_THAT(log_->ReadSide(Space::kLineage, {"k"}),
                IsOkAndHolds(ElementsAre("n+")));
    EXPECT_THAT(log_->ReadSide(Space::kNextFact, {"key", "last"}),
                IsOkAndHolds(ElementsAre("old", std::nullopt)));
    Open();
  }
}

TEST_F(EventLogTest, AGenerationIsClearedAndMadeAgain) {
  Open();
  ASSERT_THAT(log_->WriteSide({{Space::kFact, "key", "0"}}), IsOk());
  ASSERT_THAT(log_->SwitchGeneration({{Space::kNextFact, "key", "1"}}), IsOk());
  ASSERT_THAT(log_->ClearSide(Space::kNextFact, "", "\x7f"), IsOk());
  EXPECT_THAT(log_->ReadSide(Space::kNextFact, {"key"}),
              IsOkAndHolds(ElementsAre(std::nullopt)));
  ASSERT_THAT(log_->SwitchGeneration({{Space::kNextFact, "other", "2"}}),
              IsOk());
  EXPECT_EQ(log_->generation(), 2u);
  EXPECT_THAT(log_->ReadSide(Space::kFact, {"key", "other"}),
              IsOkAndHolds(ElementsAre(std::nullopt, "2")));
  EXPECT_THAT(log_->ReadSide(Space::kNextFact, {"key"}),
              IsOkAndHolds(ElementsAre("1")));
}

TEST_F(EventLogTest, ACursorStaysInItsGeneration) {
  Open();
  ASSERT_THAT(log_->WriteSide({{Space::kLineage, "old", "1"}}), IsOk());
  const auto cursor = log_->NewCursor(Space::kLineage);
  ASSERT_THAT(log_->SwitchGeneration({{Space::kNextLineage, "new", "2"}}),
              IsOk());
  ASSERT_THAT(log_->ClearSide(Space::kNextLineage, "", "\xff"), IsOk());
  cursor->Seek("");
  ASSERT_TRUE(cursor->valid());
  EXPECT_EQ(cursor->key(), "old");
  const auto later = log_->NewCursor(Space::kLineage);
  later->Seek("");
  ASSERT_TRUE(later->valid());
  EXPECT_EQ(later->key(), "new");
}

}  // namespace
}  // namespace daybook::storage
