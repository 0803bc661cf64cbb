// What LedgerEngine promises of one command: the order of decision, batches
// that are recorded whole or not at all, and a state that is the same after
// a restart.

#include "services/engine/ledger_engine.h"

#include "absl/strings/str_cat.h"
#include "core/admission/personal_data.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/engine/entry_codec.h"
#include "tests/services/engine/engine_fixture.h"

namespace daybook::services {
namespace {

using absl::StatusCode;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

TEST_F(EngineTest, NewLedgerHoldsItsGenesis) {
  EXPECT_EQ(engine_->size(), LogSize(1));
  const v1::Entry genesis = EntryAt(0);
  EXPECT_EQ(genesis.genesis().ledger(), kLedger);
  EXPECT_EQ(genesis.genesis().origin(), "daybook.local/ledgers/430203");
  EXPECT_THAT(genesis.genesis().ledger_id(), SizeIs(ledger_id_bytes));
}

TEST_F(EngineTest, EventsAreRecordedInOrder) {
  const AppendOutcome outcome = Append(Opening());
  EXPECT_THAT(Results(outcome), ElementsAre("created 1", "created 2"));
  EXPECT_EQ(outcome.size, LogSize(3));
  EXPECT_EQ(EntryAt(1).event().event_id(), "department");
  EXPECT_EQ(EntryAt(2).event().event_id(), "report");
  EXPECT_EQ(EntryAt(2).source(), kSource);
  EXPECT_EQ(EntryAt(2).principal(), "local");
}

TEST_F(EngineTest, RetryIsReplayedWithThePositionsOfThen) {
  Append(Opening());
  const AppendOutcome retried = Append(Opening());
  EXPECT_THAT(Results(retried), ElementsAre("replayed 1", "replayed 2"));
  EXPECT_EQ(retried.size, LogSize(3));
  Reopen();
  EXPECT_THAT(Results(Append(Opening())),
              ElementsAre("replayed 1", "replayed 2"));
}

TEST_F(EngineTest, RetryWithStalePreconditionIsReplayed) {
  Append(Opening());
  const Saying saying = {.expected_size = LogSize(3)};
  const Inputs spent = {Spent("a", "2024-03-15", 100)};
  EXPECT_THAT(Results(Append(spent, saying)), ElementsAre("created 3"));
  EXPECT_THAT(Results(Append(spent, saying)), ElementsAre("replayed 3"));
}

TEST_F(EngineTest, SameIdWithOtherContentIsRefused) {
  Append(Opening());
  Append({Spent("a", "2024-03-15", 100)});
  EXPECT_EQ(Refused({Spent("a", "2024-03-15", 101)}),
            StatusCode::kAlreadyExists);
  EXPECT_EQ(engine_->size(), LogSize(4));
}

TEST_F(EngineTest, SameIdOfAnotherSourceIsAnotherEvent) {
  Append(Opening());
  Append({Spent("a", "2024-03-15", 100)});
  EXPECT_THAT(
      Results(Append({Spent("a", "2024-03-15", 101)}, {.source = "payments"})),
      ElementsAre("created 4"));
}

TEST_F(EngineTest, SameIdWithOtherPersonalDataIsRefused) {
  Append(Opening());
  const v1::EventInput spent = Spent("a", "2024-03-15", 100);
  Append({WithPayee(spent, "张三")});
  EXPECT_THAT(Results(Append({WithPayee(spent, "张三")})),
              ElementsAre("replayed 3"));
  EXPECT_EQ(Refused({WithPayee(spent, "李四")}), StatusCode::kAlreadyExists);
  EXPECT_EQ(Refused({spent}), StatusCode::kAlreadyExists);
}

TEST_F(EngineTest, PersonalDataLiesBesideTheEntryThatCommitsToIt) {
  Append(Opening());
  Append({WithPayee(Spent("a", "2024-03-15", 100), "张三"),
          Spent("b", "2024-03-15", 100)});
  EXPECT_THAT(*engine_->ReadEntry(Position(3)), Not(HasSubstr("张三")));
  const auto personal = *engine_->ReadPersonalData(Position(3));
  ASSERT_TRUE(personal.has_value());
  EXPECT_EQ(personal->data.payee(), "张三");
  EXPECT_EQ(EntryAt(3).personal_data_commitment(),
            PersonalDataCommitment(personal->salt, personal->data));
  EXPECT_THAT(EntryAt(4).personal_data_commitment(), IsEmpty());
  EXPECT_FALSE(engine_->ReadPersonalData(Position(4))->has_value());
}

TEST_F(EngineTest, EachEventHasASaltOfItsOwn) {
  Append(Opening());
  Append({WithPayee(Spent("a", "2024-03-15", 100), "张三"),
          WithPayee(Spent("b", "2024-03-15", 100), "张三")});
  EXPECT_NE((*engine_->ReadPersonalData(Position(3)))->salt,
            (*engine_->ReadPersonalData(Position(4)))->salt);
}

TEST_F(EngineTest, DuplicateWithinABatchIsReplayed) {
  Append(Opening());
  const v1::EventInput spent = WithPayee(Spent("a", "2024-03-15", 100), "张三");
  EXPECT_THAT(Results(Append({spent, spent})),
              ElementsAre("created 3", "replayed 3"));
  EXPECT_EQ(Refused({Spent("b", "2024-03-15", 1), Spent("b", "2024-03-15", 2)}),
            StatusCode::kAlreadyExists);
  EXPECT_EQ(Refused({WithPayee(Spent("c", "2024-03-15", 1), "张三"),
                     WithPayee(Spent("c", "2024-03-15", 1), "李四")}),
            StatusCode::kAlreadyExists);
  EXPECT_EQ(engine_->size(), LogSize(4));
}

TEST_F(EngineTest, MalformedIsFoundBeforeSeen) {
  Append(Opening());
  Append({Spent("a", "2024-03-15", 100)});
  EXPECT_EQ(Refused({Spent("a", "2024-03-15", 0)}),
            StatusCode::kInvalidArgument);
}

TEST_F(EngineTest, OneRefusedEventLeavesNothingOfItsBatch) {
  Inputs inputs = Opening();
  inputs.push_back(Spent("a", "2024-03-15", 0));
  EXPECT_EQ(Refused(inputs), StatusCode::kInvalidArgument);
  EXPECT_EQ(engine_->size(), LogSize(1));
  // Neither the department nor the identities were kept.
  EXPECT_EQ(Refused({ReportOpened("report")}), StatusCode::kNotFound);
  EXPECT_THAT(Results(Append(Opening())),
              ElementsAre("created 1", "created 2"));
}

TEST_F(EngineTest, CodeIsThatOfTheFirstRefusedEvent) {
  Append(Opening());
  EXPECT_EQ(Refused({Reversed("r", "missing"), Spent("a", "2024-03-15", 0)}),
            StatusCode::kNotFound);
  EXPECT_EQ(Refused({Spent("a", "2024-03-15", 0), Reversed("r", "missing")}),
            StatusCode::kInvalidArgument);
}

TEST_F(EngineTest, LaterEventOfABatchMayDependOnEarlierOnes) {
  Inputs inputs = Opening();
  inputs.push_back(Spent("a", "2024-03-15", 100));
  inputs.push_back(Reversed("r", "a"));
  EXPECT_THAT(Results(Append(inputs)),
              ElementsAre("created 1", "created 2", "created 3", "created 4"));
}

TEST_F(EngineTest, EventIsReversedOnceWhetherRecordedOrPending) {
  Append(Opening());
  Append({Spent("a", "2024-03-15", 100), Reversed("r", "a")});
  EXPECT_EQ(Refused({Reversed("r2", "a")}), StatusCode::kFailedPrecondition);
  EXPECT_EQ(Refused({Spent("b", "2024-03-15", 100), Reversed("s", "b"),
                     Reversed("s2", "b")}),
            StatusCode::kFailedPrecondition);
  Append({Spent("b", "2024-03-15", 100)});
  EXPECT_EQ(Refused({Reversed("s", "b"), Reversed("s2", "b")}),
            StatusCode::kFailedPrecondition);
  Append({Reversed("s", "b")});
}

TEST_F(EngineTest, StalePreconditionIsAborted) {
  Append(Opening());
  Append({Spent("a", "2024-03-15", 100)});
  EXPECT_EQ(
      Refused({Spent("b", "2024-03-15", 100)}, {.expected_size = LogSize(3)}),
      StatusCode::kAborted);
  EXPECT_THAT(Results(Append({Spent("b", "2024-03-15", 100)},
                             {.expected_size = LogSize(4)})),
              ElementsAre("created 4"));
}

TEST_F(EngineTest, PreconditionLooksAtThatReportAlone) {
  Append(Opening());
  Append({ReportOpened("report 2023", kReport2023)});
  Append({Spent("other", "2023-03-15", 100)});
  EXPECT_THAT(Results(Append({Spent("a", "2024-03-15", 100)},
                             {.expected_size = LogSize(3)})),
              ElementsAre("created 5"));
}

TEST_F(EngineTest, PreconditionIgnoresEventsOfTheSameBatch) {
  Append(Opening());
  EXPECT_THAT(
      Results(Append({Spent("a", "2024-03-15", 1), Spent("b", "2024-03-15", 1)},
                     {.expected_size = LogSize(3)})),
      ElementsAre("created 3", "created 4"));
}

TEST_F(EngineTest, ValidateOnlyAnswersEverythingAndRecordsNothing) {
  Append(Opening());
  Inputs inputs;
  for (int i = 0; i < 20; ++i) {
    inputs.push_back(Spent(absl::StrCat("bad ", i), "2024-03-15", 0));
  }
  inputs.push_back(Spent("good", "2024-03-15", 100));
  inputs.push_back(Reversed("missing", "none"));
  const AppendOutcome outcome = Append(inputs, {.validate_only = true});
  EXPECT_THAT(outcome.results, IsEmpty());
  EXPECT_THAT(outcome.refusals, SizeIs(21));
  EXPECT_EQ(outcome.refusals.back().index(), 21u);
  EXPECT_EQ(outcome.size, LogSize(3));
  EXPECT_EQ(engine_->size(), LogSize(3));
}

TEST_F(EngineTest, ValidateOnlyOfGoodEventsRecordsNothing) {
  const AppendOutcome outcome = Append(Opening(), {.validate_only = true});
  EXPECT_THAT(outcome.refusals, IsEmpty());
  EXPECT_THAT(outcome.results, IsEmpty());
  EXPECT_EQ(engine_->size(), LogSize(1));
  EXPECT_THAT(Results(Append(Opening())),
              ElementsAre("created 1", "created 2"));
}

TEST_F(EngineTest, RefusalsBeyondSixteenAreCounted) {
  Append(Opening());
  Inputs inputs;
  for (int i = 0; i < 20; ++i) {
    inputs.push_back(Spent(absl::StrCat("bad ", i), "2024-03-15", 0));
  }
  const auto outcome = TryAppend(inputs);
  ASSERT_TRUE(outcome.ok());
  EXPECT_THAT(outcome->refusals, SizeIs(16));
  EXPECT_EQ(outcome->refused_total, 20u);
}

TEST_F(EngineTest, CommandHoldsOneToFourThousandNinetySixEvents) {
  EXPECT_EQ(TryAppend({}).status().code(), StatusCode::kInvalidArgument);
  Append(Opening());
  Inputs inputs;
  for (size_t i = 0; i < AppendCommand::events_max; ++i) {
    inputs.push_back(Spent(absl::StrCat("e", i), "2024-03-15", 100));
  }
  EXPECT_THAT(Append(inputs).results, SizeIs(4'096));
  inputs.push_back(Spent("one more", "2024-03-15", 100));
  EXPECT_EQ(TryAppend(inputs).status().code(), StatusCode::kInvalidArgument);
}

TEST_F(EngineTest, CommandOverItsBytesIsExhausted) {
  v1::EventInput large = Spent("large", "2024-03-15", 100);
  large.mutable_personal_data()->set_summary(
      std::string(AppendCommand::bytes_max, 'x'));
  EXPECT_EQ(TryAppend({large}).status().code(), StatusCode::kResourceExhausted);
}

TEST_F(EngineTest, MalformedSourceIsRefused) {
  for (const std::string& source :
       {std::string(), std::string(65, 'x'), std::string("a\0b", 3)}) {
    EXPECT_EQ(TryAppend(Opening(), {.source = source}).status().code(),
              StatusCode::kInvalidArgument)
        << source;
  }
}

TEST_F(EngineTest, RecordedTimesIncreaseAlsoWhenTheClockStepsBack) {
  const auto recorded = [&](uint64_t position) {
    return EntryAt(position).recorded_time_us();
  };
  Append(Opening());
  EXPECT_EQ(recorded(1), recorded(2));
  EXPECT_GT(recorded(1), recorded(0));
  clock_.Set(absl::UnixEpoch());
  Append({Spent("a", "2024-03-15", 1)});
  EXPECT_EQ(recorded(3), recorded(2) + 1);
  Reopen();
  Append({Spent("b", "2024-03-15", 1)});
  EXPECT_EQ(recorded(4), recorded(3) + 1);
  const absl::Time later = absl::FromCivil(
      absl::CivilSecond(2025, 1, 2, 0, 0, 0), absl::UTCTimeZone());
  clock_.Set(later);
  Append({Spent("c", "2024-03-15", 1)});
  EXPECT_EQ(recorded(5), absl::ToUnixMicros(later));
}

TEST_F(EngineTest, AReopenedLedgerAnswersTheSameBytes) {
  Append(Opening());
  Append({Approved("budget", "2024-01-01", 1'000'000),
          Spent("a", "2024-03-15", 250'000),
          Spent("b", "2024-06-15", 300'000)});
  Append({Reversed("r", "a")});
  const std::string before = ReportBytes();
  Reopen();
  EXPECT_EQ(ReportBytes(), before);
  EXPECT_THAT(before, Not(IsEmpty()));
}

TEST_F(EngineTest, EventIsFoundByItsIdentity) {
  Append(Opening());
  EXPECT_EQ(*engine_->FindEvent(kSource, "report"), Position(2));
  EXPECT_EQ(*engine_->FindEvent(kSource, "none"), std::nullopt);
  EXPECT_EQ(*engine_->FindEvent("other", "report"), std::nullopt);
}

TEST_F(EngineTest, ChunkEndsAtItsLimitOrWithItsTile) {
  Append(Opening());
  Inputs inputs;
  for (size_t i = 0; i < 2'000; ++i) {
    inputs.push_back(Spent(absl::StrCat("e", i), "2024-03-15", 100));
  }
  Append(inputs);
  EXPECT_THAT(*engine_->ReadChunk(Position(1), Position(3)), SizeIs(2));
  EXPECT_THAT(*engine_->ReadChunk(Position(0), Position(2'003)), SizeIs(256));
  EXPECT_THAT(*engine_->ReadChunk(Position(255), Position(2'003)), SizeIs(1));
  EXPECT_EQ(engine_->ReadChunk(Position(0), Position(2'004)).status().code(),
            StatusCode::kOutOfRange);
}

}  // namespace
}  // namespace daybook::services
