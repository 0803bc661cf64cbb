// A source's feed is one stream: who takes over, and from whom.

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/ledger/event_stream.h"
#include "tests/services/ledger/stream_caller.h"
#include "tests/services/service_fixture.h"

namespace daybook::services {
namespace {

using grpc::StatusCode;
using ::testing::HasSubstr;

class ExclusiveStreamTest : public ServiceTest {
 protected:
  ExclusiveStreamTest() { EXPECT_TRUE(Append(Opening()).ok()); }

  std::string Cursor() {
    grpc::ClientContext context;
    v1::GetSourceProgressRequest request;
    request.set_ledger(kLedger);
    request.set_source(kSource);
    v1::SourceProgress progress;
    EXPECT_TRUE(v1::LedgerService::NewStub(channel_)
                    ->GetSourceProgress(&context, request, &progress)
                    .ok());
    return progress.cursor();
  }
};

TEST_F(ExclusiveStreamTest, FeedThatWasKilledIsOverBeforeTheNextBegins) {
  constexpr int rounds = 20;
  for (int round = 0; round < rounds; ++round) {
    Stream killed(channel_);
    ASSERT_TRUE(killed.OpenFeed());
    for (int i = 0; i < 20; ++i) {
      Batch batch;
      for (int k = 0; k < 50; ++k) {
        batch.inputs.push_back(
            Spent(absl::StrCat(round, "-", i, "-", k), "2024-03-15", 1));
      }
      batch.cursor = absl::StrCat(round, " ", i);
      ASSERT_TRUE(killed.Send(batch));
    }
    killed.context_.TryCancel();
    Stream next(channel_);
    ASSERT_TRUE(next.OpenFeed());
    absl::SleepFor(absl::Milliseconds(10));
    EXPECT_EQ(Cursor(), next.opened_.cursor());
    next.context_.TryCancel();
    killed.Close();
    next.Close();
  }
}

TEST_F(ExclusiveStreamTest, LaterFeedEndsTheEarlierOneAndNoOtherStream) {
  Stream other(channel_);
  ASSERT_TRUE(other.Open());
  Stream elsewhere(channel_);
  ASSERT_TRUE(elsewhere.Open("elsewhere", kLedger, true));
  Stream earlier(channel_);
  ASSERT_TRUE(earlier.OpenFeed());
  ASSERT_TRUE(
      earlier.Send({.inputs = {Spent("a", "2024-03-15", 1)}, .cursor = "a"}));
  EXPECT_TRUE(earlier.Ack().cursor_kept());
  Stream later(channel_);
  ASSERT_TRUE(later.OpenFeed());
  EXPECT_EQ(later.opened_.cursor(), "a");
  EXPECT_EQ(earlier.Ack().correlation_id(), 0u);
  const grpc::Status ended = earlier.Close();
  EXPECT_EQ(ended.error_code(), StatusCode::ABORTED);
  EXPECT_THAT(ended.error_message(), HasSubstr("a later stream feeds source"));
  for (Stream* stream : {&other, &elsewhere, &later}) {
    EXPECT_EQ(stream->SendAndAck({{Spent("b", "2024-03-15", 1)}}).level(),
              v1::ACK_LEVEL_DURABLE);
    EXPECT_TRUE(stream->Close().ok());
  }
}

}  // namespace
}  // namespace daybook::services
