// CompareReports, and the explanation of differences, over a connection: the
// events that made each, between days, sizes and reports.

#include "services/report/compare_reports.h"

#include <map>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/budget/fiscal_date.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/services/report/report_history_fixture.h"

namespace daybook::services {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST_F(ReportHistoryTest, AComparisonNamesTheEventsThatMadeEachDifference) {
  ASSERT_TRUE(Append({Approved("b", "2024-01-01", 1'000),
                      Spent("a", "2024-03-15", 100)})
                  .ok());
  const uint64_t filed = 5;
  ASSERT_TRUE(
      Append({Spent("late", "2024-02-01", 30), Spent("next", "2024-06-01", 1)})
          .ok());
  const auto response = Compare(At("2024-03-31", filed), At("2024-03-31", 0));
  std::map<std::string, v1::FigureDifference> found;
  for (const auto& difference : response.differences()) {
    found[difference.path()] = difference;
  }
  const v1::FigureDifference& executed = found["all.executed"];
  EXPECT_EQ(executed.before().amount_fen(), 100);
  EXPECT_EQ(executed.after().amount_fen(), 130);
  ASSERT_EQ(executed.events_size(), 1);
  EXPECT_EQ(executed.events(0).event_id(), "late");
  EXPECT_EQ(executed.events(0).side(), v1::EventRow::SIDE_AFTER);
  EXPECT_EQ(executed.events(0).principal(), "local");
  EXPECT_FALSE(found.contains("all.approved"));
  // The other way round the event is taken away.
  const auto back = Compare(At("2024-03-31", 0), At("2024-03-31", filed));
  for (const auto& difference : back.differences()) {
    if (difference.path() != "all.executed") continue;
    EXPECT_EQ(difference.events(0).side(), v1::EventRow::SIDE_BEFORE);
    EXPECT_EQ(difference.events(0).amount_fen(), -30);
  }
  EXPECT_THAT(Compare(At("2024-03-31", 0), At("2024-03-31", 0)).differences(),
              IsEmpty());
}

TEST_F(ReportHistoryTest, EventsOfADifferenceAddUpToItOnBothAxes) {
  RecordRandomYear(21, 300);
  std::mt19937_64 random(22);
  int checked = 0;
  for (int round = 0; round < 10; ++round) {
    const auto place = [&] {
      return At(FormatDay(absl::CivilDay(2024, 1, 1) +
                          static_cast<int>(random() % 366)),
                4 + random() % 300);
    };
    const v1::Coordinates after = place();
    const v1::Coordinates before = place();
    const auto compared = Compare(before, after);
    for (const auto& difference : compared.differences()) {
      v1::ExplainFigureRequest request;
      *request.mutable_coordinates() = after;
      *request.mutable_compared_with() = before;
      request.set_figure(difference.path());
      request.set_page_size(17);
      const auto explained = ExplainAll(request);
      if (explained.explanation().kind() != v1::Explanation::KIND_EVENTS) {
        continue;
      }
      EXPECT_EQ(
          explained.leaves(0).total_fen(),
          difference.after().amount_fen() - difference.before().amount_fen())
          << difference.path();
      ++checked;
    }
  }
  EXPECT_GT(checked, 50);
}

TEST_F(ReportHistoryTest, AFundThatIsOpenedLaterBringsItsOlderEvents) {
  v1::EventInput spent = Spent("lottery", "2024-03-15", 5'000);
  spent.mutable_event()
      ->mutable_expenditure_recorded()
      ->mutable_line()
      ->set_fund(v1::FUND_GOVERNMENT_FUND);
  v1::EventInput both = ReportOpened("again");
  both.mutable_event()->mutable_report_opened()->add_funds(
      v1::FUND_GOVERNMENT_FUND);
  ASSERT_TRUE(Append({spent, both}).ok());
  for (const bool opened_after : {true, false}) {
    const v1::Coordinates before = At("2024-12-31", opened_after ? 4 : 5);
    const v1::Coordinates after = At("2024-12-31", opened_after ? 5 : 4);
    const int sign = opened_after ? 1 : -1;
    bool found = false;
    const auto compared = Compare(before, after);
    for (const auto& difference : compared.differences()) {
      if (difference.path() != "all.executed") continue;
      found = true;
      ASSERT_EQ(difference.events_size(), 2);
      EXPECT_EQ(difference.events(0).event_id(), "lottery");
      EXPECT_EQ(difference.events(0).amount_fen(), sign * 5'000);
      EXPECT_EQ(difference.events(1).event_id(), "again");
    }
    EXPECT_TRUE(found);
    v1::ExplainFigureRequest request;
    *request.mutable_coordinates() = after;
    *request.mutable_compared_with() = before;
    request.set_figure("all.executed");
    request.set_page_size(1);
    ExplainAll(request);
  }
}

TEST_F(ReportHistoryTest, TwoReportsAreComparedWithTheEventsOfBoth) {
  ASSERT_TRUE(Append({ReportOpened("open23", kReport2023)}).ok());
  v1::EventInput other_line = Spent("b", "2023-05-01", 40);
  other_line.mutable_event()
      ->mutable_expenditure_recorded()
      ->mutable_line()
      ->set_unit("u");
  ASSERT_TRUE(Append({Spent("a", "2023-03-01", 30), other_line,
                      Spent("c", "2024-04-01", 100)})
                  .ok());
  v1::Coordinates before;
  before.set_name(kReport2023);
  *before.mutable_as_of() = ToDate(absl::CivilDay(2023, 12, 30));
  const auto compared = Compare(before, At("2024-12-31", 0));
  bool found = false;
  for (const auto& difference : compared.differences()) {
    if (difference.path() != "all.executed") continue;
    found = true;
    std::vector<std::string> events;
    int64_t sum = 0;
    for (const v1::EventRow& event : difference.events()) {
      events.push_back(absl::StrCat(event.event_id(), " ", event.amount_fen()));
      sum += event.amount_fen();
    }
    EXPECT_THAT(events, ElementsAre("a -30", "b -40", "c 100"));
    EXPECT_EQ(sum, difference.after().amount_fen() -
                       difference.before().amount_fen());
  }
  EXPECT_TRUE(found);
}

TEST_F(ReportHistoryTest, AFigureOfOneSideAloneIsBlankOnTheOther) {
  v1::EventInput visits;
  visits.mutable_event()->set_event_id("visits");
  visits.mutable_event()->set_subject(kReport);
  *visits.mutable_event()->mutable_effective_date() =
      ToDate(absl::CivilDay(2024, 6, 1));
  v1::ActivityRecorded& activity =
      *visits.mutable_event()->mutable_activity_recorded();
  activity.set_activity("visits");
  activity.set_label("走访");
  activity.mutable_quantity()->mutable_value()->set_unscaled(7);
  activity.mutable_quantity()->set_unit("次");
  activity.set_qualifier(v1::ActivityRecorded::QUALIFIER_EXACT);
  ASSERT_TRUE(Append({visits}).ok());
  v1::ExplainFigureRequest request;
  request.set_figure("activity[visits]");
  *request.mutable_coordinates() = At("2024-12-31", 3);
  *request.mutable_compared_with() = At("2024-12-31", 4);
  const auto explained = ExplainAll(request);
  ASSERT_EQ(explained.events_size(), 1);
  EXPECT_EQ(explained.events(0).side(), v1::EventRow::SIDE_BEFORE);
  *request.mutable_compared_with() = At("2024-12-31", 3);
  grpc::ClientContext context;
  v1::ExplainFigureResponse response;
  EXPECT_EQ(stub_->ExplainFigure(&context, request, &response).error_code(),
            grpc::StatusCode::NOT_FOUND);
}

}  // namespace
}  // namespace daybook::services
