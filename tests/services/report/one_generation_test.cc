// Answers around the moment when another projection version takes over.

#include "services/report/one_generation.h"

#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/check.h"
#include "core/budget/fiscal_date.h"
#include "core/report/lineage_block.h"
#include "core/report/report_view.h"
#include "gtest/gtest.h"
#include "services/engine/lineage_keys.h"
#include "tests/services/service_fixture.h"
#include "tests/support/gate.h"

namespace daybook::services {
namespace {

using grpc::StatusCode;
using storage::Space;

constexpr uint32_t old_version = 1;
constexpr int64_t budget_fen = 1'000'000;
constexpr int64_t old_budget_fen = 5;

// A ledger whose stored rows are of another version, and say another budget,
// until `Finish`.
class OneGenerationTest : public ServiceTest {
 protected:
  OneGenerationTest() {
    EXPECT_TRUE(Append(Opening()).ok());
    EXPECT_TRUE(Append({Approved("budget", "2024-01-01", budget_fen)}).ok());
    EXPECT_TRUE(Append({Approved("more", "2024-02-01", 1)}).ok());
    EXPECT_TRUE(Append({ReportOpened("other", kReport2023)}).ok());
    server_ = nullptr;
    const Position first(3);
    std::string block = LineageSum().BlockHeader();
    block += BlockRow({first, 1, {old_budget_fen, 1}}, first);
    block += BlockRow({Position(4), 32, {1, 1}}, first);
    storage::EventLog& log = **directory_->OpenLedger(kLedgerId);
    EXPECT_TRUE(
        log.WriteSide(
               {{Space::kFact, "projection_version", absl::StrCat(old_version)},
                {Space::kLineage, BlockKey(kReport, 0, first), block}})
            .ok());
    Start();
  }

  ~OneGenerationTest() override { server_ = nullptr; }

  void Finish() {
    go_on_.Open();
    ended_.Wait();
  }

  grpc::Status Explain(const std::string& token,
                       v1::ExplainFigureResponse* response) {
    v1::ExplainFigureRequest request;
    request.mutable_coordinates()->set_name(kReport);
    *request.mutable_coordinates()->mutable_as_of() = ToDate(LastDay(2024));
    request.set_figure("all.approved");
    request.set_page_size(1);
    request.set_page_token(token);
    grpc::ClientContext context;
    return v1::ReportService::NewStub(channel_)->ExplainFigure(
        &context, request, response);
  }

  LedgerEngineOptions Options() {
    LedgerEngineOptions options;
    options.background.on_progress = [this](LogSize) { go_on_.Wait(); };
    options.background.on_end = [this](absl::string_view,
                                       const RebuildOutcome& outcome) {
      EXPECT_TRUE(outcome.status.ok()) << outcome.status;
      ended_.Open();
    };
    return options;
  }

 private:
  void Start() {
    ServerOptions options;
    options.listen = "127.0.0.1:0";
    options.ledger_options = Options();
    auto server = Server::Start(options, *directory_, clock_);
    DAYBOOK_CHECK(server.ok());
    server_ = *std::move(server);
    channel_ = grpc::CreateChannel(server_->address(),
                                   grpc::InsecureChannelCredentials());
  }

  testing::Gate go_on_;
  testing::Gate ended_;
};

TEST_F(OneGenerationTest, AnswersSayTheVersionThatTheyAreOf) {
  v1::ExplainFigureResponse old;
  ASSERT_TRUE(Explain("", &old).ok());
  EXPECT_EQ(old.coordinates().projection_version(), old_version);
  EXPECT_EQ(old.leaves(0).total_fen(), old_budget_fen + 1);
  EXPECT_EQ(old.events(0).amount_fen(), old_budget_fen);
  Finish();
  v1::ExplainFigureResponse now;
  ASSERT_TRUE(Explain("", &now).ok());
  EXPECT_EQ(now.coordinates().projection_version(), projection_version);
  EXPECT_EQ(now.leaves(0).total_fen(), budget_fen + 1);
  EXPECT_EQ(now.events(0).amount_fen(), budget_fen);
}

TEST_F(OneGenerationTest, APageTokenBelongsToItsVersion) {
  v1::ExplainFigureResponse page;
  ASSERT_TRUE(Explain("", &page).ok());
  const std::string token = page.next_page_token();
  ASSERT_NE(token, "");
  EXPECT_TRUE(Explain(token, &page).ok());
  Finish();
  EXPECT_EQ(Explain(token, &page).error_code(), StatusCode::INVALID_ARGUMENT);
}

TEST_F(OneGenerationTest, APageTokenOfReportsDoesToo) {
  v1::ListReportsRequest request;
  request.set_parent(kLedger);
  request.set_page_size(1);
  v1::ListReportsResponse page;
  const auto list = [&] {
    grpc::ClientContext context;
    return v1::ReportService::NewStub(channel_)->ListReports(&context, request,
                                                             &page);
  };
  ASSERT_TRUE(list().ok());
  request.set_page_token(page.next_page_token());
  EXPECT_TRUE(list().ok());
  Finish();
  EXPECT_EQ(list().error_code(), StatusCode::INVALID_ARGUMENT);
  request.clear_page_token();
  EXPECT_TRUE(list().ok());
}

TEST_F(OneGenerationTest, WhatIsReadDuringASwitchIsReadAgain) {
  server_ = nullptr;
  LedgerRegistry ledgers(*directory_, clock_, Options());
  LedgerEngine* const engine = *ledgers.Find(kLedgerId);
  int readings = 0;
  const uint64_t read = ReadOneGeneration(*engine, [&] {
    if (++readings == 1) Finish();
    return engine->generation();
  });
  EXPECT_EQ(read, 1u);
  EXPECT_EQ(readings, 2);
}

TEST_F(OneGenerationTest, AWatchTellsWhatEventsChangeAndNothingOfASwitch) {
  v1::WatchReportRequest request;
  request.set_name(kReport);
  grpc::ClientContext context;
  const auto reader =
      v1::ReportService::NewStub(channel_)->WatchReport(&context, request);
  v1::WatchReportResponse message;
  ASSERT_TRUE(reader->Read(&message));
  EXPECT_TRUE(message.has_caught_up());
  Finish();
  ASSERT_TRUE(Append({Approved("last", "2024-03-01", 2)}).ok());
  ASSERT_TRUE(reader->Read(&message));
  bool told = false;
  for (const v1::FigureDifference& figure : message.change().figures()) {
    if (figure.path() != "all.approved") continue;
    told = true;
    EXPECT_EQ(figure.before().amount_fen(), budget_fen + 1);
    EXPECT_EQ(figure.after().amount_fen(), budget_fen + 3);
  }
  EXPECT_TRUE(told);
  context.TryCancel();
}

}  // namespace
}  // namespace daybook::services
