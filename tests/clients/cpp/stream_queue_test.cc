// StreamQueue: how events become batches, how much may wait, and what a batch
// says about the cursor before and after a connection broke.

#include "clients/cpp/stream_queue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/support/status_matchers.h"

namespace daybook::client {
namespace {

using ::daybook::testing::IsOk;
using ::daybook::testing::StatusIs;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// Batches of two events and 100 bytes; two of them, and 200 bytes, may wait.
constexpr StreamQueueLimits kLimits = {2, 100, 2, 200};

class StreamQueueTest : public ::testing::Test {
 protected:
  // Adds the next event: "e0", "e1" …
  void Add(std::optional<std::string> cursor = std::nullopt,
           size_t bytes = 10) {
    ASSERT_TRUE(queue_.HasRoom(bytes));
    v1::EventInput input;
    input.mutable_event()->set_event_id(absl::StrCat("e", queue_.added()));
    queue_.Add(std::move(input), bytes, std::move(cursor), nullptr);
  }

  // What is sent from now on, each as "e0 e1", with "a>" before it when the
  // source must stand at a, and ">b" behind it when it moves it to b.
  std::vector<std::string> Sent() {
    std::vector<std::string> sent;
    while (const auto next = queue_.NextToSend()) {
      const v1::StreamBatch& batch = next->request.batch();
      std::string text;
      if (batch.has_previous_cursor()) {
        text = absl::StrCat(batch.previous_cursor(), "> ");
      }
      for (const v1::EventInput& input : batch.inputs()) {
        absl::StrAppend(&text, input.event().event_id(), " ");
      }
      if (batch.has_cursor()) absl::StrAppend(&text, ">", batch.cursor());
      sent.push_back(text);
    }
    return sent;
  }

  // An ack that fits the batch that was sent first.
  v1::BatchAck Ack() const {
    v1::BatchAck ack;
    const v1::StreamBatch& batch = queue_.Front()->request.batch();
    ack.set_correlation_id(batch.correlation_id());
    for (int i = 0; i < batch.inputs_size(); ++i) {
      ack.add_outcomes(v1::STREAM_OUTCOME_CREATED);
      ack.add_positions(static_cast<uint64_t>(i));
    }
    return ack;
  }

