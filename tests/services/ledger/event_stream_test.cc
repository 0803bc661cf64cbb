// StreamEvents over a connection: acks, cursors, refusals, and every way that a
// stream ends.

#include "services/ledger/event_stream.h"

#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/services/ledger/stream_caller.h"
#include "tests/services/service_fixture.h"

namespace daybook::services {
namespace {

using grpc::StatusCode;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// "created 3", "replayed 3", "refused 0", "none 0".
std::vector<std::string> Outcomes(const v1::BatchAck& ack) {
  std::vector<std::string> outcomes;
  EXPECT_EQ(ack.outcomes_size(), ack.positions_size());
  for (int i = 0; i < ack.outcomes_size(); ++i) {
    constexpr const char* names[] = {"?", "created", "replayed", "refused",
                                     "none"};
    outcomes.push_back(
        absl::StrCat(names[ack.outcomes(i)], " ", ack.positions(i)));
  }
  return outcomes;
}

class EventStreamTest : public ServiceTest {
 protected:
  EventStreamTest() { EXPECT_TRUE(Append(Opening()).ok()); }

  v1::SourceProgress Progress(const std::string& source = kSource) {
    grpc::ClientContext context;
    v1::GetSourceProgressRequest request;
    request.set_ledger(kLedger);
    request.set_source(source);
    v1::SourceProgress progress;
    EXPECT_TRUE(v1::LedgerService::NewStub(channel_)
                    ->GetSourceProgress(&context, request, &progress)
                    .ok());
    return progress;
  }

