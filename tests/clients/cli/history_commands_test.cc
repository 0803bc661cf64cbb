// The commands about how a report came to be, against a server that answers
// what each test says.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

#include "clients/cli/run.h"
#include "tests/clients/explanation_builders.h"
#include "tests/clients/fake_report_service.h"

namespace daybook::cli {
namespace {

using testing::BalancePages;
using testing::FakeReportService;
using testing::FromText;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* name = "ledgers/1/departments/1/reports/2024";

struct Ran {
  int code = 0;
  std::string out;
  std::string err;
};

class HistoryCommandsTest : public ::testing::Test {
 protected:
  Ran RunWords(std::vector<std::string> words) {
    words.insert(words.begin(), "report");
    std::istringstream in;
    std::ostringstream out;
    std::ostringstream err;
    Streams streams{in, out, err};
    Ran ran;
    ran.code = cli::Run(words, service_.address, streams);
    ran.out = out.str();
    ran.err = err.str();
    return ran;
  }

  static int64_t LinesOf(const std::string& text) {
    return std::count(text.begin(), text.end(), '\n');
  }

  FakeReportService service_;
};

TEST_F(HistoryCommandsTest, ExplainAddsUpAllPages) {
  service_.explain_pages = BalancePages();
  const Ran ran = RunWords({"explain", name, "general.balance", "--all"});
  EXPECT_EQ(ran.code, kDone) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("├─ 可用数"));
  EXPECT_THAT(ran.out, HasSubstr("已被 #7 冲销"));
  EXPECT_THAT(ran.out, HasSubstr("冲销 #5"));
  EXPECT_THAT(ran.out, HasSubstr("核对：2 笔（4 行），与图表相符\n"));
}

TEST_F(HistoryCommandsTest, ExplainListsSoManyEventsAsAskedFor) {
  service_.explain_pages = BalancePages();
  const Ran ran = RunWords({"explain", name, "general.balance", "--events=3"});
  EXPECT_EQ(ran.code, kDone) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("v-2"));
  EXPECT_THAT(ran.out, Not(HasSubstr("r-1")));
  EXPECT_THAT(ran.out, HasSubstr("用 --all 列出并核对"));
  ASSERT_EQ(service_.explained.size(), 1u);
  EXPECT_EQ(service_.explained[0].page_size(), 3);
}

TEST_F(HistoryCommandsTest, ExplainWithoutEventsShowsTheFormulaAlone) {
  service_.explain_pages = BalancePages();
  const Ran ran = RunWords({"explain", name, "general.balance", "--events=0"});
  EXPECT_EQ(ran.code, kDone) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("├─ 可用数"));
  EXPECT_THAT(ran.out, Not(HasSubstr("v-2")));
}

TEST_F(HistoryCommandsTest, ExplainRefusesRowsThatDoNotAddUp) {
  service_.explain_pages = BalancePages();
  service_.explain_pages[1].mutable_events(0)->set_amount_fen(-120001);
  for (const char* format : {"--format=text", "--format=json"}) {
    const Ran ran =
        RunWords({"explain", name, "general.balance", "--all", format});
    EXPECT_EQ(ran.code, kDataLoss);
    EXPECT_THAT(ran.out, Not(HasSubstr("相符")));
    EXPECT_THAT(ran.out, Not(HasSubstr("r-1")));
    EXPECT_THAT(ran.err, HasSubstr("DATA_LOSS: leaf 2 (general.executed)"));
    EXPECT_THAT(ran.err, HasSubstr("expected 3000.00 yuan"));
    EXPECT_THAT(ran.err, HasSubstr("found 2999.99 yuan"));
  }
}

TEST_F(HistoryCommandsTest, ExplainBetweenTwoSidesListsTheDifference) {
  service_.explain_pages = {BalancePages()[0]};
  v1::ExplainFigureResponse& page = service_.explain_pages[0];
  page.clear_next_page_token();
  page.mutable_compared_with()->set_size(4);
  page.clear_leaves();
  page.clear_events();
  page.add_leaves();
  *page.add_leaves() = FromText<v1::Leaf>(R"(
    figure: "general.executed" total_fen: -5 total_events: -1
    fen_after: -5 events_after: -1)");
  v1::EventRow& row = *page.add_events();
  row.set_leaf(2);
  row.set_side(v1::EventRow::SIDE_BEFORE);
  row.set_amount_fen(-5);
  row.set_events(-1);
  const Ran ran = RunWords({"explain", name, "general.balance", "--known-at=4",
                            "--as-of=2024-06-30", "--to-known-at=9"});
  EXPECT_EQ(ran.code, kDone) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("与差额相符"));
  EXPECT_THAT(ran.out, HasSubstr("前  "));
  ASSERT_EQ(service_.explained.size(), 1u);
  const v1::ExplainFigureRequest& request = service_.explained[0];
  EXPECT_EQ(request.compared_with().known_at().size(), 4u);
  EXPECT_EQ(request.coordinates().known_at().size(), 9u);
  EXPECT_EQ(request.coordinates().as_of().month(), 6);
}

