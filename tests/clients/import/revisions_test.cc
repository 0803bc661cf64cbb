// RevisionWriter against a real server: what becomes of a row that is recorded,
// changes, goes and comes back, and of two importers of one row.

#include "clients/import/revisions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "clients/cpp/client.h"
#include "tests/services/service_fixture.h"
#include "tests/support/status_matchers.h"

namespace daybook::importer {
namespace {

using services::kLedger;
using services::kReport;
using services::kSource;
using services::Spent;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::IsOk;
using Kind = RowOutcome::Kind;

class RevisionsTest : public services::ServiceTest {
 protected:
  // Nothing here needs to read personal data.
  RevisionsTest() : ServiceTest(false, services::Rights()), client_(server_->address()) {
    EXPECT_TRUE(Append(services::Opening()).ok());
  }

  RevisionWriter Writer() {
    return RevisionWriter(client_, {kLedger, kSource, std::nullopt, false});
  }

  // A row of so many fen on a day, as a table states it.
  static v1::EventInput Row(int64_t fen,
                            const std::string& day = "2024-03-15") {
    return Spent("", day, fen);
  }

  RowOutcome Replace(const v1::EventInput& wanted) {
    RevisionWriter writer = Writer();
    auto outcome = writer.Replace("K", wanted);
    EXPECT_THAT(outcome, IsOk());
    return *std::move(outcome);
  }

  RowOutcome Remove() {
    RevisionWriter writer = Writer();
    auto outcome = writer.Remove("K");
    EXPECT_THAT(outcome, IsOk());
    return *std::move(outcome);
  }

  // Ids of the events behind the opening ones.
  std::vector<std::string> Ids() {
    std::vector<std::string> ids;
    for (uint64_t position = 3;; ++position) {
      v1::Entry entry;
      if (!FindEntry(position, entry)) return ids;
      ids.push_back(entry.event().event_id());
    }
  }

  bool FindEntry(uint64_t position, v1::Entry& entry) {
    v1::GetEventRequest request;
    request.set_ledger(kLedger);
    request.set_position(position);
    v1::StoredEntry stored;
    return GetEvent(request, &stored).ok() &&
           entry.ParseFromString(stored.entry());
  }

  // Of all that holds, in fen.
  std::string Executed() {
    v1::GetReportRequest request;
    request.set_name(kReport);
    request.mutable_as_of()->set_year(2024);
    request.mutable_as_of()->set_month(12);
    request.mutable_as_of()->set_day(31);
    v1::Report report;
    EXPECT_TRUE(GetReport(request, &report).ok());
    for (const v1::Figure& figure : report.figures()) {
      if (figure.path() == "all.executed") {
        return absl::StrCat(figure.value().amount_fen());
      }
    }
    return "absent";
  }

  void CloseMarch() {
    v1::EventInput closed;
    closed.mutable_event()->set_event_id("closed");
    closed.mutable_event()->set_subject(kReport);
    v1::Date& last =
        *closed.mutable_event()->mutable_period_closed()->mutable_through();
    last.set_year(2024);
    last.set_month(3);
    last.set_day(31);
    ASSERT_TRUE(Append({closed}).ok());
  }