  StreamQueue queue_{kLimits, {}};
};

TEST_F(StreamQueueTest, AFullBatchIsMadeAndOneThatFillsIsNot) {
  ASSERT_THAT(queue_.Resume(""), IsOk());
  EXPECT_TRUE(queue_.empty());
  Add();
  EXPECT_FALSE(queue_.empty());
  EXPECT_THAT(Sent(), IsEmpty());
  EXPECT_TRUE(queue_.CanSeal());
  Add();
  EXPECT_FALSE(queue_.CanSeal());
  EXPECT_THAT(Sent(), ElementsAre("e0 e1 "));
  EXPECT_TRUE(queue_.awaits_ack());
  Add();
  EXPECT_EQ(queue_.sealed(), 2u);
  queue_.Seal();
  EXPECT_EQ(queue_.sealed(), 3u);
  EXPECT_THAT(Sent(), ElementsAre("e2 "));
}

TEST_F(StreamQueueTest, AnEventThatDoesNotFitBeginsTheNextBatch) {
  ASSERT_THAT(queue_.Resume(""), IsOk());
  Add(std::nullopt, 60);
  Add(std::nullopt, 41);
  EXPECT_THAT(Sent(), ElementsAre("e0 "));
  queue_.Seal();
  EXPECT_THAT(Sent(), ElementsAre("e1 "));
}

TEST_F(StreamQueueTest, EventsThatJustFitShareABatch) {
  ASSERT_THAT(queue_.Resume(""), IsOk());
  Add(std::nullopt, 60);
  Add(std::nullopt, 40);
  EXPECT_THAT(Sent(), ElementsAre("e0 e1 "));
}

TEST_F(StreamQueueTest, OneEventAlwaysHasRoomAndNoMoreThanItsBytesDo) {
  EXPECT_TRUE(queue_.HasRoom(1'000));
  Add(std::nullopt, 150);
  EXPECT_TRUE(queue_.HasRoom(50));
  EXPECT_FALSE(queue_.HasRoom(51));
}

TEST_F(StreamQueueTest, AFullQueueHasRoomOnceABatchIsAnswered) {
  ASSERT_THAT(queue_.Resume(""), IsOk());
  for (int i = 0; i < 6; ++i) Add();
  // Two batches wait, and a third is full.
  EXPECT_FALSE(queue_.HasRoom(1));
  EXPECT_THAT(Sent(), SizeIs(2));
  queue_.Pop("");
  EXPECT_TRUE(queue_.HasRoom(1));
  EXPECT_EQ(queue_.answered(), 2u);
  // What waited for a place has one.
  EXPECT_THAT(Sent(), ElementsAre("e4 e5 "));
}

TEST_F(StreamQueueTest, ABatchWithACursorSaysWhereTheSourceStandsBefore) {
  ASSERT_THAT(queue_.Resume("start"), IsOk());
  Add("1");
  Add("2");
  Add("3");
  queue_.Seal();
  EXPECT_THAT(Sent(), ElementsAre("start> e0 e1 >2", "2> e2 >3"));
  EXPECT_EQ(queue_.cursor(), "start");
  queue_.Pop("2");
  EXPECT_EQ(queue_.cursor(), "2");
}

TEST_F(StreamQueueTest, ABatchWithoutACursorIsNotGuarded) {
  ASSERT_THAT(queue_.Resume("start"), IsOk());
  Add();
  Add();
  Add("3");
  queue_.Seal();
  EXPECT_THAT(Sent(), ElementsAre("e0 e1 ", "start> e2 >3"));
}

TEST_F(StreamQueueTest, WhereNothingWasRecordedAllIsSentAgain) {
  ASSERT_THAT(queue_.Resume(""), IsOk());
  Add("1");
  Add("2");
  Add("3");
  queue_.Seal();
  const std::vector<std::string> first = Sent();
  EXPECT_THAT(queue_.Resume(""), IsOk());
  EXPECT_FALSE(queue_.awaits_ack());
  EXPECT_EQ(Sent(), first);
}

TEST_F(StreamQueueTest, WhatWasRecordedUnansweredIsOfferedWithoutItsCursor) {
  ASSERT_THAT(queue_.Resume(""), IsOk());
  Add("1");
  Add("2");
  Add("3");
  queue_.Seal();
  EXPECT_THAT(Sent(), ElementsAre("> e0 e1 >2", "2> e2 >3"));
  ASSERT_THAT(queue_.Resume("2"), IsOk());
  EXPECT_THAT(Sent(), ElementsAre("2> e0 e1 ", "2> e2 >3"));
  ASSERT_THAT(queue_.Resume("3"), IsOk());
  EXPECT_THAT(Sent(), ElementsAre("3> e0 e1 ", "3> e2 "));
}

TEST_F(StreamQueueTest, AnotherFeederOfTheSourceIsNoticed) {
  // Where it stands at first is nobody's doing.
  ASSERT_THAT(queue_.Resume("there"), IsOk());
  Add("1");
  queue_.Seal();
  EXPECT_THAT(queue_.Resume("elsewhere"),
              StatusIs(absl::StatusCode::kAborted,
                       AllOf(HasSubstr("'elsewhere'"), HasSubstr("'there'"),
                             HasSubstr("Stop one of them"))));
}

TEST_F(StreamQueueTest, AnAckMustBeOfTheBatchThatIsNext) {
  ASSERT_THAT(queue_.Resume(""), IsOk());
  EXPECT_THAT(queue_.CheckAck({}),
              StatusIs(absl::StatusCode::kInternal, HasSubstr("never sent")));
  for (int i = 0; i < 4; ++i) Add();
  EXPECT_THAT(Sent(), SizeIs(2));
  EXPECT_THAT(queue_.CheckAck(Ack()), IsOk());
  v1::BatchAck other = Ack();
  other.set_correlation_id(1);
  EXPECT_THAT(queue_.CheckAck(other), StatusIs(absl::StatusCode::kInternal,
                                               HasSubstr("batch 0 is next")));
  v1::BatchAck fewer = Ack();
  fewer.mutable_positions()->RemoveLast();
  EXPECT_THAT(queue_.CheckAck(fewer),
              StatusIs(absl::StatusCode::kInternal, HasSubstr("1 positions")));
  // Of one that was not decided there are none.
  v1::BatchAck error;
  error.mutable_error()->set_code(3);
  EXPECT_THAT(queue_.CheckAck(error), IsOk());
}

TEST_F(StreamQueueTest, CallbacksStandWhereTheirEventsDo) {
  ASSERT_THAT(queue_.Resume(""), IsOk());
  Add();
  int called = 0;
  queue_.Add({}, 1, std::nullopt, [&](const EventOutcome&) { ++called; });
  const auto batch = queue_.NextToSend();
  ASSERT_THAT(batch->callbacks, SizeIs(2));
  EXPECT_EQ(batch->callbacks[0], nullptr);
  batch->callbacks[1]({});
  EXPECT_EQ(called, 1);
}

TEST_F(StreamQueueTest, WhoGivesUpGetsAllThatIsNotAnswered) {
  ASSERT_THAT(queue_.Resume(""), IsOk());
  for (int i = 0; i < 3; ++i) Add();
  EXPECT_THAT(Sent(), SizeIs(1));
  const auto all = queue_.TakeAll();
  ASSERT_THAT(all, SizeIs(2));
  EXPECT_EQ(all[0]->first_number, 0u);
  EXPECT_EQ(all[1]->first_number, 2u);
  EXPECT_TRUE(queue_.empty());
  EXPECT_FALSE(queue_.awaits_ack());
  EXPECT_EQ(queue_.answered(), queue_.added());
}

TEST(StreamQueueMannerTest, EachBatchSaysWhatItDoesWithRefusals) {
  StreamQueue queue(kLimits, {.atomic = true, .advance_past_retryable = true});
  queue.Add({}, 1, std::nullopt, nullptr);
  queue.Seal();
  const auto batch = queue.NextToSend();
  EXPECT_TRUE(batch->request.batch().atomic());
  EXPECT_TRUE(batch->request.batch().advance_past_retryable());
}

}  // namespace
}  // namespace daybook::client
