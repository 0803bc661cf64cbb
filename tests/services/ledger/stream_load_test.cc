// A made-up year through the client's StreamWriter into a real server: what is
// recorded, refused and repeated is exactly what the load says.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "clients/cpp/stream_writer.h"
#include "tests/services/service_fixture.h"
#include "tests/support/load.h"
#include "tests/support/status_matchers.h"

namespace daybook::services {
namespace {

using client::EventOutcome;
using testing::IsOk;
using testing::Load;
using testing::LoadEvent;
using testing::LoadKind;
using testing::LoadOptions;
using Kind = EventOutcome::Kind;

class StreamLoadTest : public ServiceTest {
 protected:
  static LoadOptions Options() {
    LoadOptions options;
    options.ledger = kLedger;
    options.departments = 12;
    options.events = 6'000;
    options.refused = 60;
    options.personal_data = true;
    return options;
  }

  client::StreamWriterOptions WriterOptions(
      client::OutcomeCallback told) const {
    client::StreamWriterOptions options;
    options.ledger = kLedger;
    options.source = Options().source;
    options.batch_events = 100;
    options.advance_past_retryable = true;
    options.on_outcome = std::move(told);
    return options;
  }
};

Kind Expected(LoadKind kind) {
  switch (kind) {
    case LoadKind::kDuplicate:
      return Kind::kReplayed;
    case LoadKind::kRefusedPermanent:
    case LoadKind::kRefusedRetryable:
      return Kind::kRefused;
    default:
      return Kind::kCreated;
  }
}

TEST_F(StreamLoadTest, OutcomesAreThoseThatTheLoadSays) {
  std::vector<LoadKind> kinds;
  uint64_t told = 0;
  // Read once the writer has finished.
  std::vector<Kind> outcomes;
  std::vector<bool> retryable;
  auto writer = client::StreamWriter::Open(
      server_->address(), WriterOptions([&](const EventOutcome& outcome) {
        EXPECT_EQ(outcome.number, told++);
        outcomes.push_back(outcome.kind);
        retryable.push_back(outcome.refusal != nullptr &&
                            outcome.refusal->problems(0).retryable());
      }));
  ASSERT_THAT(writer, IsOk());
  Load load(Options());
  LoadEvent event;
  while (load.Next(event)) {
    kinds.push_back(event.kind);
    ASSERT_THAT(
        (*writer)->Add(event.input, {.cursor = absl::StrCat(kinds.size())}),
        IsOk());
  }
  ASSERT_THAT((*writer)->Finish(), IsOk());
  ASSERT_EQ(outcomes.size(), kinds.size());
  for (size_t i = 0; i < kinds.size(); ++i) {
    EXPECT_EQ(outcomes[i], Expected(kinds[i])) << i;
    EXPECT_EQ(retryable[i], kinds[i] == LoadKind::kRefusedRetryable) << i;
  }
  EXPECT_EQ((*writer)->cursor(), absl::StrCat(kinds.size()));
}

TEST_F(StreamLoadTest, FedAgainItIsAllThere) {
  for (const Kind expected : {Kind::kCreated, Kind::kReplayed}) {
    std::map<Kind, uint64_t> outcomes;
    client::StreamWriterOptions options = WriterOptions(
        [&](const EventOutcome& outcome) { ++outcomes[outcome.kind]; });
    auto writer = client::StreamWriter::Open(server_->address(), options);
    ASSERT_THAT(writer, IsOk());
    LoadOptions clean = Options();
    clean.refused = clean.duplicates = 0;
    Load load(clean);
    LoadEvent event;
    while (load.Next(event)) {
      ASSERT_THAT((*writer)->Add(event.input), IsOk());
    }
    ASSERT_THAT((*writer)->Finish(), IsOk());
    EXPECT_EQ(outcomes[expected], load.total());
    EXPECT_EQ(outcomes.size(), 1u);
  }
}

}  // namespace
}  // namespace daybook::services
