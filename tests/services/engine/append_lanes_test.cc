// AppendQueue: who gets into the next group.

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/engine/append_queue.h"

namespace daybook::services {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// A command of so many events and bytes.
PreparedBatch Command(const std::string& source, size_t events,
                      size_t bytes = 1) {
  PreparedBatch batch;
  batch.command.source = source;
  batch.events.resize(events);
  batch.bytes = bytes;
  return batch;
}

class AppendLanesTest : public ::testing::Test {
 protected:
  // Their names are the order of their making.
  AppendTicket& Push(const std::string& source, size_t events = 1,
                     size_t bytes = 1) {
    tickets_.push_back(
        std::make_unique<AppendTicket>(Command(source, events, bytes)));
    queue_.Push(*tickets_.back());
    return *tickets_.back();
  }

  std::vector<size_t> Take(size_t events_max, size_t bytes_max = 1'000) {
    std::vector<size_t> taken;
    for (const AppendTicket* ticket : queue_.TakeGroup(events_max, bytes_max)) {
      for (size_t i = 0; i < tickets_.size(); ++i) {
        if (tickets_[i].get() == ticket) taken.push_back(i);
      }
    }
    return taken;
  }

  AppendQueue queue_;
  std::vector<std::unique_ptr<AppendTicket>> tickets_;
};

TEST_F(AppendLanesTest, SourcesTakeTurnsAndEachKeepsItsOrder) {
  for (int i = 0; i < 4; ++i) Push("bulk", 100);
  Push("cashier");
  Push("other");
  EXPECT_THAT(Take(202), ElementsAre(0, 4, 5, 1));
  EXPECT_THAT(Take(202), ElementsAre(2, 3));
  EXPECT_THAT(Take(202), IsEmpty());
}

TEST_F(AppendLanesTest, OneCommandIsTakenWhateverItsSize) {
  Push("a", 500, 5'000);
  Push("a", 1);
  EXPECT_THAT(Take(10), ElementsAre(0));
  EXPECT_THAT(Take(10), ElementsAre(1));
}

TEST_F(AppendLanesTest, BytesBoundAGroupToo) {
  Push("a", 1, 600);
  Push("b", 1, 600);
  EXPECT_THAT(Take(10), ElementsAre(0));
  EXPECT_THAT(Take(10), ElementsAre(1));
}

TEST_F(AppendLanesTest, WhatWasNotTakenCanBeWithdrawn) {
  AppendTicket& first = Push("a", 1, 10);
  AppendTicket& second = Push("a", 1, 20);
  AppendTicket& third = Push("b", 1, 30);
  EXPECT_THAT(Take(1), ElementsAre(0));
  EXPECT_FALSE(queue_.Withdraw(first));
  EXPECT_TRUE(queue_.Withdraw(second));
  EXPECT_FALSE(queue_.Withdraw(second));
  EXPECT_EQ(queue_.commands(), 2u);
  EXPECT_EQ(queue_.bytes(), 40u);
  queue_.Release(first);
  EXPECT_EQ(queue_.bytes(), 30u);
  EXPECT_TRUE(queue_.Withdraw(third));
  EXPECT_TRUE(queue_.empty());
  EXPECT_EQ(queue_.commands(), 0u);
}

}  // namespace
}  // namespace daybook::services
