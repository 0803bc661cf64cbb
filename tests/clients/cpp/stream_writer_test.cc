// StreamWriter: every event recorded once and told in order, whatever breaks.

#include "clients/cpp/stream_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/clients/fake_ledger_service.h"
#include "tests/support/gate.h"
#include "tests/support/status_matchers.h"

namespace daybook::client {
namespace {

using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using testing::FakeLedgerService;
using testing::Gate;
using ::testing::HasSubstr;
using testing::IsOk;
using ::testing::SizeIs;
using testing::StatusIs;
using Fate = FakeLedgerService::Fate;
using Kind = EventOutcome::Kind;

StreamWriterOptions Quick() {
  StreamWriterOptions options;
  options.ledger = "ledgers/430203";
  options.source = "accounting";
  options.batch_events = 3;
  options.in_flight_batches_max = 4;
  options.tries_max = 4;
  options.wait = absl::Milliseconds(1);
  options.wait_max = absl::Milliseconds(4);
  return options;
}

v1::EventInput Event(const std::string& id) {
  v1::EventInput input;
  input.mutable_event()->set_event_id(id);
  return input;
}

std::string Id(uint64_t i) { return absl::StrCat("e", i); }

std::vector<std::string> Ids(uint64_t count) {
  std::vector<std::string> ids;
  for (uint64_t i = 0; i < count; ++i) ids.push_back(Id(i));
  return ids;
}

// What the callbacks were told. It is read after the writer has ended.
struct Told {
  std::vector<uint64_t> numbers;
  std::vector<Kind> kinds;
  std::vector<uint64_t> positions;
  std::vector<absl::Status> statuses;

