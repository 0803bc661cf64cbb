// How a report came to be, over a connection: explanations whose rows add up,
// traces, timelines and late adjustments.

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

using grpc::StatusCode;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

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
