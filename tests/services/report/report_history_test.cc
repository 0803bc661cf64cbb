// How a report came to be, over a connection: explanations whose rows add up,
// traces, comparisons, timelines and late adjustments.

#include <map>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/budget/fiscal_date.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/report/report_service.h"
#include "tests/services/service_fixture.h"

namespace daybook::services {
namespace {

using grpc::StatusCode;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

v1::EventInput On(v1::EventInput input, const std::string& day) {
  *input.mutable_event()->mutable_effective_date() = ToDate(*ParseDay(day));
  return input;
}

v1::EventInput InUnit(v1::EventInput input, const std::string& unit) {
  input.mutable_event()
      ->mutable_expenditure_recorded()
      ->mutable_line()
      ->set_unit(unit);
  return input;
}

v1::EventInput Corrected(v1::EventInput input) {
  input.mutable_event()->mutable_correction()->set_reason("漏记");
  input.mutable_event()->mutable_correction()->set_approver("预算股");
  return input;
}

v1::EventInput Closed(const std::string& id, const std::string& through) {
  v1::EventInput input;
  input.mutable_event()->set_event_id(id);
  input.mutable_event()->set_subject(kReport);
  *input.mutable_event()->mutable_period_closed()->mutable_through() =
      ToDate(*ParseDay(through));
  return input;
}

v1::Coordinates At(const std::string& day, uint64_t size) {
  v1::Coordinates coordinates;
  coordinates.set_name(kReport);
  *coordinates.mutable_as_of() = ToDate(*ParseDay(day));
  if (size > 0) coordinates.mutable_known_at()->set_size(size);
  return coordinates;
}

class ReportHistoryTest : public ServiceTest {
 protected:
  ReportHistoryTest() : stub_(v1::ReportService::NewStub(channel_)) {
    EXPECT_TRUE(Append(Opening()).ok());
  }

  grpc::Status Explain(const v1::ExplainFigureRequest& request,
                       v1::ExplainFigureResponse* response) {
    grpc::ClientContext context;
    return stub_->ExplainFigure(&context, request, response);
  }

  // All pages; checks on the way that the carried sums hold.
  v1::ExplainFigureResponse ExplainAll(v1::ExplainFigureRequest request) {
    v1::ExplainFigureResponse all;
    std::map<std::string, std::pair<int64_t, int64_t>> carried;
    while (true) {
      v1::ExplainFigureResponse page;
      const grpc::Status status = Explain(request, &page);
      EXPECT_TRUE(status.ok()) << status.error_message();
      for (const v1::Leaf& leaf : page.leaves()) {
        auto& [fen, events] = carried[leaf.figure()];
        EXPECT_EQ(leaf.fen_before(), fen) << leaf.figure();
        EXPECT_EQ(leaf.events_before(), events) << leaf.figure();
      }
      for (const v1::EventRow& row : page.events()) {
        auto& [fen, events] =
            carried[page.leaves(static_cast<int>(row.leaf()) - 1).figure()];
        fen += row.amount_fen();
        events += row.events();
        *all.add_events() = row;
      }
      for (const v1::Leaf& leaf : page.leaves()) {
        EXPECT_EQ(leaf.fen_after(), carried[leaf.figure()].first);
        EXPECT_EQ(leaf.events_after(), carried[leaf.figure()].second);
        if (!page.next_page_token().empty()) continue;
        EXPECT_EQ(leaf.fen_after(), leaf.total_fen()) << leaf.figure();
        EXPECT_EQ(leaf.events_after(), leaf.total_events()) << leaf.figure();
      }
      *all.mutable_leaves() = page.leaves();
      *all.mutable_explanation() = page.explanation();
      *all.mutable_coordinates() = page.coordinates();
      if (page.next_page_token().empty() || !status.ok()) return all;
      request.set_page_token(page.next_page_token());
    }
  }

  v1::ExplainFigureResponse ExplainAll(const std::string& figure,
                                       const v1::Coordinates& coordinates,
                                       int page_size = 0) {
    v1::ExplainFigureRequest request;
    *request.mutable_coordinates() = coordinates;
    request.set_figure(figure);
    request.set_page_size(page_size);
    return ExplainAll(request);
  }