  OutcomeCallback Callback() {
    return [this](const EventOutcome& outcome) {
      numbers.push_back(outcome.number);
      kinds.push_back(outcome.kind);
      positions.push_back(outcome.position);
      statuses.push_back(outcome.status);
      if (outcome.kind == Kind::kRefused) {
        EXPECT_NE(outcome.refusal, nullptr);
      }
    };
  }
  void ExpectInOrder(uint64_t count) const {
    ASSERT_THAT(numbers, SizeIs(count));
    for (uint64_t i = 0; i < count; ++i) EXPECT_EQ(numbers[i], i);
  }
};

// Opens, feeds `ids` with their numbers as cursors, and finishes.
absl::Status Feed(const FakeLedgerService& service, StreamWriterOptions options,
                  const std::vector<std::string>& ids, bool cursors = true) {
  auto writer = StreamWriter::Open(service.address(), std::move(options));
  if (!writer.ok()) return writer.status();
  for (uint64_t i = 0; i < ids.size(); ++i) {
    AddOptions how;
    if (cursors) how.cursor = absl::StrCat(i + 1);
    if (!(*writer)->Add(Event(ids[i]), std::move(how)).ok()) break;
  }
  return (*writer)->Finish();
}

TEST(StreamWriterTest, RecordsAllInOrderAndTellsEach) {
  FakeLedgerService service;
  Told told;
  StreamWriterOptions options = Quick();
  options.on_outcome = told.Callback();
  EXPECT_THAT(Feed(service, options, Ids(100)), IsOk());
  EXPECT_EQ(service.recorded(), Ids(100));
  EXPECT_EQ(service.cursor(), "100");
  EXPECT_EQ(service.streams(), 1u);
  told.ExpectInOrder(100);
  EXPECT_THAT(told.kinds, Each(Kind::kCreated));
  EXPECT_EQ(told.positions.back(), 99u);
}

TEST(StreamWriterTest, AFeedThatBeginsAgainGoesOnFromTheCursor) {
  FakeLedgerService service;
  EXPECT_THAT(Feed(service, Quick(), Ids(10)), IsOk());
  auto writer = StreamWriter::Open(service.address(), Quick());
  ASSERT_THAT(writer, IsOk());
  EXPECT_EQ((*writer)->opened().cursor(), "10");
  EXPECT_THAT((*writer)->Add(Event(Id(10)), {.cursor = "11"}), IsOk());
  EXPECT_THAT((*writer)->Flush(), IsOk());
  EXPECT_EQ((*writer)->cursor(), "11");
  EXPECT_EQ((*writer)->size(), 11u);
  EXPECT_THAT((*writer)->Finish(), IsOk());
  EXPECT_EQ(service.recorded(), Ids(11));
}

// Each batch in turn meets each way of breaking.
TEST(StreamWriterTest, ABreakAnywhereLosesAndDoublesNothing) {
  constexpr uint64_t kEvents = 30;
  for (const Fate fate :
       {Fate::kBreakBefore, Fate::kCancelBefore, Fate::kLoseAck,
        Fate::kRecordLate, Fate::kBreakAfter}) {
    for (const bool cursors : {true, false}) {
      for (uint64_t breaks = 0; breaks < kEvents / 3; ++breaks) {
        FakeLedgerService service([&](uint64_t batch) {
          return batch == breaks ? fate : Fate::kAck;
        });
        Told told;
        StreamWriterOptions options = Quick();
        options.on_outcome = told.Callback();
        EXPECT_THAT(Feed(service, options, Ids(kEvents), cursors), IsOk());
        EXPECT_EQ(service.recorded(), Ids(kEvents));
        if (cursors) {
          EXPECT_EQ(service.cursor(), absl::StrCat(kEvents));
        }
        told.ExpectInOrder(kEvents);
        EXPECT_THAT(told.kinds,
                    Each(::testing::AnyOf(Kind::kCreated, Kind::kReplayed)));
        for (uint64_t i = 0; i < kEvents; ++i) {
          EXPECT_EQ(told.positions[i], i);
        }
      }
    }
  }
}

TEST(StreamWriterTest, BreaksOneAfterTheOtherAreEndured) {
  FakeLedgerService service([](uint64_t batch) {
    if (batch % 3 == 1) return Fate::kLoseAck;
    return batch % 3 == 2 ? Fate::kBreakBefore : Fate::kAck;
  });
  Told told;
  StreamWriterOptions options = Quick();
  options.on_outcome = told.Callback();
  EXPECT_THAT(Feed(service, options, Ids(60)), IsOk());
  EXPECT_EQ(service.recorded(), Ids(60));
  EXPECT_EQ(service.cursor(), "60");
  told.ExpectInOrder(60);
}

TEST(StreamWriterTest, AServerThatRestartsIsWaitedFor) {
  FakeLedgerService service;
  StreamWriterOptions options = Quick();
  options.tries_max = 1'000;
  auto writer = StreamWriter::Open(service.address(), options);
  ASSERT_THAT(writer, IsOk());
  for (uint64_t i = 0; i < 40; ++i) {
    if (i == 20) service.Stop();
    if (i == 25) service.Start();
    ASSERT_THAT((*writer)->Add(Event(Id(i)), {.cursor = absl::StrCat(i + 1)}),
                IsOk());
  }
  EXPECT_THAT((*writer)->Finish(), IsOk());
  EXPECT_EQ(service.recorded(), Ids(40));
}

TEST(StreamWriterTest, AServerThatStaysAwayEndsTheWriter) {
  FakeLedgerService service;
  Told told;
  StreamWriterOptions options = Quick();
  options.on_outcome = told.Callback();
  auto writer = StreamWriter::Open(service.address(), options);
  ASSERT_THAT(writer, IsOk());
  service.Stop();
  ASSERT_THAT((*writer)->Add(Event("e0")), IsOk());
  EXPECT_THAT((*writer)->Finish(),
              StatusIs(absl::StatusCode::kUnavailable,
                       HasSubstr("no Daybook server answers")));
  told.ExpectInOrder(1);
  EXPECT_THAT(told.kinds, ElementsAre(Kind::kUnknown));
  EXPECT_THAT(told.statuses[0], StatusIs(absl::StatusCode::kUnavailable));
}

TEST(StreamWriterTest, AServerThatNeverAnsweredIsNotWaitedFor) {
  EXPECT_THAT(StreamWriter::Open("127.0.0.1:1", Quick()),
              StatusIs(absl::StatusCode::kUnavailable));
}

TEST(StreamWriterTest, APermanentErrorOfTheStreamEndsIt) {
  FakeLedgerService service;
  service.SetOpenError({grpc::StatusCode::NOT_FOUND, "ledger: not recorded"});
  EXPECT_THAT(StreamWriter::Open(service.address(), Quick()),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("ledger")));
}

TEST(StreamWriterTest, ARefusedEventStopsNeitherItsNeighboursNorTheCursor) {
  FakeLedgerService service;
  Told told;
  StreamWriterOptions options = Quick();
  options.on_outcome = told.Callback();
  EXPECT_THAT(Feed(service, options, {"e0", "refused1", "e2", "e3"}), IsOk());
  EXPECT_THAT(told.kinds, ElementsAre(Kind::kCreated, Kind::kRefused,
                                      Kind::kCreated, Kind::kCreated));
  EXPECT_THAT(service.recorded(), ElementsAre("e0", "e2", "e3"));
  EXPECT_EQ(service.cursor(), "4");
}

TEST(StreamWriterTest, WhatIsTooEarlyHoldsTheCursorAndEndsTheWriter) {
  FakeLedgerService service;
  Told told;
  StreamWriterOptions options = Quick();
  options.on_outcome = told.Callback();
  std::vector<std::string> ids = Ids(9);
  ids[4] = "early";
  EXPECT_THAT(Feed(service, options, ids),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("stays at '3'")));
  EXPECT_EQ(service.cursor(), "3");
  EXPECT_EQ(told.kinds[4], Kind::kRefused);
  // The batches behind it were not recorded: they expect its cursor.
  EXPECT_THAT(service.recorded(), ElementsAre("e0", "e1", "e2", "e3", "e5"));

