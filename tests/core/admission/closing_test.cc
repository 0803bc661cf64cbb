// Closing the books and publishing, as admission decides it.

#include "core/admission/closing.h"

#include <string>

#include "gtest/gtest.h"
#include "tests/core/report/story.h"
#include "tests/support/memory_ledger.h"

namespace daybook::testing {
namespace {

// Answers the code of the only problem; 0 when there is none.
class ClosingTest : public ::testing::Test {
 protected:
  ClosingTest() {
    for (const v1::Entry& entry : Entries({})) {
      if (entry.has_event()) Add({entry.event()});
    }
  }

  int Add(const Fact& fact) {
    v1::EventInput input;
    *input.mutable_event() = fact.event;
    input.mutable_event()->set_event_id("e" + std::to_string(++events_));
    const auto problems = ledger_.Append("book", input);
    EXPECT_LE(problems.size(), 1u);
    return problems.empty() ? 0 : problems[0].code();
  }

  MemoryLedger ledger_{"ledgers/430203"};
  int events_ = 0;
};

TEST_F(ClosingTest, APeriodClosesForwardAlone) {
  EXPECT_EQ(Add(Closed("03-31")), 0);
  EXPECT_EQ(Add(Closed("03-31")), 9);
  EXPECT_EQ(Add(Closed("03-30")), 9);
  EXPECT_EQ(Add(Closed("04-01")), 0);
  EXPECT_EQ(Add(Closed("12-31")), 0);
}

TEST_F(ClosingTest, OnlyClosedDaysAreReopened) {
  EXPECT_EQ(Add(Reopened("01-01")), 9);
  EXPECT_EQ(Add(Closed("03-31")), 0);
  EXPECT_EQ(Add(Reopened("04-01")), 9);
  EXPECT_EQ(Add(Reopened("03-31")), 0);
  EXPECT_EQ(Add(Reopened("01-01")), 0);
  EXPECT_EQ(Add(Reopened("01-01")), 9);
}

TEST_F(ClosingTest, DaysOfAnotherYearAreRefused) {
  Fact closed = Closed("03-31");
  closed.event.mutable_period_closed()->mutable_through()->set_year(2025);
  EXPECT_EQ(Add(closed), 3);
  closed.event.mutable_period_closed()->mutable_through()->set_month(13);
  EXPECT_EQ(Add(closed), 3);
  closed.event.mutable_period_closed()->clear_through();
  EXPECT_EQ(Add(closed), 3);
}

TEST_F(ClosingTest, AReopeningSaysWhy) {
  ASSERT_EQ(Add(Closed("03-31")), 0);
  Fact reopened = Reopened("03-01");
  reopened.event.mutable_period_reopened()->clear_correction();
  EXPECT_EQ(Add(reopened), 3);
}

TEST_F(ClosingTest, APublicationIsOfAVersionThatThereIs) {
  const uint64_t next = ledger_.entries().size();
  Fact published = Published("12-31", next);
  published.event.mutable_report_published()->set_projection_version(999);
  EXPECT_EQ(Add(published), 3);
  published.event.mutable_report_published()->set_projection_version(1);
  EXPECT_EQ(Add(published), 0);
}

TEST_F(ClosingTest, AReportIsPublishedAtASizeThatItHad) {
  const uint64_t opened = ledger_.entries().size() - 1;
  const uint64_t next = ledger_.entries().size();
  EXPECT_EQ(Add(Published("12-31", opened)), 11);
  EXPECT_EQ(Add(Published("12-31", next + 1)), 11);
  EXPECT_EQ(Add(Published("12-31", opened + 1)), 0);
  EXPECT_EQ(Add(Published("12-31", next)), 0);
  Fact other_year = Published("12-31", next);
  other_year.event.mutable_report_published()->mutable_as_of()->set_year(2023);
  EXPECT_EQ(Add(other_year), 3);
}

}  // namespace
}  // namespace daybook::testing