TEST_F(HistoryCommandsTest, ExplainAsJsonIsOnePageALine) {
  service_.explain_pages = BalancePages();
  const Ran ran =
      RunWords({"explain", name, "general.balance", "--format=json"});
  EXPECT_EQ(ran.code, kDone) << ran.err;
  EXPECT_EQ(LinesOf(ran.out), 2);
  EXPECT_THAT(ran.out, HasSubstr("\"cancels\":\"5\""));
}

TEST_F(HistoryCommandsTest, AnEventIsNamedByPositionOrIdentity) {
  service_.trace.mutable_event()->set_event_id("v-1");
  EXPECT_EQ(RunWords({"explain", name, "--event=5"}).code, kDone);
  const Ran ran = RunWords({"explain", name, "--event=books/2024/3"});
  EXPECT_EQ(ran.code, kDone);
  EXPECT_THAT(ran.out, HasSubstr("/v-1\n"));
  ASSERT_EQ(service_.traced.size(), 2u);
  EXPECT_EQ(service_.traced[0].position(), 5u);
  EXPECT_EQ(service_.traced[1].identity().source(), "books");
  EXPECT_EQ(service_.traced[1].identity().event_id(), "2024/3");
}

TEST_F(HistoryCommandsTest, WhatDoesNotGoTogetherIsNotAsked) {
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"explain", name},
        {"explain", name, "all.executed", "--event=5"},
        {"explain", name, "--event=books"},
        {"explain", name, "--event=5", "--all"},
        {"explain", name, "--event=5", "--to-known-at=7"},
        {"explain", name, "all.executed", "--all", "--events=5"},
        {"compare", name},
        {"compare", name, "--as-of=2024-06-30"},
        {"compare", name, "--since-published", "--known-at=5"},
        {"compare", name, name, "--since-published"},
        {"compare", name, "--known-at=5", "--events=101"},
        {"timeline", name, "--all", "--figure=all.executed"},
        {"watch", name, "--from-size=0"}}) {
    EXPECT_EQ(RunWords(words).code, kUsage);
  }
}

TEST_F(HistoryCommandsTest, CompareTakesTheSameDayUnlessToldOtherwise) {
  service_.compare_pages.resize(1);
  const Ran ran =
      RunWords({"compare", name, "--as-of=2024-06-30", "--known-at=7"});
  EXPECT_EQ(ran.code, kDone) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("没有不同的数据项"));
  ASSERT_EQ(service_.compared.size(), 1u);
  const v1::CompareReportsRequest& request = service_.compared[0];
  EXPECT_EQ(request.before().known_at().size(), 7u);
  EXPECT_EQ(request.after().name(), name);
  EXPECT_EQ(request.after().as_of().month(), 6);
  EXPECT_FALSE(request.after().has_known_at());
  EXPECT_EQ(request.events_max(), 10);
}

TEST_F(HistoryCommandsTest, CompareWithAnotherReportTakesItsOwnDay) {
  service_.compare_pages.resize(1);
  RunWords({"compare", name, "other", "--as-of=2024-06-30"});
  ASSERT_EQ(service_.compared.size(), 1u);
  EXPECT_EQ(service_.compared[0].after().name(), "other");
  EXPECT_FALSE(service_.compared[0].after().has_as_of());
}

TEST_F(HistoryCommandsTest, CompareSincePublishedTakesTheLatestPublication) {
  service_.compare_pages.resize(1);
  service_.report = FromText<v1::Report>(R"(
    publications { position: 5 published { size: 4 } }
    publications { position: 9 published {
      as_of { year: 2024 month: 12 day: 31 } size: 8 } })");
  EXPECT_EQ(RunWords({"compare", name, "--since-published"}).code, kDone);
  ASSERT_EQ(service_.compared.size(), 1u);
  const v1::CompareReportsRequest& request = service_.compared[0];
  EXPECT_EQ(request.before().known_at().size(), 8u);
  EXPECT_EQ(request.before().as_of().month(), 12);
  EXPECT_EQ(request.after().as_of().month(), 12);
  EXPECT_FALSE(request.after().has_known_at());
}

