// GetReport and ListReports over a connection: what is answered, for which day,
// and for each kind of bad input. The figures are the business of core/report.

#include "services/report/report_service.h"

#include <chrono>
#include <thread>

#include "absl/time/civil_time.h"
#include "core/budget/fiscal_date.h"
#include "core/merkle/frontier.h"
#include "core/report/figures_digest.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/services/service_fixture.h"

namespace daybook::services {
namespace {

using grpc::StatusCode;
using ::testing::HasSubstr;

class ReportServiceTest : public ServiceTest {
 protected:
  ReportServiceTest() {
    EXPECT_TRUE(Append(Opening()).ok());
    EXPECT_TRUE(Append({Approved("budget", "2024-01-01", 1'000'000),
                        Spent("a", "2024-03-15", 250'000),
                        Spent("b", "2024-09-15", 500'000)})
                    .ok());
  }

  static v1::GetReportRequest Asking(const std::string& name) {
    v1::GetReportRequest request;
    request.set_name(name);
    return request;
  }
};

int64_t Executed(const v1::Report& report) {
  for (const v1::Figure& figure : report.figures()) {
    if (figure.path() == "all.executed") return figure.value().amount_fen();
  }
  return -1;
}

TEST_F(ReportServiceTest, ReportIsAsOfTodayUnlessADayIsGiven) {
  v1::Report report;
  ASSERT_TRUE(GetReport(Asking(kReport), &report).ok());
  EXPECT_EQ(report.name(), kReport);
  EXPECT_EQ(report.department_name(), "残联");
  EXPECT_EQ(report.size(), 6u);
  EXPECT_EQ(*ToCivilDay(report.as_of()), absl::CivilDay(2024, 7, 1));
  EXPECT_EQ(Executed(report), 250'000);
  EXPECT_TRUE(report.interim());

  clock_.Set(absl::FromCivil(absl::CivilDay(2026, 1, 1), absl::UTCTimeZone()));
  ASSERT_TRUE(GetReport(Asking(kReport), &report).ok());
  EXPECT_EQ(*ToCivilDay(report.as_of()), absl::CivilDay(2024, 12, 31));
  EXPECT_EQ(Executed(report), 750'000);
  EXPECT_FALSE(report.interim());
}

TEST_F(ReportServiceTest, ReportIsAsOfTheDayAskedFor) {
  v1::GetReportRequest request = Asking(kReport);
  v1::Report report;
  *request.mutable_as_of() = ToDate(absl::CivilDay(2024, 3, 14));
  ASSERT_TRUE(GetReport(request, &report).ok());
  EXPECT_EQ(Executed(report), 0);
  *request.mutable_as_of() = ToDate(absl::CivilDay(2024, 3, 15));
  ASSERT_TRUE(GetReport(request, &report).ok());
  EXPECT_EQ(Executed(report), 250'000);
}

TEST_F(ReportServiceTest, DayOutsideTheFiscalYearIsRefused) {
  v1::GetReportRequest request = Asking(kReport);
  *request.mutable_as_of() = ToDate(absl::CivilDay(2025, 1, 1));
  EXPECT_EQ(GetReport(request).error_code(), StatusCode::INVALID_ARGUMENT);
  request.mutable_as_of()->set_month(13);
  EXPECT_EQ(GetReport(request).error_code(), StatusCode::INVALID_ARGUMENT);
}

TEST_F(ReportServiceTest, UnknownNamesAreNotFound) {
  const struct {
    std::string name;
    std::string remedy;
  } cases[] = {
      {"ledgers/9/departments/1/reports/2024", "daybook ledger create 9"},
      {"ledgers/430203/departments/9/reports/2024", "department_registered"},
      {kReport2023, "report_opened"},
  };
  for (const auto& unknown : cases) {
    const grpc::Status status = GetReport(Asking(unknown.name));
    EXPECT_EQ(status.error_code(), StatusCode::NOT_FOUND) << unknown.name;
    EXPECT_THAT(status.error_message(), HasSubstr(unknown.remedy));
  }
}

TEST_F(ReportServiceTest, MalformedRequestsAreRefused) {
  for (const std::string name : {"", "x", kLedger, kDepartment}) {
    EXPECT_EQ(GetReport(Asking(name)).error_code(),
              StatusCode::INVALID_ARGUMENT)
        << name;
  }
  v1::GetReportRequest request = Asking(kReport);
  AddUnknownField(request);
  EXPECT_EQ(GetReport(request).error_code(), StatusCode::INVALID_ARGUMENT);
  request = Asking(kReport);
  AddUnknownField(*request.mutable_as_of());
  EXPECT_EQ(GetReport(request).error_code(), StatusCode::INVALID_ARGUMENT);
}

TEST_F(ReportServiceTest, ReportIsAsKnownAtTheSizeAskedFor) {
  v1::GetReportRequest request = Asking(kReport);
  *request.mutable_as_of() = ToDate(absl::CivilDay(2024, 12, 31));
  request.mutable_known_at()->set_size(5);
  v1::Report known;
  ASSERT_TRUE(GetReport(request, &known).ok());
  EXPECT_EQ(known.size(), 5u);
  EXPECT_EQ(Executed(known), 250'000);
  ASSERT_TRUE(Append({Spent("c", "2024-03-16", 1)}).ok());
  v1::Report again;
  ASSERT_TRUE(GetReport(request, &again).ok());
  EXPECT_EQ(again.SerializeAsString(), known.SerializeAsString());

  // The time that it says is that of its last entry.
  request.mutable_known_at()->mutable_time()->set_seconds(
      known.recorded_time_us() / 1'000'000);
  request.mutable_known_at()->mutable_time()->set_nanos(
      static_cast<int32_t>(known.recorded_time_us() % 1'000'000 * 1'000));
  v1::Report at_time;
  ASSERT_TRUE(GetReport(request, &at_time).ok());
  EXPECT_EQ(at_time.recorded_time_us(), known.recorded_time_us());
}

TEST_F(ReportServiceTest, EvidenceIsOfTheSizeAndAnsweredWhenAskedFor) {
  v1::GetReportRequest request = Asking(kReport);
  request.mutable_known_at()->set_size(5);
  v1::Report report;
  ASSERT_TRUE(GetReport(request, &report).ok());
  EXPECT_FALSE(report.has_evidence());
  const std::string bytes = report.SerializeAsString();

  request.set_include_evidence(true);
  ASSERT_TRUE(GetReport(request, &report).ok());
  EXPECT_THAT(report.evidence().origin(), HasSubstr(kLedger));
  EXPECT_EQ(report.evidence().figures_digest(), FiguresDigest(report));
  merkle::Frontier tree;
  for (uint64_t position = 0; position < 5; ++position) {
    v1::GetEventRequest entry;
    entry.set_ledger(kLedger);
    entry.set_position(position);
    v1::StoredEntry stored;
    ASSERT_TRUE(GetEvent(entry, &stored).ok());
    tree.Append(merkle::LeafHash(stored.entry()));
  }
  EXPECT_EQ(report.evidence().root(), std::string(tree.Root().bytes()));
  // The rest is the same.
  report.clear_evidence();
  EXPECT_EQ(report.SerializeAsString(), bytes);
}

TEST_F(ReportServiceTest, WhatCanNotBeKnownIsRefused) {
  v1::GetReportRequest request = Asking(kReport);
  for (const uint64_t size : {uint64_t{0}, uint64_t{7}}) {
    request.mutable_known_at()->set_size(size);
    EXPECT_EQ(GetReport(request).error_code(), StatusCode::OUT_OF_RANGE);
  }
  request.mutable_known_at()->set_size(2);
  const grpc::Status early = GetReport(request);
  EXPECT_EQ(early.error_code(), StatusCode::NOT_FOUND);
  EXPECT_THAT(early.error_message(), HasSubstr("at size 2"));
  request.mutable_known_at()->mutable_time()->set_seconds(4'102'444'800);
  EXPECT_EQ(GetReport(request).error_code(), StatusCode::OUT_OF_RANGE);
  request.mutable_known_at()->mutable_time()->set_seconds(-1);
  EXPECT_EQ(GetReport(request).error_code(), StatusCode::INVALID_ARGUMENT);
  request.mutable_known_at()->mutable_time()->set_seconds(1);
  request.mutable_known_at()->mutable_time()->set_nanos(1'000'000'000);
  EXPECT_EQ(GetReport(request).error_code(), StatusCode::INVALID_ARGUMENT);
}

TEST_F(ReportServiceTest, AReadMayDemandWhatItsCallerWrote) {
  v1::GetReportRequest request = Asking(kReport);
  request.set_min_size(6);
  EXPECT_TRUE(GetReport(request).ok());
  request.mutable_known_at()->set_size(5);
  EXPECT_EQ(GetReport(request).error_code(), StatusCode::INVALID_ARGUMENT);
  request.clear_known_at();
  request.set_min_size(7);
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() +
                       std::chrono::milliseconds(50));
  v1::Report report;
  EXPECT_EQ(v1::ReportService::NewStub(channel_)
                ->GetReport(&context, request, &report)
                .error_code(),
            StatusCode::DEADLINE_EXCEEDED);
  std::thread writer(
      [&] { EXPECT_TRUE(Append({Spent("c", "2024-03-16", 1)}).ok()); });
  EXPECT_TRUE(GetReport(request, &report).ok());
  EXPECT_EQ(report.size(), 7u);
  writer.join();
}

TEST_F(ReportServiceTest, EveryReadMayDemandIt) {
  const auto stub = v1::ReportService::NewStub(channel_);
  const auto expect_late = [&](auto call, const auto& request, auto response) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() +
                         std::chrono::milliseconds(30));
    EXPECT_EQ((stub.get()->*call)(&context, request, &response).error_code(),
              StatusCode::DEADLINE_EXCEEDED)
        << request.GetTypeName();
  };
  using Stub = v1::ReportService::Stub;
  v1::Coordinates coordinates;
  coordinates.set_name(kReport);
  coordinates.set_min_size(7);
  v1::ExplainFigureRequest explain;
  *explain.mutable_coordinates() = coordinates;
  explain.set_figure("all.executed");
  expect_late(&Stub::ExplainFigure, explain, v1::ExplainFigureResponse());
  v1::TraceEventRequest trace;
  *trace.mutable_coordinates() = coordinates;
  trace.set_position(3);
  expect_late(&Stub::TraceEvent, trace, v1::TraceEventResponse());
  v1::CompareReportsRequest compare;
  compare.mutable_before()->set_name(kReport);
  *compare.mutable_after() = coordinates;
  expect_late(&Stub::CompareReports, compare, v1::CompareReportsResponse());
  v1::ListLateAdjustmentsRequest late;
  *late.mutable_coordinates() = coordinates;
  expect_late(&Stub::ListLateAdjustments, late,
              v1::ListLateAdjustmentsResponse());
  v1::GetReportTimelineRequest timeline;
  timeline.set_name(kReport);
  timeline.set_min_size(7);
  expect_late(&Stub::GetReportTimeline, timeline,
              v1::GetReportTimelineResponse());
  v1::ListReportsRequest list;
  list.set_parent(kLedger);
  list.set_min_size(7);
  expect_late(&Stub::ListReports, list, v1::ListReportsResponse());
  coordinates.set_min_size(6);
  *explain.mutable_coordinates() = coordinates;
  grpc::ClientContext context;
  v1::ExplainFigureResponse answer;
  EXPECT_TRUE(stub->ExplainFigure(&context, explain, &answer).ok());
  EXPECT_EQ(answer.coordinates().size(), 6u);
}

class ListReportsTest : public ReportServiceTest {
 protected:
  ListReportsTest() {
    for (int year = 2020; year < 2024; ++year) {
      const std::string report = absl::StrCat(kDepartment, "/reports/", year);
      EXPECT_TRUE(Append({ReportOpened(report.substr(0, 64), report)}).ok());
    }
  }

  static v1::ListReportsRequest Under(const std::string& parent) {
    v1::ListReportsRequest request;
    request.set_parent(parent);
    return request;
  }
};

TEST_F(ListReportsTest, PagesHoldEveryReportOnceInOrder) {
  v1::ListReportsRequest request = Under(kLedger);
  request.set_page_size(2);
  std::vector<std::string> names;
  int pages = 0;
  do {
    v1::ListReportsResponse page;
    ASSERT_TRUE(ListReports(request, &page).ok());
    EXPECT_EQ(page.size(), 10u);
    for (const auto& report : page.reports()) names.push_back(report.name());
    request.set_page_token(page.next_page_token());
    ++pages;
  } while (!request.page_token().empty());
  EXPECT_EQ(pages, 3);
  EXPECT_EQ(names.size(), 5u);
  EXPECT_TRUE(std::is_sorted(names.begin(), names.end()));
}

TEST_F(ListReportsTest, LaterPagesAreAsKnownWhenTheFirstWas) {
  v1::ListReportsRequest request = Under(kLedger);
  request.set_page_size(4);
  v1::ListReportsResponse page;
  ASSERT_TRUE(ListReports(request, &page).ok());
  ASSERT_TRUE(Append({Spent("c", "2024-03-16", 1)}).ok());
  request.set_page_token(page.next_page_token());
  ASSERT_TRUE(ListReports(request, &page).ok());
  EXPECT_EQ(page.size(), 10u);
  ASSERT_EQ(page.reports_size(), 1);
  EXPECT_EQ(page.reports(0).executed().amount_fen(), 250'000);
}

TEST_F(ListReportsTest, ReportsOpenedLaterAreLeftOut) {
  v1::ListReportsRequest request = Under(kLedger);
  request.mutable_known_at()->set_size(8);
  v1::ListReportsResponse page;
  ASSERT_TRUE(ListReports(request, &page).ok());
  EXPECT_EQ(page.size(), 8u);
  EXPECT_EQ(page.reports_size(), 3);
}

TEST_F(ListReportsTest, DayLeavesReportsOfOtherYearsOut) {
  v1::ListReportsRequest request = Under(kDepartment);
  *request.mutable_as_of() = ToDate(absl::CivilDay(2024, 3, 15));
  v1::ListReportsResponse page;
  ASSERT_TRUE(ListReports(request, &page).ok());
  ASSERT_EQ(page.reports_size(), 1);
  EXPECT_EQ(page.reports(0).name(), kReport);
  EXPECT_EQ(page.reports(0).executed().amount_fen(), 250'000);
}

TEST_F(ListReportsTest, TokensOfOtherQuestionsAreRefused) {
  v1::ListReportsRequest request = Under(kLedger);
  request.set_page_size(2);
  v1::ListReportsResponse page;
  ASSERT_TRUE(ListReports(request, &page).ok());
  request.set_page_token(page.next_page_token());
  request.set_parent(kDepartment);
  EXPECT_EQ(ListReports(request, &page).error_code(),
            StatusCode::INVALID_ARGUMENT);
  request.set_parent(kLedger);
  *request.mutable_as_of() = ToDate(absl::CivilDay(2024, 3, 15));
  EXPECT_EQ(ListReports(request, &page).error_code(),
            StatusCode::INVALID_ARGUMENT);
  request.clear_as_of();
  request.set_page_token("made up");
  EXPECT_EQ(ListReports(request, &page).error_code(),
            StatusCode::INVALID_ARGUMENT);
}

TEST_F(ListReportsTest, MalformedAndUnknownParentsAreRefused) {
  v1::ListReportsResponse page;
  EXPECT_EQ(ListReports(Under(""), &page).error_code(),
            StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(ListReports(Under(kReport), &page).error_code(),
            StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(ListReports(Under("ledgers/9"), &page).error_code(),
            StatusCode::NOT_FOUND);
  EXPECT_EQ(
      ListReports(Under("ledgers/430203/departments/9"), &page).error_code(),
      StatusCode::NOT_FOUND);
  v1::ListReportsRequest request = Under(kLedger);
  request.set_page_size(1'001);
  EXPECT_EQ(ListReports(request, &page).error_code(),
            StatusCode::INVALID_ARGUMENT);
  request = Under(kLedger);
  request.mutable_as_of()->set_day(40);
  EXPECT_EQ(ListReports(request, &page).error_code(),
            StatusCode::INVALID_ARGUMENT);
}

}  // namespace
}  // namespace daybook::services