  service.Arrive();
  EXPECT_THAT(Feed(service, Quick(), ids), IsOk());
  EXPECT_THAT(service.recorded(), SizeIs(9));
  EXPECT_EQ(service.cursor(), "9");
}

TEST(StreamWriterTest, WhatIsTooEarlyEndsTheWriterAlsoAsTheLastOfAll) {
  FakeLedgerService service;
  EXPECT_THAT(Feed(service, Quick(), {"e0", "early"}),
              StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST(StreamWriterTest, WhatIsTooEarlyMayBeTriedAgain) {
  FakeLedgerService* early = nullptr;
  FakeLedgerService service([&](uint64_t batch) {
    if (batch == 5) early->Arrive();
    return Fate::kAck;
  });
  early = &service;
  Told told;
  StreamWriterOptions options = Quick();
  options.refused_tries_max = options.tries_max = 20;
  options.on_outcome = told.Callback();
  EXPECT_THAT(Feed(service, options, {"e0", "early", "e2", "e3"}), IsOk());
  told.ExpectInOrder(4);
  EXPECT_THAT(service.recorded(), ElementsAre("e0", "e2", "early", "e3"));
}

TEST(StreamWriterTest, WhatIsTooEarlyMayBePassed) {
  FakeLedgerService service;
  Told told;
  StreamWriterOptions options = Quick();
  options.advance_past_retryable = true;
  options.on_outcome = told.Callback();
  EXPECT_THAT(Feed(service, options, {"e0", "early", "e2", "e3"}), IsOk());
  EXPECT_THAT(told.kinds, Contains(Kind::kRefused).Times(1));
  EXPECT_EQ(service.cursor(), "4");
}

TEST(StreamWriterTest, AtomicBatchesEndAtTheFirstRefusalWhenAsked) {
  FakeLedgerService service;
  Told told;
  StreamWriterOptions options = Quick();
  options.atomic = options.end_at_refusal = true;
  options.in_flight_batches_max = 1;
  options.linger = absl::InfiniteDuration();
  options.on_outcome = told.Callback();
  std::vector<std::string> ids = Ids(12);
  ids[4] = "refused";
  EXPECT_THAT(Feed(service, options, ids, /*cursors=*/false),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("1 of 3 events refused")));
  EXPECT_THAT(service.recorded(), ElementsAre("e0", "e1", "e2"));
  EXPECT_EQ(service.batches(), 2u);
  EXPECT_EQ(told.kinds[3], Kind::kNotRecorded);
  EXPECT_EQ(told.kinds[4], Kind::kRefused);
}

TEST(StreamWriterTest, TwoFeedersOfASourceNoticeEachOther) {
  FakeLedgerService service;
  auto writer = StreamWriter::Open(service.address(), Quick());
  ASSERT_THAT(writer, IsOk());
  ASSERT_THAT((*writer)->Add(Event("e0"), {.cursor = "1"}), IsOk());
  ASSERT_THAT((*writer)->Flush(), IsOk());
  service.SetCursor("other");
  ASSERT_THAT((*writer)->Add(Event("e1"), {.cursor = "2"}), IsOk());
  EXPECT_THAT((*writer)->Finish(),
              StatusIs(absl::StatusCode::kAborted,
                       HasSubstr("another one feeds the same source")));
  EXPECT_THAT(service.recorded(), ElementsAre("e0"));
  EXPECT_EQ(service.cursor(), "other");
}

TEST(StreamWriterTest, AddWaitsForRoomAndNoLongerThanItsDeadline) {
  Gate gate;
  FakeLedgerService service([&](uint64_t) {
    gate.Wait();
    return Fate::kAck;
  });
  StreamWriterOptions options = Quick();
  options.in_flight_batches_max = 2;
  auto writer = StreamWriter::Open(service.address(), options);
  ASSERT_THAT(writer, IsOk());
  // Two batches on their way and one being filled.
  for (uint64_t i = 0; i < 9; ++i) {
    ASSERT_THAT((*writer)->Add(Event(Id(i))), IsOk());
  }
  AddOptions at_once;
  at_once.deadline = absl::InfinitePast();
  EXPECT_THAT((*writer)->Add(Event("e9"), at_once),
              StatusIs(absl::StatusCode::kDeadlineExceeded));
  std::thread adds([&] { EXPECT_THAT((*writer)->Add(Event("e9")), IsOk()); });
  gate.Open();
  adds.join();
  EXPECT_THAT((*writer)->Finish(), IsOk());
  EXPECT_EQ(service.recorded(), Ids(10));
}

TEST(StreamWriterTest, BytesOnTheirWayAreBounded) {
  Gate gate;
  FakeLedgerService service([&](uint64_t) {
    gate.Wait();
    return Fate::kAck;
  });
  StreamWriterOptions options = Quick();
  options.batch_events = 1'000;
  options.batch_bytes = options.in_flight_bytes_max = 1 << 20;
  auto writer = StreamWriter::Open(service.address(), options);
  ASSERT_THAT(writer, IsOk());
  v1::EventInput large = Event("large");
  large.mutable_event()->mutable_narrative_section_recorded()->set_text(
      std::string(400'000, 'x'));
  AddOptions at_once;
  at_once.deadline = absl::InfinitePast();
  EXPECT_THAT((*writer)->Add(large, at_once), IsOk());
  EXPECT_THAT((*writer)->Add(large, at_once), IsOk());
  EXPECT_THAT((*writer)->Add(large, at_once),
              StatusIs(absl::StatusCode::kDeadlineExceeded));
  gate.Open();
  EXPECT_THAT((*writer)->Add(large), IsOk());
  EXPECT_THAT((*writer)->Finish(), IsOk());

  large.mutable_event()->mutable_narrative_section_recorded()->set_text(
      std::string(1'100'000, 'x'));
  EXPECT_THAT((*writer)->Add(large),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(StreamWriterTest, AnEventAloneIsSentWhenItLingered) {
  FakeLedgerService service;
  StreamWriterOptions options = Quick();
  options.batch_events = 100;
  Gate told;
  auto writer = StreamWriter::Open(service.address(), options);
  ASSERT_THAT(writer, IsOk());
  AddOptions how;
  how.callback = [&](const EventOutcome&) { told.Open(); };
  ASSERT_THAT((*writer)->Add(Event("e0"), how), IsOk());
  told.Wait();
  EXPECT_THAT((*writer)->Finish(), IsOk());
}

TEST(StreamWriterTest, CallbacksOfTheirOwnComeBeforeTheCommonOne) {
  FakeLedgerService service;
  Told own;
  Told common;
  StreamWriterOptions options = Quick();
  options.on_outcome = common.Callback();
  auto writer = StreamWriter::Open(service.address(), options);
  ASSERT_THAT(writer, IsOk());
  for (uint64_t i = 0; i < 6; ++i) {
    AddOptions how;
    if (i % 2 == 1) how.callback = own.Callback();
    ASSERT_THAT((*writer)->Add(Event(Id(i)), how), IsOk());
  }
  EXPECT_THAT((*writer)->Finish(), IsOk());
  EXPECT_THAT(own.numbers, ElementsAre(1, 3, 5));
  EXPECT_THAT(common.numbers, ElementsAre(0, 2, 4));
}

TEST(StreamWriterTest, ASilentServerIsTakenForGone) {
  FakeLedgerService service(
      [](uint64_t batch) { return batch == 1 ? Fate::kHang : Fate::kAck; });
  StreamWriterOptions options = Quick();
  options.ack_timeout = absl::Milliseconds(100);
  options.tries_max = 100;
  EXPECT_THAT(Feed(service, options, Ids(30)), IsOk());
  EXPECT_EQ(service.recorded(), Ids(30));
}

TEST(StreamWriterTest, CancelEndsAWriterThatWaits) {
  FakeLedgerService service([](uint64_t) { return Fate::kHang; });
  Told told;
  StreamWriterOptions options = Quick();
  options.on_outcome = told.Callback();
  auto writer = StreamWriter::Open(service.address(), options);
  ASSERT_THAT(writer, IsOk());
  std::thread adds([&] {
    absl::Status status;
    for (uint64_t i = 0; status.ok(); ++i)
      status = (*writer)->Add(Event(Id(i)));
    EXPECT_THAT(status, StatusIs(absl::StatusCode::kCancelled));
  });
  while (service.batches() == 0) absl::SleepFor(absl::Milliseconds(1));
  (*writer)->Cancel();
  adds.join();
  EXPECT_THAT((*writer)->Finish(), StatusIs(absl::StatusCode::kCancelled));
  EXPECT_THAT(told.kinds, Each(Kind::kUnknown));
  EXPECT_FALSE(told.kinds.empty());
}

TEST(StreamWriterTest, ACallbackMayCancel) {
  FakeLedgerService service;
  StreamWriter* cancelled = nullptr;
  StreamWriterOptions options = Quick();
  options.on_outcome = [&](const EventOutcome&) { cancelled->Cancel(); };
  auto writer = StreamWriter::Open(service.address(), options);
  ASSERT_THAT(writer, IsOk());
  cancelled = writer->get();
  ASSERT_THAT((*writer)->Add(Event("e0")), IsOk());
  EXPECT_THAT((*writer)->Flush(), StatusIs(absl::StatusCode::kCancelled));
}

TEST(StreamWriterTest, AnAckOfAnotherBatchIsNotTrusted) {
  FakeLedgerService service([](uint64_t) { return Fate::kWrongAck; });
  EXPECT_THAT(Feed(service, Quick(), Ids(3)),
              StatusIs(absl::StatusCode::kInternal));
}

TEST(StreamWriterTest, ABatchThatIsRefusedAsAWholeEndsTheWriter) {
  FakeLedgerService service(
      [](uint64_t batch) { return batch == 1 ? Fate::kError : Fate::kAck; });
  Told told;
  StreamWriterOptions options = Quick();
  options.in_flight_batches_max = 1;
  options.on_outcome = told.Callback();
  EXPECT_THAT(Feed(service, options, Ids(9)),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("inputs: too odd")));
  EXPECT_EQ(told.kinds[2], Kind::kCreated);
  EXPECT_EQ(told.kinds[3], Kind::kNotRecorded);
  EXPECT_THAT(service.recorded(), SizeIs(3));
}

TEST(StreamWriterTest, AWriterThatIsDroppedTellsWhatItOwes) {
  FakeLedgerService service([](uint64_t) { return Fate::kHang; });
  Told told;
  StreamWriterOptions options = Quick();
  options.on_outcome = told.Callback();
  {
    auto writer = StreamWriter::Open(service.address(), options);
    ASSERT_THAT(writer, IsOk());
    for (uint64_t i = 0; i < 5; ++i) {
      ASSERT_THAT((*writer)->Add(Event(Id(i))), IsOk());
    }
  }
  told.ExpectInOrder(5);
}

TEST(StreamWriterTest, OptionsOutOfRangeAreRefused) {
  FakeLedgerService service;
  StreamWriterOptions options = Quick();
  options.batch_events = 4'097;
  EXPECT_THAT(
      StreamWriter::Open(service.address(), options),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("batch_events")));
  options = Quick();
  options.in_flight_bytes_max = 1;
  EXPECT_THAT(StreamWriter::Open(service.address(), options),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("in_flight_bytes_max")));
}

}  // namespace
}  // namespace daybook::client
