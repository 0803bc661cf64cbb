// What LedgerEngine promises of many callers: gapless positions, each event
// once, a bounded queue, and no more appends after a write that failed.

#include <sys/resource.h>

#include <csignal>
#include <set>
#include <thread>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/engine/ledger_engine.h"
#include "tests/services/engine/engine_fixture.h"

namespace daybook::services {
namespace {

using absl::StatusCode;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using AppendQueueTest = EngineTest;

TEST_F(AppendQueueTest, ConcurrentWritersGetGaplessPositionsEachOnce) {
  constexpr int writers = 8;
  constexpr int appends = 50;
  Append(Opening());
  std::vector<std::vector<uint64_t>> positions(writers);
  std::vector<std::thread> threads;
  for (int writer = 0; writer < writers; ++writer) {
    threads.emplace_back([&, writer] {
      for (int i = 0; i < appends; ++i) {
        // Every event is offered by two writers: one of them records it.
        const std::string id = absl::StrCat(writer / 2, "-", i);
        const AppendOutcome outcome =
            Append({Spent(id, "2024-03-15", 100 + i)});
        positions[static_cast<size_t>(writer)].push_back(
            outcome.results.at(0).position());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();

  std::set<uint64_t> all;
  for (size_t writer = 0; writer < writers; writer += 2) {
    EXPECT_EQ(positions[writer], positions[writer + 1]);
    all.insert(positions[writer].begin(), positions[writer].end());
  }
  EXPECT_EQ(all.size(), size_t{writers / 2 * appends});
  EXPECT_EQ(*all.begin(), 3u);
  EXPECT_EQ(*all.rbegin(), 2u + writers / 2 * appends);
  EXPECT_EQ(engine_->size().value(), 3u + writers / 2 * appends);
  const std::string before = ReportBytes();
  Reopen();
  EXPECT_EQ(ReportBytes(), before);
}

TEST_F(AppendQueueTest, RefusedBatchLeavesOthersOfItsGroupAlone) {
  Append(Opening());
  clock_.Hold();
  std::thread leader([&] { Append({Spent("a", "2024-03-15", 1)}); });
  clock_.AwaitCaller();
  std::thread refused([&] {
    EXPECT_EQ(Refused({Spent("b", "2024-03-15", 1), Reversed("r", "none")}),
              StatusCode::kNotFound);
  });
  std::thread recorded([&] { Append({Spent("c", "2024-03-15", 1)}); });
  // Time for both to queue up behind the leader, and so to form one group. The
  // outcome is the same without it.
  absl::SleepFor(absl::Milliseconds(100));
  clock_.Release();
  leader.join();
  refused.join();
  recorded.join();
  EXPECT_EQ(engine_->size(), LogSize(5));
  EXPECT_EQ(*engine_->FindEvent(kSource, "b"), std::nullopt);
  EXPECT_EQ(*engine_->FindEvent(kSource, "c"), Position(4));
}

TEST_F(AppendQueueTest, FullQueueIsExhausted) {
  Append(Opening());
  Reopen({.writer = {.queued_commands_max = 1}});
  clock_.Hold();
  std::thread leader([&] { Append({Spent("a", "2024-03-15", 1)}); });
  clock_.AwaitCaller();
  const auto turned_away = TryAppend({Spent("b", "2024-03-15", 1)});
  EXPECT_EQ(turned_away.status().code(), StatusCode::kResourceExhausted);
  EXPECT_THAT(std::string(turned_away.status().message()), HasSubstr("retry"));
  clock_.Release();
  leader.join();
  EXPECT_THAT(Results(Append({Spent("b", "2024-03-15", 1)})),
              ElementsAre("created 4"));
}

TEST_F(AppendQueueTest, QueueIsBoundedInBytesToo) {
  Append(Opening());
  Reopen({.writer = {.queued_bytes_max = 100}});
  clock_.Hold();
  // A lone command is let in whatever its size.
  std::thread leader([&] {
    Append({WithPayee(Spent("a", "2024-03-15", 1), std::string(200, 'x'))});
  });
  clock_.AwaitCaller();
  EXPECT_EQ(TryAppend({Spent("b", "2024-03-15", 1)}).status().code(),
            StatusCode::kResourceExhausted);
  clock_.Release();
  leader.join();
}

TEST_F(AppendQueueTest, GroupsOfOneWorkToo) {
  Append(Opening());
  Reopen({.writer = {.group_events_max = 1, .group_bytes_max = 1}});
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] {
      Append({Spent(absl::StrCat(i), "2024-03-15", 1),
              Spent(absl::StrCat(i, "b"), "2024-03-15", 1)});
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(engine_->size(), LogSize(11));
}

// Makes every write of this process that would make a file longer than a few
// bytes fail, as a full disk does.
class FullDisk {
 public:
  FullDisk() {
    std::signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before_);
    rlimit full = before_;
    full.rlim_cur = 1;
    setrlimit(RLIMIT_FSIZE, &full);
  }
  ~FullDisk() { setrlimit(RLIMIT_FSIZE, &before_); }

 private:
  rlimit before_ = {};
};

TEST_F(AppendQueueTest, AfterAFailedWriteNothingIsRecordedUntilReopened) {
  Append(Opening());
  {
    const FullDisk full;
    EXPECT_EQ(TryAppend({Spent("a", "2024-03-15", 1)}).status().code(),
              StatusCode::kUnavailable);
  }
  const auto stopped = TryAppend({Spent("b", "2024-03-15", 1)});
  EXPECT_EQ(stopped.status().code(), StatusCode::kUnavailable);
  EXPECT_THAT(std::string(stopped.status().message()), HasSubstr("restart"));
  EXPECT_EQ(engine_->size(), LogSize(3));
  EXPECT_EQ(EntryAt(2).event().event_id(), "report");

  Reopen();
  Append({Spent("a", "2024-03-15", 1), Spent("b", "2024-03-15", 1)});
  EXPECT_EQ(engine_->size(), LogSize(5));
}

}  // namespace
}  // namespace daybook::services
