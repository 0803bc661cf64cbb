// A report whose history tests ask for over a connection; what is explained is
// added up on the way.
//
// Thread safety: a fixture of one thread.

#ifndef DAYBOOK_TESTS_SERVICES_REPORT_REPORT_HISTORY_FIXTURE_H_
#define DAYBOOK_TESTS_SERVICES_REPORT_REPORT_HISTORY_FIXTURE_H_

#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/budget/fiscal_date.h"
#include "gtest/gtest.h"
#include "services/report/report_service.h"
#include "tests/services/service_fixture.h"

namespace daybook::services {

inline v1::EventInput On(v1::EventInput input, const std::string& day) {
  *input.mutable_event()->mutable_effective_date() = ToDate(*ParseDay(day));
  return input;
}

inline v1::EventInput InUnit(v1::EventInput input, const std::string& unit) {
  input.mutable_event()
      ->mutable_expenditure_recorded()
      ->mutable_line()
      ->set_unit(unit);
  return input;
}

inline v1::Coordinates At(const std::string& day, uint64_t size) {
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

inline const v1::FigureValue& ValueOf(const v1::Report& report,
                                      const std::string& path) {
  static const auto* const none = new v1::FigureValue;
  for (const v1::Figure& figure : report.figures()) {
    if (figure.path() == path) return figure.value();
  }
  return *none;
}

}  // namespace daybook::services

#endif  // DAYBOOK_TESTS_SERVICES_REPORT_REPORT_HISTORY_FIXTURE_H_