TEST_F(HistoryCommandsTest, CompareSincePublishedNeedsAPublication) {
  const Ran ran = RunWords({"compare", name, "--since-published"});
  EXPECT_EQ(ran.code, kRefused);
  EXPECT_THAT(ran.err, HasSubstr("was not published"));
  EXPECT_THAT(ran.err, HasSubstr("--known-at"));
}

TEST_F(HistoryCommandsTest, CompareShowsAllPagesInOneTable) {
  for (const char* path : {"all.executed", "general.executed"}) {
    v1::FigureDifference& figure =
        *service_.compare_pages.emplace_back().add_differences();
    figure.set_path(path);
    figure.add_events()->set_event_id("v-1");
  }
  Ran ran = RunWords({"compare", name, "--known-at=7"});
  EXPECT_THAT(ran.out, HasSubstr("共 2 个数据项不同"));
  EXPECT_THAT(ran.out, HasSubstr("v-1"));
  ran = RunWords({"compare", name, "--known-at=7", "--events=0"});
  EXPECT_THAT(ran.out, Not(HasSubstr("v-1")));
  ran = RunWords({"compare", name, "--known-at=7", "--format=json"});
  EXPECT_EQ(LinesOf(ran.out), 2);
}

TEST_F(HistoryCommandsTest, TimelineShowsNamedFigures) {
  service_.timeline_pages.push_back(FromText<v1::GetReportTimelineResponse>(R"(
    points { date { year: 2024 month: 1 day: 1 }
             figures { path: "a" value { amount_fen: 100 } unit: "万元" }
             figures { path: "b" value { amount_fen: 100 } } })"));
  service_.explain_pages = BalancePages();
  Ran ran =
      RunWords({"timeline", name, "--figure=a", "--format=csv", "--unit=yuan"});
  EXPECT_EQ(ran.code, kDone) << ran.err;
  EXPECT_EQ(ran.out, "date,figure,label,value,unit\n2024-01-01,a,,1.00,元\n");
  ran = RunWords({"timeline", name, "--all", "--format=csv"});
  EXPECT_EQ(LinesOf(ran.out), 3);
  // Whether there is such a figure is asked first.
  ASSERT_EQ(service_.explained.size(), 1u);
  EXPECT_EQ(service_.explained[0].figure(), "a");
}

TEST_F(HistoryCommandsTest, LateListsAllPagesUnderOneTitle) {
  for (const char* id : {"v-1", "v-2"}) {
    v1::ListLateAdjustmentsResponse& page = service_.late_pages.emplace_back();
    page.set_total(2);
    v1::EventRow& row = *page.add_events();
    row.set_event_id(id);
    row.set_reason("漏记");
    row.set_approver("预算股");
  }
  const Ran ran = RunWords({"late", name});
  EXPECT_EQ(ran.code, kDone) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("结账后调整 2 笔\n"));
  EXPECT_THAT(ran.out, HasSubstr("漏记（批准：预算股）"));
  EXPECT_THAT(ran.out, HasSubstr("v-2"));
  EXPECT_EQ(ran.out.find("凭证"), ran.out.rfind("凭证"));
}

TEST_F(HistoryCommandsTest, WatchEndsWhereItCaughtUp) {
  std::vector<v1::WatchReportResponse> messages(4);
  messages[0].mutable_fell_behind()->set_size(3);
  messages[1].mutable_change()->set_size(5);
  messages[1].mutable_change()->add_events()->set_event_id("v-1");
  messages[2].mutable_caught_up()->set_size(5);
  messages[3].mutable_change()->add_events()->set_event_id("v-2");
  service_.watches = {messages, messages};
  service_.watch_ends = {grpc::Status::OK, grpc::Status::OK};
  Ran ran = RunWords({"watch", name, "--from-size=2", "--until-caught-up"});
  EXPECT_EQ(ran.code, kDone) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("v-1"));
  EXPECT_THAT(ran.out, Not(HasSubstr("v-2")));
  EXPECT_THAT(ran.err, HasSubstr("落后：已报至账本大小 3"));
  EXPECT_THAT(ran.err, HasSubstr("已跟上：账本大小 5"));
  EXPECT_EQ(service_.watched[0].from_size(), 2u);
  ran = RunWords({"watch", name, "--format=json"});
  EXPECT_EQ(LinesOf(ran.out), 4);
  EXPECT_EQ(ran.err, "");
}

}  // namespace
}  // namespace daybook::cli