  v1::ListRefusalsResponse Refusals(int page_size,
                                    const std::string& token = "") {
    grpc::ClientContext context;
    v1::ListRefusalsRequest request;
    request.set_ledger(kLedger);
    request.set_source(kSource);
    request.set_page_size(page_size);
    request.set_page_token(token);
    v1::ListRefusalsResponse response;
    EXPECT_TRUE(v1::LedgerService::NewStub(channel_)
                    ->ListRefusals(&context, request, &response)
                    .ok());
    return response;
  }
};

TEST_F(EventStreamTest, BatchesAreAckedInOrderWithoutWaiting) {
  Stream stream(channel_);
  ASSERT_TRUE(stream.Open());
  EXPECT_EQ(stream.opened_.created(), 2u);
  constexpr int batches = 50;
  for (int i = 0; i < batches; ++i) {
    ASSERT_TRUE(stream.Send({{Spent(absl::StrCat(i, "-a"), "2024-03-15", 1),
                              Spent(absl::StrCat(i, "-b"), "2024-03-15", 1)}}));
  }
  for (int i = 0; i < batches; ++i) {
    const v1::BatchAck ack = stream.Ack();
    EXPECT_THAT(Outcomes(ack),
                ElementsAre(absl::StrCat("created ", 3 + 2 * i),
                            absl::StrCat("created ", 4 + 2 * i)));
    EXPECT_EQ(ack.level(), v1::ACK_LEVEL_DURABLE);
    EXPECT_GE(ack.size(), static_cast<uint64_t>(5 + 2 * i));
  }
  EXPECT_TRUE(stream.Close().ok());
  EXPECT_EQ(Progress().created(), 2u + 2 * batches);
}

TEST_F(EventStreamTest, RefusedEventLeavesItsNeighboursAlone) {
  Stream stream(channel_);
  ASSERT_TRUE(stream.Open());
  const v1::BatchAck ack = stream.SendAndAck(
      {{Spent("a", "2024-03-15", 1), Spent("b", "2024-03-15", 0),
        Reversed("r", "unknown"), Spent("c", "2024-03-15", 1)}});
  EXPECT_THAT(Outcomes(ack),
              ElementsAre("created 3", "refused 0", "refused 0", "created 4"));
  ASSERT_EQ(ack.refusals_size(), 2);
  EXPECT_EQ(ack.refusals(0).index(), 1u);
  EXPECT_FALSE(ack.refusals(0).problems(0).retryable());
  EXPECT_EQ(ack.refusals(1).event_id(), "r");
  EXPECT_TRUE(ack.refusals(1).problems(0).retryable());
  EXPECT_THAT(Outcomes(stream.SendAndAck({{Spent("d", "2024-03-15", 1)}})),
              ElementsAre("created 5"));
}

TEST_F(EventStreamTest, AtomicBatchIsAllOrNothing) {
  Stream stream(channel_);
  ASSERT_TRUE(stream.Open());
  const Inputs bad = {Spent("a", "2024-03-15", 1), Spent("b", "2024-03-15", 0)};
  const v1::BatchAck ack =
      stream.SendAndAck({.inputs = bad, .cursor = "1", .atomic = true});
  EXPECT_THAT(Outcomes(ack), ElementsAre("none 0", "refused 0"));
  EXPECT_FALSE(ack.cursor_kept());
  EXPECT_THAT(Outcomes(stream.SendAndAck(
                  {.inputs = {Spent("a", "2024-03-15", 1)}, .atomic = true})),
              ElementsAre("created 3"));
}

TEST_F(EventStreamTest, ReplayedEventsSayWhetherTheyStillHold) {
  Stream stream(channel_);
  ASSERT_TRUE(stream.Open());
  const Inputs two = {Spent("a", "2024-03-15", 1), Spent("b", "2024-03-15", 1)};
  stream.SendAndAck({two});
  EXPECT_THAT(stream.SendAndAck({two}).reversed(), IsEmpty());
  stream.SendAndAck({{Reversed("r", "b")}});
  const v1::BatchAck ack = stream.SendAndAck({two});
  EXPECT_THAT(Outcomes(ack), ElementsAre("replayed 3", "replayed 4"));
  EXPECT_THAT(ack.reversed(), ElementsAre(1));
}

TEST_F(EventStreamTest, CursorMovesWithItsBatchAndGuardsAgainstTwoFeeders) {
  Stream stream(channel_);
  ASSERT_TRUE(stream.Open());
  EXPECT_EQ(stream.opened_.cursor(), "");
  v1::BatchAck ack = stream.SendAndAck({.inputs = {Spent("a", "2024-03-15", 1)},
                                        .cursor = "line 1",
                                        .previous = ""});
  EXPECT_TRUE(ack.cursor_kept());
  EXPECT_EQ(ack.cursor(), "line 1");
  // The other feeder does not know of it.
  ack = stream.SendAndAck({.inputs = {Spent("b", "2024-03-15", 1)},
                           .cursor = "line 1b",
                           .previous = ""});
  EXPECT_EQ(ack.error().code(), static_cast<int>(StatusCode::ABORTED));
  EXPECT_THAT(ack.error().message(), HasSubstr("line 1"));
  EXPECT_EQ(ack.cursor(), "line 1");
  EXPECT_EQ(ack.outcomes_size(), 0);
  // A batch without events moves the cursor alone.
  ack = stream.SendAndAck({.inputs = {}, .cursor = "x", .previous = "line 1"});
  EXPECT_TRUE(ack.cursor_kept());
  EXPECT_EQ(Progress().cursor(), "x");
  Stream later(channel_);
  ASSERT_TRUE(later.Open());
  EXPECT_EQ(later.opened_.cursor(), "x");
  EXPECT_EQ(later.opened_.last_event().event_id(), "a");
}

TEST_F(EventStreamTest, RetryableRefusalHoldsTheCursorUnlessToldOtherwise) {
  Stream stream(channel_);
  ASSERT_TRUE(stream.Open());
  const Inputs early = {Reversed("r", "a")};
  v1::BatchAck ack = stream.SendAndAck({.inputs = early, .cursor = "1"});
  EXPECT_FALSE(ack.cursor_kept());
  EXPECT_EQ(ack.cursor(), "");
  ack = stream.SendAndAck({.inputs = early, .cursor = "1", .advance = true});
  EXPECT_TRUE(ack.cursor_kept());
  // What can never be accepted does not hold it up.
  ack = stream.SendAndAck(
      {.inputs = {Spent("z", "2024-03-15", 0)}, .cursor = "2"});
  EXPECT_TRUE(ack.cursor_kept());
}

TEST_F(EventStreamTest, BadBatchesAreAnsweredAndTheStreamGoesOn) {
  Stream stream(channel_);
  ASSERT_TRUE(stream.Open());
  EXPECT_EQ(stream.SendAndAck({}).error().code(),
            static_cast<int>(StatusCode::INVALID_ARGUMENT));
  const Inputs many(AppendCommand::events_max + 1, Spent("a", "2024-03-15", 1));
  EXPECT_EQ(stream.SendAndAck({many}).error().code(),
            static_cast<int>(StatusCode::INVALID_ARGUMENT));
  const v1::BatchAck ack =
      stream.SendAndAck({.inputs = {}, .cursor = std::string(257, 'x')});
  EXPECT_THAT(ack.error().message(), HasSubstr("256"));
  EXPECT_EQ(stream.SendAndAck({.inputs = {}, .cursor = "a\nb"}).error().code(),
            static_cast<int>(StatusCode::INVALID_ARGUMENT));
  EXPECT_THAT(Outcomes(stream.SendAndAck({{Spent("a", "2024-03-15", 1)}})),
              ElementsAre("created 3"));
  EXPECT_TRUE(stream.Close().ok());
  // They are kept, the last first, and by their own count.
  const v1::ListRefusalsResponse page = Refusals(10);
  EXPECT_EQ(page.refused_total(), 4u);
  ASSERT_EQ(page.refusals_size(), 4);
  EXPECT_EQ(page.refusals(2).batch().events(), 4'097u);
  EXPECT_EQ(page.refusals(2).batch().code(), StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(page.refusals(3).batch().message(), HasSubstr("inputs"));
  EXPECT_EQ(Progress().refused_batches(), 4u);
  EXPECT_EQ(Progress().created(), 3u);
}

TEST_F(EventStreamTest, RefusalsThatDoNotFitAreListedInShort) {
  Stream stream(channel_);
  ASSERT_TRUE(stream.Open());
  Inputs bad;
  for (size_t i = 0; i < AppendCommand::events_max; ++i) {
    bad.push_back(Reversed(absl::StrCat(i, "-", std::string(58, 'x')),
                           std::string(64, 'y')));
    bad.back().mutable_event()->clear_subject();
    bad.back().mutable_event()->mutable_reversal()->clear_target_event_id();
    bad.back().mutable_event()->mutable_correction();
  }
  const v1::BatchAck ack = stream.SendAndAck({bad});
  ASSERT_EQ(ack.refusals_size(), static_cast<int>(bad.size()));
  EXPECT_NE(ack.refusals(0).problems(0).message(), "");
  EXPECT_EQ(ack.refusals().rbegin()->problems(0).message(), "");
  EXPECT_NE(ack.refusals().rbegin()->problems(0).field(), "");
  EXPECT_LT(ack.ByteSizeLong(), size_t{3} << 20);
}

TEST_F(EventStreamTest, StreamsThatAreNoStreamsAreRefused) {
  Stream other(channel_);
  EXPECT_FALSE(other.Open(kSource, "ledgers/9"));
  EXPECT_EQ(other.Close().error_code(), StatusCode::NOT_FOUND);
  Stream nobody(channel_);
  EXPECT_FALSE(nobody.Open(""));
  EXPECT_EQ(nobody.Close().error_code(), StatusCode::INVALID_ARGUMENT);
  Stream early(channel_);
  EXPECT_TRUE(early.Send({{Spent("a", "2024-03-15", 1)}}));
  EXPECT_EQ(early.Ack().correlation_id(), 0u);
  EXPECT_EQ(early.Close().error_code(), StatusCode::INVALID_ARGUMENT);
  Stream silent(channel_);
  EXPECT_EQ(silent.Close().error_code(), StatusCode::INVALID_ARGUMENT);
  Stream twice(channel_);
  ASSERT_TRUE(twice.Open());
  EXPECT_FALSE(twice.Open());
  EXPECT_EQ(twice.Close().error_code(), StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(Progress().created(), 2u);
}

TEST_F(EventStreamTest, CancelledStreamKeepsWhatWasRecorded) {
  {
    Stream stream(channel_);
    ASSERT_TRUE(stream.Open());
    stream.SendAndAck({{Spent("a", "2024-03-15", 1)}});
    ASSERT_TRUE(stream.Send({{Spent("b", "2024-03-15", 1)}}));
    stream.context_.TryCancel();
    EXPECT_EQ(stream.Close().error_code(), StatusCode::CANCELLED);
  }
  // Either it was recorded or it was not; a retry records it once.
  Stream stream(channel_);
  ASSERT_TRUE(stream.Open());
  const v1::BatchAck ack = stream.SendAndAck(
      {{Spent("a", "2024-03-15", 1), Spent("b", "2024-03-15", 1)}});
  EXPECT_EQ(ack.outcomes(0), v1::STREAM_OUTCOME_REPLAYED);
  EXPECT_EQ(ack.positions(1), 4u);
}

TEST_F(EventStreamTest, DeadlineEndsAStream) {
  Stream stream(channel_, absl::Milliseconds(300));
  ASSERT_TRUE(stream.Open());
  EXPECT_EQ(stream.Ack().correlation_id(), 0u);
  EXPECT_EQ(stream.call_->Finish().error_code(), StatusCode::DEADLINE_EXCEEDED);
}

TEST_F(EventStreamTest, ServerThatShutsDownAcksWhatItTook) {
  Stream stream(channel_);
  ASSERT_TRUE(stream.Open());
  Stream idle(channel_);
  ASSERT_TRUE(idle.Open("idle"));
  constexpr int batches = 20;
  for (int i = 0; i < batches; ++i) {
    ASSERT_TRUE(
        stream.Send({.inputs = {Spent(absl::StrCat(i), "2024-03-15", 1)},
                     .cursor = absl::StrCat(i)}));
  }
  std::thread shutdown([this] { server_->Shutdown(absl::Seconds(60)); });
  std::string cursor;
  while (true) {
    const v1::BatchAck ack = stream.Ack();
    if (ack.correlation_id() == 0) break;
    cursor = ack.cursor();
  }
  EXPECT_EQ(stream.Close().error_code(), StatusCode::UNAVAILABLE);
  EXPECT_EQ(idle.Close().error_code(), StatusCode::UNAVAILABLE);
  shutdown.join();
  auto log = directory_->OpenLedger(kLedgerId);
  ASSERT_TRUE(log.ok());
  // No event is recorded that was not acked.
  const uint64_t acked = cursor.empty() ? 0 : std::stoull(cursor) + 1;
  EXPECT_EQ((*log)->size().value(), 3 + acked);
}

TEST_F(EventStreamTest, StuckReaderOfAcksStopsItsOwnStreamAlone) {
  // Otherwise acks by the thousand fit into what the transport takes.
  grpc::ChannelArguments narrow;
  narrow.SetInt(GRPC_ARG_HTTP2_BDP_PROBE, 0);
  narrow.SetInt(GRPC_ARG_HTTP2_STREAM_LOOKAHEAD_BYTES, 1'024);
  Stream stuck(grpc::CreateCustomChannel(
      server_->address(), grpc::InsecureChannelCredentials(), narrow));
  ASSERT_TRUE(stuck.Open("stuck", kLedger, true));
  std::atomic<int> sent = 0;
  std::thread writer([&] {
    const std::string text(2'000, 'x');
    for (int i = 0; i < 100'000; ++i) {
      Inputs inputs;
      for (int k = 0; k < 200; ++k) {
        inputs.push_back(
            WithPayee(Spent(absl::StrCat(i, "-", k), "2024-03-15", 1),
                      text.substr(1'600)));
      }
      if (!stuck.Send({inputs})) return;
      ++sent;
    }
  });
  // Until nothing is taken any more.
  for (int before = -1; before != sent || before == 0;) {
    before = sent;
    absl::SleepFor(absl::Milliseconds(500));
  }
  Stream other(channel_);
  ASSERT_TRUE(other.Open("other"));
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(other.SendAndAck({{Spent(absl::StrCat(i), "2024-03-15", 1)}})
                  .outcomes_size(),
              1);
  }
  EXPECT_TRUE(Append({Spent("unary", "2024-03-15", 1)}).ok());
  // Who takes its place does not wait for it either.
  Stream next(channel_);
  EXPECT_TRUE(next.Open("stuck", kLedger, true));
  // Its own transport may hold its writer, as long as nobody reads.
  stuck.context_.TryCancel();
  writer.join();
  EXPECT_EQ(stuck.call_->Finish().error_code(), StatusCode::CANCELLED);
}

TEST_F(EventStreamTest, TooManyStreamsAreTurnedAway) {
  std::vector<std::unique_ptr<Stream>> streams;
  std::vector<std::shared_ptr<grpc::Channel>> channels;
  for (size_t i = 0; i < EventStreams::streams_max; ++i) {
    if (i % 64 == 0) {
      grpc::ChannelArguments arguments;
      arguments.SetInt("channel", static_cast<int>(i));
      channels.push_back(grpc::CreateCustomChannel(
          server_->address(), grpc::InsecureChannelCredentials(), arguments));
    }
    streams.push_back(std::make_unique<Stream>(channels.back()));
    ASSERT_TRUE(streams.back()->Open());
  }
  Stream further(channel_);
  EXPECT_FALSE(further.Open());
  EXPECT_EQ(further.Close().error_code(), StatusCode::RESOURCE_EXHAUSTED);
  streams.back()->Close();
}

TEST_F(EventStreamTest, RefusalsAreKeptNewestFirstWithWhoAndWhen) {
  EXPECT_EQ(Append({Spent("zero", "2024-03-15", 0)}).error_code(),
            StatusCode::INVALID_ARGUMENT);
  Stream stream(channel_);
  ASSERT_TRUE(stream.Open());
  stream.SendAndAck({{Reversed("r1", "none"), Reversed("r2", "none")}});
  v1::ListRefusalsResponse page = Refusals(2);
  EXPECT_EQ(page.refused_total(), 3u);
  ASSERT_EQ(page.refusals_size(), 2);
  EXPECT_EQ(page.refusals(0).refusal().event_id(), "r2");
  EXPECT_EQ(page.refusals(0).number(), 2u);
  EXPECT_EQ(page.refusals(0).principal(), "local");
  EXPECT_EQ(page.refusals(0).subject(), kReport);
  EXPECT_GT(page.refusals(0).time().seconds(), 0);
  page = Refusals(2, page.next_page_token());
  ASSERT_EQ(page.refusals_size(), 1);
  EXPECT_EQ(page.refusals(0).refusal().event_id(), "zero");
  EXPECT_EQ(page.next_page_token(), "");
  EXPECT_EQ(Progress().refused_retryable(), 2u);
  EXPECT_EQ(Progress().refused_permanent(), 1u);
}

TEST_F(EventStreamTest, OldRefusalsMakeRoom) {
  Stream stream(channel_);
  ASSERT_TRUE(stream.Open());
  Inputs bad;
  for (int i = 0; i < 3'000; ++i) {
    bad.push_back(Spent(absl::StrCat(i), "2024-03-15", 0));
  }
  stream.SendAndAck({bad});
  stream.SendAndAck({bad});
  size_t listed = 0;
  uint64_t last = 0;
  std::string token;
  do {
    const v1::ListRefusalsResponse page = Refusals(1'000, token);
    EXPECT_EQ(page.refused_total(), 6'000u);
    listed += static_cast<size_t>(page.refusals_size());
    if (page.refusals_size() > 0) last = page.refusals().rbegin()->number();
    token = page.next_page_token();
  } while (!token.empty());
  EXPECT_EQ(listed, 4'096u);
  EXPECT_EQ(last, 6'000u - 4'096u);
}

TEST_F(EventStreamTest, SourcesAreListedInOrderWithTheirTimes) {
  for (const char* source : {"c", "a", "b"}) {
    Stream stream(channel_);
    ASSERT_TRUE(stream.Open(source));
    v1::EventInput input = Spent("x", "2024-03-15", 1);
    input.mutable_event()->mutable_source_recorded_time()->set_seconds(
        absl::ToUnixSeconds(clock_.Now()) - 5);
    stream.SendAndAck({{input}});
  }
  std::vector<std::string> names;
  v1::ListSourcesRequest request;
  request.set_ledger(kLedger);
  request.set_page_size(2);
  do {
    grpc::ClientContext context;
    v1::ListSourcesResponse page;
    ASSERT_TRUE(v1::LedgerService::NewStub(channel_)
                    ->ListSources(&context, request, &page)
                    .ok());
    for (const v1::SourceProgress& source : page.sources()) {
      names.push_back(source.source());
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_THAT(names, ElementsAre("a", "b", kSource, "c"));
  EXPECT_GE(Progress("a").lag().seconds(), 4);
  EXPECT_GE(Progress("a").idle().seconds(), 0);
  EXPECT_FALSE(Progress("never").has_idle());
  EXPECT_EQ(Progress("never").created(), 0u);
}

TEST(EventStreamsTest, WhatIsParkedIsBoundedButOneMayAlwaysWait) {
  EventStreams streams;
  constexpr size_t all = EventStreams::parked_bytes_max;
  EXPECT_TRUE(streams.Park(2 * all));
  EXPECT_FALSE(streams.Park(1));
  streams.Unpark(2 * all);
  EXPECT_TRUE(streams.Park(all - 1));
  EXPECT_TRUE(streams.Park(1));
  EXPECT_FALSE(streams.Park(1));
  streams.Unpark(all);
  EXPECT_TRUE(streams.Park(1));
}

}  // namespace
}  // namespace daybook::services
