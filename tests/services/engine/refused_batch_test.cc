// Batches of which nothing is decided: answered with why, and kept as refusals
// of their source.

#include "services/engine/refused_batch.h"

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/engine/append_queue.h"
#include "services/engine/entry_codec.h"
#include "services/engine/source_rows.h"
#include "tests/services/engine/engine_fixture.h"
#include "tests/support/status_matchers.h"

namespace daybook::services {
namespace {

using ::daybook::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class RefusedBatchTest : public EngineTest {
 protected:
  static AppendCommand CommandOf(const Inputs& inputs) {
    AppendCommand command;
    command.principal = "local";
    command.source = kSource;
    command.inputs->Assign(inputs.begin(), inputs.end());
    return command;
  }

  static Inputs TooMany() {
    return Inputs(AppendCommand::events_max + 1, Spent("a", "2024-03-15", 1));
  }

  std::vector<v1::KeptRefusal> Kept(const std::string& source = kSource) const {
    const auto progress = engine_->ReadProgress(source);
    EXPECT_TRUE(progress.ok());
    return *engine_->ReadRefusals(source, RefusedTotal(*progress), 1'000);
  }

  static std::vector<uint64_t> NumbersOf(
      const std::vector<v1::KeptRefusal>& refusals) {
    std::vector<uint64_t> numbers;
    for (const v1::KeptRefusal& refusal : refusals) {
      numbers.push_back(refusal.number());
    }
    return numbers;
  }

  // So many, of kSource and as a stream sends them: many in a group.
  void RefuseBatches(uint64_t count) {
    for (uint64_t i = 0; i < count;) {
      std::vector<std::unique_ptr<AppendTicket>> tickets;
      for (; tickets.size() < 500 && i < count; ++i) {
        auto batch = engine_->writer().Prepare(CommandOf({}));
        ASSERT_TRUE(batch.ok());
        tickets.push_back(std::make_unique<AppendTicket>(*std::move(batch)));
        ASSERT_TRUE(engine_->writer().AwaitRoom(0, [] { return true; }));
        engine_->writer().Enqueue(*tickets.back(), 0);
      }
      for (const auto& ticket : tickets) {
        const auto outcome = engine_->writer().Await(*ticket);
        ASSERT_TRUE(outcome.ok());
        EXPECT_THAT(outcome->undecided,
                    StatusIs(absl::StatusCode::kInvalidArgument));
      }
    }
  }

  v1::SourceProgress Progress() const {
    return *engine_->ReadProgress(kSource);
  }
};

TEST_F(RefusedBatchTest, ABatchOfTheWrongSizeIsKeptWithoutWhatItHeld) {
  EXPECT_THAT(TryAppend(TooMany()), StatusIs(absl::StatusCode::kInvalidArgument,
                                             HasSubstr("4097 events")));
  EXPECT_EQ(engine_->size(), LogSize(1));
  const auto kept = Kept();
  ASSERT_THAT(kept, SizeIs(1));
  EXPECT_EQ(kept[0].number(), 0u);
  EXPECT_EQ(kept[0].principal(), "local");
  EXPECT_GT(kept[0].time().seconds(), 0);
  EXPECT_FALSE(kept[0].has_refusal());
  EXPECT_EQ(kept[0].subject(), "");
  EXPECT_EQ(kept[0].batch().code(),
            static_cast<int>(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(kept[0].batch().message(), HasSubstr("4097 events"));
  EXPECT_EQ(kept[0].batch().events(), 4'097u);
  EXPECT_EQ(Progress().refused_batches(), 1u);
  EXPECT_EQ(Progress().refused_permanent(), 0u);
  EXPECT_TRUE(Progress().has_last_write_time());
}

TEST_F(RefusedBatchTest, WhatWasKeptIsThereAfterARestart) {
  EXPECT_FALSE(TryAppend(TooMany()).ok());
  EXPECT_FALSE(TryAppend({}).ok());
  Reopen();
  const auto kept = Kept();
  ASSERT_THAT(kept, SizeIs(2));
  EXPECT_EQ(kept[0].batch().events(), 0u);
  EXPECT_EQ(kept[1].batch().events(), 4'097u);
}

TEST_F(RefusedBatchTest, EventsAndBatchesShareTheNumbersOfASource) {
  Append(Opening());
  EXPECT_FALSE(TryAppend({}).ok());
  EXPECT_EQ(Refused({Spent("zero", "2024-03-15", 0)}),
            absl::StatusCode::kInvalidArgument);
  EXPECT_FALSE(TryAppend({}).ok());
  const auto kept = Kept();
  ASSERT_THAT(kept, SizeIs(3));
  EXPECT_TRUE(kept[0].has_batch());
  EXPECT_EQ(kept[0].number(), 2u);
  EXPECT_EQ(kept[1].refusal().event_id(), "zero");
  EXPECT_EQ(kept[1].number(), 1u);
  EXPECT_TRUE(kept[2].has_batch());
  EXPECT_EQ(Progress().refused_batches(), 2u);
  EXPECT_EQ(Progress().refused_permanent(), 1u);
}

TEST_F(RefusedBatchTest, ABatchThatDoesNotGoOnWhereItsSourceStandsIsKept) {
  AppendCommand command = CommandOf(Opening());
  command.cursor = "next";
  command.previous_cursor = "elsewhere";
  EXPECT_THAT(engine_->Append(std::move(command)),
              StatusIs(absl::StatusCode::kAborted, HasSubstr("elsewhere")));
  const auto kept = Kept();
  ASSERT_THAT(kept, SizeIs(1));
  EXPECT_EQ(kept[0].batch().code(),
            static_cast<int>(absl::StatusCode::kAborted));
  EXPECT_EQ(kept[0].batch().events(), 2u);
  EXPECT_EQ(Progress().cursor(), "");
}

TEST_F(RefusedBatchTest, TheMessageThatIsKeptIsBounded) {
  AppendCommand command = CommandOf(Opening());
  command.cursor = std::string(100'000, 'x');
  EXPECT_THAT(engine_->Append(std::move(command)),
              StatusIs(absl::StatusCode::kInvalidArgument));
  // Both cursors as long as they may be.
  const std::string longest(AppendCommand::cursor_bytes_max, 'y');
  command = CommandOf(Opening());
  command.cursor = longest;
  ASSERT_TRUE(engine_->Append(std::move(command)).ok());
  command = CommandOf(Opening());
  command.cursor = "next";
  command.previous_cursor = std::string(AppendCommand::cursor_bytes_max, 'z');
  EXPECT_THAT(engine_->Append(std::move(command)),
              StatusIs(absl::StatusCode::kAborted));
  ASSERT_THAT(Kept(), SizeIs(2));
  for (const v1::KeptRefusal& kept : Kept()) {
    EXPECT_LE(kept.batch().message().size(), 512u);
  }
}

TEST_F(RefusedBatchTest, WhatIsOnlyValidatedIsNotKept) {
  EXPECT_THAT(TryAppend(TooMany(), {.validate_only = true}),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(Kept(), IsEmpty());
  EXPECT_EQ(Progress().refused_batches(), 0u);
}

TEST_F(RefusedBatchTest, WhatNamesNoSourceIsNotKept) {
  EXPECT_THAT(
      TryAppend(Opening(), {.source = "no\nname"}),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("source")));
  EXPECT_THAT(*engine_->ReadSources("", 10), IsEmpty());
}

TEST_F(RefusedBatchTest, OneSourceTooManyIsRefusedAndNotKept) {
  ASSERT_TRUE((*directory_->OpenLedger(kLedgerId))
                  ->WriteSide({{storage::Space::kSource, SourceCountKey(),
                                PositionBytes(Position(sources_max))}})
                  .ok());
  for (const Inputs& inputs : {Opening(), Inputs()}) {
    EXPECT_THAT(
        TryAppend(inputs),
        StatusIs(absl::StatusCode::kResourceExhausted, HasSubstr("sources")));
  }
  EXPECT_EQ(engine_->size(), LogSize(1));
  EXPECT_THAT(*engine_->ReadSources("", 10), IsEmpty());
}

TEST_F(RefusedBatchTest, SourcesOfWhichNothingWasRecordedTakeNoPlace) {
  // All but one are taken.
  ASSERT_TRUE((*directory_->OpenLedger(kLedgerId))
                  ->WriteSide({{storage::Space::kSource, SourceCountKey(),
                                PositionBytes(Position(sources_max - 1))}})
                  .ok());
  for (const char* source : {"nonsense", "more", "nonsense"}) {
    EXPECT_EQ(Refused({Spent("v1", "2024-03-15", 0)}, {.source = source}),
              absl::StatusCode::kInvalidArgument);
    EXPECT_FALSE(TryAppend({}, {.source = source}).ok());
  }
  EXPECT_THAT(*engine_->ReadSources("", 10), IsEmpty());
  Append(Opening());
  EXPECT_THAT(*engine_->ReadSources("", 10), SizeIs(1));
  EXPECT_THAT(TryAppend(Opening(), {.source = "late"}),
              StatusIs(absl::StatusCode::kResourceExhausted));
}

TEST_F(RefusedBatchTest, WhatIsRefusedOfASourceWithoutAPlaceIsFoundAllTheSame) {
  for (const char* source : {"a", "b", "a"}) {
    EXPECT_EQ(Refused({Spent("v1", "2024-03-15", 0)}, {.source = source}),
              absl::StatusCode::kInvalidArgument);
  }
  EXPECT_FALSE(TryAppend({}, {.source = "a"}).ok());
  Reopen();
  EXPECT_THAT(NumbersOf(Kept("a")), ElementsAre(2, 1, 0));
  EXPECT_THAT(NumbersOf(Kept("b")), ElementsAre(0));
  EXPECT_THAT(Kept("c"), IsEmpty());
  EXPECT_EQ(Kept("a")[1].source(), "a");
  EXPECT_TRUE(Kept("a")[0].has_batch());
  EXPECT_THAT(NumbersOf(*engine_->ReadRefusals("a", 2, 1)), ElementsAre(1));
  const v1::SourceProgress progress = *engine_->ReadProgress("a");
  EXPECT_EQ(progress.refused_permanent(), 2u);
  EXPECT_EQ(progress.refused_batches(), 1u);
  EXPECT_TRUE(progress.has_last_write_time());
}

TEST_F(RefusedBatchTest, ASourceTakesItsRefusalsToItsPlace) {
  for (const char* source : {"a", "b", "a"}) {
    EXPECT_EQ(Refused({Spent("v1", "2024-03-15", 0)}, {.source = source}),
              absl::StatusCode::kInvalidArgument);
  }
  Append(Opening(), {.source = "a"});
  EXPECT_EQ(Refused({Spent("v2", "2024-03-15", 0)}, {.source = "a"}),
            absl::StatusCode::kInvalidArgument);
  Reopen();
  const auto kept = Kept("a");
  EXPECT_THAT(NumbersOf(kept), ElementsAre(2, 1, 0));
  EXPECT_EQ(kept[0].refusal().event_id(), "v2");
  EXPECT_EQ(kept[2].source(), "");
  EXPECT_EQ(engine_->ReadProgress("a")->refused_permanent(), 3u);
  EXPECT_EQ(engine_->ReadProgress("a")->created(), 2u);
  EXPECT_THAT(NumbersOf(Kept("b")), ElementsAre(0));
}

TEST_F(RefusedBatchTest, ARefusalAndAPlaceInOneGroup) {
  Append(Opening(), {.source = "other"});
  std::vector<std::unique_ptr<AppendTicket>> tickets;
  const absl::Status held = engine_->writer().Hold([&] {
    for (const int64_t fen : {0, 0, 100}) {
      auto batch = engine_->writer().Prepare(
          CommandOf({Spent("v1", "2024-03-15", fen)}));
      EXPECT_TRUE(batch.ok());
      tickets.push_back(std::make_unique<AppendTicket>(*std::move(batch)));
      EXPECT_TRUE(engine_->writer().Reserve(0));
      engine_->writer().Enqueue(*tickets.back(), 0);
    }
    return absl::OkStatus();
  });
  ASSERT_TRUE(held.ok());
  for (const auto& ticket : tickets) {
    EXPECT_TRUE(engine_->writer().Await(*ticket).ok());
  }
  EXPECT_THAT(NumbersOf(Kept()), ElementsAre(1, 0));
  EXPECT_EQ(Progress().refused_permanent(), 2u);
  EXPECT_EQ(Progress().created(), 1u);
}

TEST_F(RefusedBatchTest, ACursorThatIsKeptIsAPlace) {
  AppendCommand command = CommandOf({Spent("v1", "2024-03-15", 0)});
  command.atomic = false;
  command.cursor = "1";
  ASSERT_TRUE(engine_->Append(std::move(command)).ok());
  EXPECT_EQ(Progress().cursor(), "1");
  EXPECT_EQ(Progress().refused_permanent(), 1u);
  EXPECT_THAT(*engine_->ReadSources("", 10), SizeIs(1));
}

TEST_F(RefusedBatchTest, OldOnesMakeRoom) {
  Append(Opening());
  constexpr uint64_t kBatches = kept_refusals_max + 10;
  RefuseBatches(kBatches);
  const auto kept = *engine_->ReadRefusals(kSource, kBatches, kBatches);
  ASSERT_THAT(kept, SizeIs(kept_refusals_max));
  EXPECT_EQ(kept.front().number(), kBatches - 1);
  EXPECT_EQ(kept.back().number(), kBatches - kept_refusals_max);
}

TEST_F(RefusedBatchTest, OldOnesOfSourcesWithoutAPlaceMakeRoom) {
  EXPECT_FALSE(TryAppend({}, {.source = "first"}).ok());
  EXPECT_THAT(Kept("first"), SizeIs(1));
  RefuseBatches(kept_refusals_max + 10);
  EXPECT_THAT(Kept("first"), IsEmpty());
  EXPECT_EQ(Progress().refused_batches(), kept_refusals_max);
}

}  // namespace
}  // namespace daybook::services