  client::Client client_;
};

TEST(RevisionIdTest, IdsNameKeyAndNumber) {
  EXPECT_EQ(RevisionId("K", 2), "K#2");
  EXPECT_EQ(ReversalId("K", 2), "K#2~");
  const auto revision = ParseRevisionId("a#b#12");
  ASSERT_TRUE(revision.has_value());
  EXPECT_EQ(revision->key, "a#b");
  EXPECT_EQ(revision->number, 12);
  for (const char* other : {"K", "#1", "K#", "K#0", "K#01", "K#1~", "K#-1"}) {
    EXPECT_FALSE(ParseRevisionId(other).has_value()) << other;
  }
}

TEST(StatesTheSameTest, IdsAndCorrectionsDoNotCount) {
  const v1::Event wanted = Spent("", "2024-03-15", 100).event();
  v1::Event recorded = Spent("K#1", "2024-03-15", 100).event();
  recorded.mutable_correction()->set_reason("late");
  recorded.mutable_replaces()->set_event_id("K#0");
  EXPECT_TRUE(StatesTheSame(recorded, wanted));
  EXPECT_FALSE(StatesTheSame(Spent("K#1", "2024-03-15", 101).event(), wanted));
  EXPECT_FALSE(StatesTheSame(Spent("K#1", "2024-03-16", 100).event(), wanted));
}

TEST_F(RevisionsTest, ARowIsRecordedOnce) {
  EXPECT_EQ(Replace(Row(100)).kind, Kind::kCreated);
  EXPECT_EQ(Replace(Row(100)).kind, Kind::kReplayed);
  EXPECT_THAT(Ids(), ElementsAre("K#1"));
}

TEST_F(RevisionsTest, ARowThatChangedReplacesWhatItWas) {
  Replace(Row(100));
  const RowOutcome outcome = Replace(Row(250));
  EXPECT_EQ(outcome.kind, Kind::kCorrected);
  ASSERT_TRUE(outcome.before.has_value());
  EXPECT_EQ(outcome.before->expenditure_recorded().amount_fen(), 100);
  EXPECT_THAT(Ids(), ElementsAre("K#1", "K#1~", "K#2"));
  v1::Entry entry;
  ASSERT_TRUE(FindEntry(5, entry));
  EXPECT_EQ(entry.event().replaces().event_id(), "K#1");
  EXPECT_EQ(Executed(), "250");
}

TEST_F(RevisionsTest, ARowThatIsAsItWasIsARevisionOfItsOwn) {
  Replace(Row(100));
  Replace(Row(250));
  EXPECT_EQ(Replace(Row(100)).kind, Kind::kCorrected);
  EXPECT_THAT(Ids(), ElementsAre("K#1", "K#1~", "K#2", "K#2~", "K#3"));
  EXPECT_EQ(Executed(), "100");
}

TEST_F(RevisionsTest, WhatOnlyItsPersonalDataTellsApartIsAChange) {
  Replace(services::WithPayee(Row(100), "张三"));
  EXPECT_EQ(Replace(services::WithPayee(Row(100), "张三")).kind,
            Kind::kReplayed);
  EXPECT_EQ(Replace(services::WithPayee(Row(100), "李四")).kind,
            Kind::kCorrected);
  EXPECT_EQ(Replace(Row(100)).kind, Kind::kCorrected);
  EXPECT_EQ(Replace(Row(100)).kind, Kind::kReplayed);
  EXPECT_EQ(Replace(services::WithPayee(Row(100), "李四")).kind,
            Kind::kCorrected);
  EXPECT_EQ(Executed(), "100");
}

TEST_F(RevisionsTest, WhatIsErasedIsNoChangeWhateverTheRowSays) {
  Replace(services::WithPayee(Row(100), "张三"));
  ASSERT_TRUE(Append({services::Erased("erased", "K#1")}).ok());
  EXPECT_EQ(Replace(services::WithPayee(Row(100), "李四")).kind,
            Kind::kReplayed);
  EXPECT_EQ(Replace(Row(100)).kind, Kind::kReplayed);
}

TEST_F(RevisionsTest, ARowThatIsGoneIsReversedOnceAndMayComeBack) {
  EXPECT_EQ(Remove().kind, Kind::kAbsent);
  Replace(Row(100));
  const RowOutcome outcome = Remove();
  EXPECT_EQ(outcome.kind, Kind::kDeleted);
  ASSERT_TRUE(outcome.before.has_value());
  EXPECT_EQ(Executed(), "0");
  EXPECT_EQ(Remove().kind, Kind::kAbsent);
  const RowOutcome back = Replace(Row(100));
  EXPECT_EQ(back.kind, Kind::kCorrected);
  EXPECT_FALSE(back.before.has_value());
  EXPECT_THAT(Ids(), ElementsAre("K#1", "K#1~", "K#2"));
  EXPECT_EQ(Executed(), "100");
}

TEST_F(RevisionsTest, ARegistrationIsReplacedWithoutAReversal) {
  v1::EventInput wanted = services::DepartmentRegistered("");
  EXPECT_EQ(Replace(wanted).kind, Kind::kCreated);
  wanted.mutable_event()->mutable_department_registered()->set_name("残联本级");
  EXPECT_EQ(Replace(wanted).kind, Kind::kCorrected);
  EXPECT_EQ(Replace(wanted).kind, Kind::kReplayed);
  EXPECT_THAT(Ids(), ElementsAre("K#1", "K#2"));
}

TEST_F(RevisionsTest, ARowThatIsRefusedSaysWhyAndLeavesAllAsItWas) {
  Replace(Row(100));
  const RowOutcome outcome = Replace(Row(0));
  EXPECT_EQ(outcome.kind, Kind::kRejected);
  ASSERT_FALSE(outcome.problems.empty());
  EXPECT_THAT(Ids(), ElementsAre("K#1"));
  EXPECT_EQ(Executed(), "100");
}

TEST_F(RevisionsTest, AClosedDayTakesACorrectionAlone) {
  Replace(Row(100));
  CloseMarch();
  const RowOutcome refused = Replace(Row(250));
  EXPECT_EQ(refused.kind, Kind::kRejected);
  EXPECT_TRUE(AsksForCorrection(refused.problems));
  v1::Correction correction;
  correction.set_reason("漏记");
  correction.set_approver("财政局");
  RevisionWriter writer(client_, {kLedger, kSource, correction, false});
  const auto outcome = writer.Replace("K", Row(250));
  ASSERT_THAT(outcome, IsOk());
  EXPECT_EQ(outcome->kind, Kind::kCorrected);
  EXPECT_EQ(Executed(), "250");
}

TEST_F(RevisionsTest, WhatIsOnlyValidatedIsForetoldAndNotRecorded) {
  RevisionWriter writer(client_, {kLedger, kSource, std::nullopt, true});
  EXPECT_EQ(writer.Replace("K", Row(100))->kind, Kind::kCreated);
  EXPECT_EQ(writer.Replace("K", Row(0))->kind, Kind::kRejected);
  EXPECT_THAT(Ids(), IsEmpty());
  Replace(Row(100));
  EXPECT_EQ(writer.Replace("K", Row(250))->kind, Kind::kCorrected);
  EXPECT_EQ(writer.Remove("K")->kind, Kind::kDeleted);
  EXPECT_EQ(Executed(), "100");
}

// Both find the row as it was, or one finds what the other recorded: it is
// recorded once, and one of them says that it did.
TEST_F(RevisionsTest, OfTwoWithTheSameRowsOneRecordsEach) {
  constexpr int kRows = 25;
  int corrected[2] = {};
  int deleted[2] = {};
  const auto import = [&](size_t importer, int64_t fen) {
    RevisionWriter writer = Writer();
    for (int row = 0; row < kRows; ++row) {
      const std::string key = absl::StrCat("K", row);
      const auto outcome = writer.Replace(key, Row(fen + row));
      ASSERT_THAT(outcome, IsOk());
      if (outcome->kind == Kind::kCorrected) ++corrected[importer];
    }
  };
  const auto remove = [&](size_t importer) {
    RevisionWriter writer = Writer();
    for (int row = 0; row < kRows; ++row) {
      const auto outcome = writer.Remove(absl::StrCat("K", row));
      ASSERT_THAT(outcome, IsOk());
      if (outcome->kind == Kind::kDeleted) ++deleted[importer];
    }
  };
  import(0, 100);
  std::thread other([&] { import(1, 1'000); });
  import(0, 1'000);
  other.join();
  EXPECT_EQ(corrected[0] + corrected[1], kRows);
  EXPECT_EQ(Ids().size(), size_t{3 * kRows});
  other = std::thread([&] { remove(1); });
  remove(0);
  other.join();
  EXPECT_EQ(deleted[0] + deleted[1], kRows);
  EXPECT_EQ(Ids().size(), size_t{4 * kRows});
  EXPECT_EQ(Executed(), "0");
}

}  // namespace
}  // namespace daybook::importer
