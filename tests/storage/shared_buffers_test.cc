// Which log makes room in the write buffers that all logs share.

#include "storage/shared_buffers.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/shared_resources.h"
#include "tests/storage/event_log_fixture.h"

namespace daybook::storage {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr size_t kBytes = 1'000;

class SharedBuffersTest : public ::testing::Test {
 protected:
  // A log by its name, which tells when it is flushed.
  std::unique_ptr<SharedBuffers::Share> Open(const std::string& name) {
    return std::make_unique<SharedBuffers::Share>(buffers_, [this, name] {
      flushed_.push_back(name);
      return idle_;
    });
  }

  // As RocksDB does when a database has so much more in memory.
  void Hold(size_t bytes) { buffers_.manager()->ReserveMem(bytes); }

  ~SharedBuffersTest() override {
    const size_t held = buffers_.manager()->memory_usage();
    buffers_.manager()->ScheduleFreeMem(held);
    buffers_.manager()->FreeMem(held);
  }

  SharedBuffers buffers_{kBytes};
  std::vector<std::string> flushed_;
  // Whether the log that is asked is not being written to.
  bool idle_ = true;
};

TEST_F(SharedBuffersTest, NobodyIsFlushedWhileThereIsRoom) {
  const auto a = Open("a");
  const auto b = Open("b");
  Hold(kBytes / 4 * 3 - 1);
  a->Wrote();
  b->Wrote();
  EXPECT_THAT(flushed_, IsEmpty());
  Hold(1);
  b->Wrote();
  EXPECT_THAT(flushed_, ElementsAre("a"));
}

TEST_F(SharedBuffersTest, WhoWasNotWrittenToForTheLongestTimeIsFlushedFirst) {
  const auto a = Open("a");
  const auto b = Open("b");
  const auto c = Open("c");
  for (const auto* log : {&a, &b, &c, &a}) (*log)->Wrote();
  Hold(kBytes);
  c->Wrote();
  c->Wrote();
  EXPECT_THAT(flushed_, ElementsAre("b", "a"));
}

TEST_F(SharedBuffersTest, ALogIsFlushedOnceUntilItIsWrittenToAgain) {
  const auto a = Open("a");
  const auto never_written = Open("never written");
  const auto b = Open("b");
  a->Wrote();
  Hold(kBytes);
  for (int i = 0; i < 3; ++i) b->Wrote();
  EXPECT_THAT(flushed_, ElementsAre("a"));
  a->Wrote();
  EXPECT_THAT(flushed_, ElementsAre("a", "b"));
  b->Wrote();
  EXPECT_THAT(flushed_, ElementsAre("a", "b", "a"));
}

TEST_F(SharedBuffersTest, ALogThatWasBusyIsAskedAgain) {
  const auto a = Open("a");
  const auto b = Open("b");
  a->Wrote();
  Hold(kBytes);
  idle_ = false;
  b->Wrote();
  idle_ = true;
  b->Wrote();
  b->Wrote();
  EXPECT_THAT(flushed_, ElementsAre("a", "a"));
}

TEST_F(SharedBuffersTest, ALogThatIsClosedIsNotAsked) {
  auto a = Open("a");
  const auto b = Open("b");
  a->Wrote();
  Hold(kBytes);
  a.reset();
  b->Wrote();
  EXPECT_THAT(flushed_, IsEmpty());
}

// Logs that rest do not make another one flush what little it has: each
// write-ahead log that it begins has a new number.
class RestingLogsTest : public EventLogTest {
 protected:
  static constexpr size_t kBufferBytes = size_t{8} << 20;

  // Opens so many logs and appends so many long entries to each.
  void OpenResting(int logs, size_t entries) {
    shared_ = std::make_unique<SharedResources>(size_t{1} << 20, kBufferBytes);
    for (int i = 0; i < logs; ++i) {
      options_.directory = parent_.path() / absl::StrCat("resting", i);
      auto opened = TryOpen();
      ASSERT_TRUE(opened.ok()) << opened.status();
      resting_.push_back(*std::move(opened));
      if (entries == 0) continue;
      const std::vector<std::string> all(entries, std::string(60'000, 'x'));
      ASSERT_TRUE(resting_.back()->Append(LogSize(0), all, {}).ok());
    }
    options_.directory = parent_.path() / "written";
    auto opened = TryOpen();
    ASSERT_TRUE(opened.ok()) << opened.status();
    log_ = *std::move(opened);
  }

  void ExpectAppendsWithoutFlush() {
    // What is being flushed counts until that is done.
    const auto& manager = shared_->impl().write_buffers.manager();
    while (manager->memory_usage() > manager->mutable_memtable_memory_usage()) {
      absl::SleepFor(absl::Milliseconds(1));
    }
    Append("first");
    const std::filesystem::path newest = NewestFile(".log");
    for (int i = 0; i < 100; ++i) Append("entry");
    EXPECT_EQ(NewestFile(".log"), newest);
    log_.reset();
  }

  std::vector<std::unique_ptr<EventLog>> resting_;
};

TEST_F(RestingLogsTest, LogsThatHoldAllThereIsMakeRoom) {
  constexpr size_t kEntries = 24;
  OpenResting(8, kEntries);
  ExpectAppendsWithoutFlush();
  for (const auto& log : resting_) {
    EXPECT_EQ(log->size(), LogSize(kEntries));
    EXPECT_TRUE(log->Read(Position(kEntries - 1)).ok());
  }
  resting_.clear();
}

}  // namespace
}  // namespace daybook::storage