  v1::CompareReportsResponse Compare(const v1::Coordinates& before,
                                     const v1::Coordinates& after) {
    v1::CompareReportsRequest request;
    *request.mutable_before() = before;
    *request.mutable_after() = after;
    grpc::ClientContext context;
    v1::CompareReportsResponse response;
    EXPECT_TRUE(stub_->CompareReports(&context, request, &response).ok());
    return response;
  }

  // Vouchers of several units, with refunds and reversals among them.
  void RecordRandomYear(uint64_t seed, int count) {
    std::mt19937_64 random(seed);
    Inputs inputs = {Approved("b", "2024-01-01", 900'000)};
    std::vector<v1::EventInput> open;
    const auto day = [&](int from) {
      return FormatDay(
          absl::CivilDay(2024, 1, 1) + from +
          static_cast<int>(random() % static_cast<uint64_t>(366 - from)));
    };
    for (int i = 0; i < count; ++i) {
      const std::string id = absl::StrCat("e", i);
      if (!open.empty() && random() % 4 == 0) {
        const size_t at = random() % open.size();
        const v1::Event& target = open[at].event();
        v1::EventInput input = Reversed(id, target.event_id());
        const auto of = *ToCivilDay(target.effective_date());
        inputs.push_back(
            On(input, day(static_cast<int>(of - absl::CivilDay(2024, 1, 1)))));
        open.erase(open.begin() + static_cast<ptrdiff_t>(at));
        continue;
      }
      open.push_back(
          InUnit(Spent(id, day(0), 1 + static_cast<int64_t>(random() % 999)),
                 absl::StrCat("u", random() % 5)));
      inputs.push_back(open.back());
    }
    ASSERT_TRUE(Append(inputs).ok());
  }

  std::unique_ptr<v1::ReportService::Stub> stub_;
};

const v1::FigureValue& ValueOf(const v1::Report& report,
                               const std::string& path) {
  static const auto* const none = new v1::FigureValue;
  for (const v1::Figure& figure : report.figures()) {
    if (figure.path() == path) return figure.value();
  }
  return *none;
}

TEST_F(ReportHistoryTest, RowsAddUpToTheFigureAtAnyCoordinatesAndPageSize) {
  RecordRandomYear(5, 400);
  std::mt19937_64 random(6);
  for (int round = 0; round < 12; ++round) {
    const std::string day = FormatDay(absl::CivilDay(2024, 1, 1) +
                                      static_cast<int>(random() % 366));
    const uint64_t size = 4 + random() % 400;
    v1::GetReportRequest request;
    request.set_name(kReport);
    *request.mutable_as_of() = ToDate(*ParseDay(day));
    request.mutable_known_at()->set_size(size);
    v1::Report report;
    ASSERT_TRUE(GetReport(request, &report).ok());
    for (const char* figure :
         {"all.executed", "general.basic.operating.unit[u3].executed",
          "all.execution_rate"}) {
      const auto explained = ExplainAll(figure, At(day, size),
                                        1 + static_cast<int>(random() % 60));
      EXPECT_EQ(explained.coordinates().size(), size);
      if (ValueOf(report, figure).has_amount_fen() &&
          explained.leaves_size() > 0) {
        EXPECT_EQ(explained.leaves(0).total_fen(),
                  ValueOf(report, figure).amount_fen());
      }
      uint64_t last = 0;
      for (const v1::EventRow& row : explained.events()) {
        EXPECT_GE(row.position(), last);
        EXPECT_LT(row.position(), size);
        EXPECT_LE(*ToCivilDay(row.effective_date()), *ParseDay(day));
        last = row.position();
      }
    }
  }
}

TEST_F(ReportHistoryTest, WhatCancelsWhatIsSaidBothWays) {
  ASSERT_TRUE(Append({Spent("a", "2024-03-15", 100),
                      Spent("b", "2024-03-15", 7), Reversed("x", "a")})
                  .ok());
  const auto year_end = ExplainAll("all.executed", At("2024-12-31", 0));
  ASSERT_EQ(year_end.events_size(), 3);
  EXPECT_EQ(year_end.events(0).event_id(), "a");
  EXPECT_EQ(year_end.events(0).cancelled_by(), year_end.events(2).position());
  EXPECT_EQ(year_end.events(2).cancels(), year_end.events(0).position());
  EXPECT_EQ(year_end.events(2).amount_fen(), -100);
  EXPECT_EQ(year_end.events(2).events(), -1);
  EXPECT_FALSE(year_end.events(1).has_cancelled_by());
  // The reversal is dated on the last day.
  const auto before = ExplainAll("all.executed", At("2024-12-30", 0));
  ASSERT_EQ(before.events_size(), 2);
  EXPECT_FALSE(before.events(0).has_cancelled_by());
}

TEST_F(ReportHistoryTest, BadQuestionsAreRefusedWithTheNearestAnswer) {
  ASSERT_TRUE(Append({Spent("a", "2024-03-15", 100)}).ok());
  const auto ask = [&](const std::string& figure, const v1::Coordinates& at,
                       const std::string& token = "") {
    v1::ExplainFigureRequest request;
    *request.mutable_coordinates() = at;
    request.set_figure(figure);
    request.set_page_token(token);
    v1::ExplainFigureResponse response;
    return Explain(request, &response);
  };
  EXPECT_EQ(ask("all.exekuted", At("2024-12-31", 0)).error_code(),
            StatusCode::INVALID_ARGUMENT);
  const grpc::Status unknown =
      ask("general.project[none].executed", At("2024-12-31", 0));
  EXPECT_EQ(unknown.error_code(), StatusCode::NOT_FOUND);
  EXPECT_THAT(unknown.error_message(), HasSubstr("nearest: general."));
  EXPECT_EQ(ask("all.executed", At("2023-12-31", 0)).error_code(),
            StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(ask("all.executed", At("2024-12-31", 99)).error_code(),
            StatusCode::OUT_OF_RANGE);
  // Before the report was opened.
  EXPECT_EQ(ask("all.executed", At("2024-12-31", 2)).error_code(),
            StatusCode::NOT_FOUND);
  EXPECT_EQ(ask("all.executed", At("2024-12-31", 0), "x").error_code(),
            StatusCode::INVALID_ARGUMENT);
}

TEST_F(ReportHistoryTest, APageTokenBelongsToItsQuestionAndItsSize) {
  RecordRandomYear(8, 30);
  v1::ExplainFigureRequest request;
  *request.mutable_coordinates() = At("2024-12-31", 0);
  request.set_figure("all.executed");
  request.set_page_size(5);
  v1::ExplainFigureResponse first;
  ASSERT_TRUE(Explain(request, &first).ok());
  ASSERT_FALSE(first.next_page_token().empty());
  ASSERT_TRUE(Append({Spent("later", "2024-01-01", 5)}).ok());
  request.set_page_token(first.next_page_token());
  v1::ExplainFigureResponse second;
  ASSERT_TRUE(Explain(request, &second).ok());
  EXPECT_EQ(second.coordinates().size(), first.coordinates().size());
  request.set_figure("all.approved");
  EXPECT_EQ(Explain(request, &second).error_code(),
            StatusCode::INVALID_ARGUMENT);
}

TEST_F(ReportHistoryTest, AnEventIsTracedToEveryFigureThatItEnters) {
  ASSERT_TRUE(Append({Spent("a", "2024-03-15", 100),
                      Spent("b", "2024-03-15", 7), Reversed("x", "a")})
                  .ok());
  const auto trace = [&](const std::string& id, const std::string& day) {
    v1::TraceEventRequest request;
    *request.mutable_coordinates() = At(day, 0);
    request.mutable_identity()->set_source(kSource);
    request.mutable_identity()->set_event_id(id);
    grpc::ClientContext context;
    v1::TraceEventResponse response;
    EXPECT_TRUE(stub_->TraceEvent(&context, request, &response).ok());
    std::map<std::string, std::string> uses;
    for (const v1::FigureUse& use : response.figures()) {
      uses[use.figure().path()] = use.leaves(0);
    }
    EXPECT_EQ(response.event().event_id(), id);
    return uses;
  };
  const auto uses = trace("a", "2024-12-31");
  EXPECT_EQ(uses.at("general.basic.operating.executed"),
            "general.basic.operating.executed");
  EXPECT_TRUE(uses.contains("all.execution_rate"));
  EXPECT_FALSE(uses.contains("all.approved"));
  EXPECT_EQ(trace("x", "2024-12-31"), uses);
  EXPECT_THAT(trace("x", "2024-12-30"), IsEmpty());
}

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
  for (int round = 0; round < 10; ++round) {
    const auto place = [&] {
      return At(FormatDay(absl::CivilDay(2024, 1, 1) +
                          static_cast<int>(random() % 366)),
                4 + random() % 300);
    };
    v1::ExplainFigureRequest request;
    *request.mutable_coordinates() = place();
    *request.mutable_compared_with() = place();
    request.set_figure("general.basic.operating.unit[u1].executed");
    request.set_page_size(17);
    const auto explained = ExplainAll(request);
    const auto value = [&](const v1::Coordinates& coordinates) {
      v1::GetReportRequest asked;
      asked.set_name(kReport);
      *asked.mutable_as_of() = coordinates.as_of();
      *asked.mutable_known_at() = coordinates.known_at();
      v1::Report report;
      EXPECT_TRUE(GetReport(asked, &report).ok());
      return ValueOf(report, "general.basic.operating.unit[u1].executed")
          .amount_fen();
    };
    if (explained.leaves_size() == 0) continue;
    EXPECT_EQ(explained.leaves(0).total_fen(),
              value(request.coordinates()) - value(request.compared_with()));
  }
}

TEST_F(ReportHistoryTest, ATimelineReplaysToTheReportOfAnyDay) {
  RecordRandomYear(31, 60);
  v1::GetReportTimelineRequest request;
  request.set_name(kReport);
  request.set_page_size(7);
  std::vector<v1::TimelinePoint> points;
  while (true) {
    grpc::ClientContext context;
    v1::GetReportTimelineResponse page;
    ASSERT_TRUE(stub_->GetReportTimeline(&context, request, &page).ok());
    EXPECT_LE(page.points_size(), 7);
    points.insert(points.end(), page.points().begin(), page.points().end());
    if (page.next_page_token().empty()) break;
    request.set_page_token(page.next_page_token());
  }
  ASSERT_GT(points.size(), 20);
  EXPECT_EQ(*ToCivilDay(points[0].date()), absl::CivilDay(2024, 1, 1));
  for (const char* day :
       {"2024-01-01", "2024-05-17", "2024-12-30", "2024-12-31"}) {
    std::map<std::string, std::string> replayed;
    for (const v1::TimelinePoint& point : points) {
      if (*ToCivilDay(point.date()) > *ParseDay(day)) break;
      for (const v1::Figure& figure : point.figures()) {
        replayed[figure.path()] = figure.value().SerializeAsString();
      }
    }
    v1::GetReportRequest asked;
    asked.set_name(kReport);
    *asked.mutable_as_of() = ToDate(*ParseDay(day));
    v1::Report report;
    ASSERT_TRUE(GetReport(asked, &report).ok());
    for (const v1::Figure& figure : report.figures()) {
      EXPECT_EQ(replayed[figure.path()], figure.value().SerializeAsString())
          << day << " " << figure.path();
    }
  }
}

TEST_F(ReportHistoryTest, LateAdjustmentsAreListedWithReasonAndApprover) {
  ASSERT_TRUE(Append({Spent("a", "2024-03-15", 100), Closed("c", "2024-03-31"),
                      Corrected(Spent("l1", "2024-03-01", 5)),
                      Spent("in-time", "2024-04-01", 6),
                      Corrected(On(Reversed("l2", "a"), "2024-03-20"))})
                  .ok());
  v1::ListLateAdjustmentsRequest request;
  *request.mutable_coordinates() = At("2024-12-31", 0);
  request.set_page_size(1);
  std::vector<std::string> rows;
  while (true) {
    grpc::ClientContext context;
    v1::ListLateAdjustmentsResponse page;
    ASSERT_TRUE(stub_->ListLateAdjustments(&context, request, &page).ok());
    EXPECT_EQ(page.total(), 2u);
    for (const v1::EventRow& row : page.events()) {
      rows.push_back(absl::StrCat(row.event_id(), " ", row.amount_fen(), " ",
                                  row.reason(), " ", row.approver()));
    }
    if (page.next_page_token().empty()) break;
    request.set_page_token(page.next_page_token());
  }
  EXPECT_THAT(rows, ElementsAre("l1 5 漏记 预算股", "l2 -100 漏记 预算股"));
  v1::GetReportRequest asked;
  asked.set_name(kReport);
  v1::Report report;
  ASSERT_TRUE(GetReport(asked, &report).ok());
  EXPECT_EQ(report.late_adjustments(), 2u);
  EXPECT_EQ(report.closed_through().month(), 3);
}

}  // namespace
}  // namespace daybook::services
