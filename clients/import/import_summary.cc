#include "clients/import/import_summary.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "clients/import/sheet_scanner.h"
#include "core/budget/code_list.h"

namespace daybook::importer {

void ImportSummary::Read(std::optional<int64_t> fen) {
  ++read_.rows;
  read_.fen += fen.value_or(0);
}

void ImportSummary::End(Tally tally, std::optional<int64_t> fen) {
  RowCount& count = ended_[static_cast<size_t>(tally)];
  ++count.rows;
  count.fen += fen.value_or(0);
}

int64_t ImportSummary::data_rows() const {
  int64_t rows = read_.rows;
  for (const Tally tally :
       {Tally::kTitle, Tally::kHeader, Tally::kBlank, Tally::kSubtotal}) {
    rows -= of(tally).rows;
  }
  return rows;
}

absl::Status ImportSummary::Check() const {
  RowCount sum;
  for (const RowCount& count : ended_) {
    sum.rows += count.rows;
    sum.fen += count.fen;
  }
  if (sum.rows == read_.rows && sum.fen == read_.fen) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat(
      "the summary does not add up: ", read_.rows, " rows and ",
      YuanText(read_.fen), " 元 were read, ", sum.rows, " rows and ",
      YuanText(sum.fen), " 元 are accounted for; this is a fault of daybook"));
}

namespace {

// What an event does to figures: an amount on a line, and the measures that it
// enters. Without a line, nothing.
struct Flow {
  const v1::Line* line = nullptr;
  int64_t fen = 0;
  std::vector<absl::string_view> measures;
};

Flow FlowOf(const v1::Event& event) {
  switch (event.payload_case()) {
    case v1::Event::kExpenditureRecorded:
      return {&event.expenditure_recorded().line(),
              event.expenditure_recorded().amount_fen(),
              {"executed"}};
    case v1::Event::kBudgetApproved:
      // A part of another approval is in no money row.
      if (event.budget_approved().of_which()) return {};
      return {&event.budget_approved().line(),
              event.budget_approved().amount_fen(),
              {"approved", "adjusted"}};
    case v1::Event::kBudgetAdjusted:
      return {&event.budget_adjusted().line(),
              event.budget_adjusted().amount_fen(),
              {"adjustment", "adjusted"}};
    case v1::Event::kIncomeReceived:
      return {&event.income_received().line(),
              event.income_received().amount_fen(),
              {"income"}};
    case v1::Event::kCarryoverOpened:
      return {&event.carryover_opened().line(),
              event.carryover_opened().amount_fen(),
              {"opening_carryover"}};
    case v1::Event::kCarryoverClosed:
      return {&event.carryover_closed().line(),
              event.carryover_closed().amount_fen(),
              {"closing_carryover"}};
    default:
      return {};
  }
}

}  // namespace

void ImportEffect::Add(const v1::Event& event, int sign) {
  const Flow flow = FlowOf(event);
  if (flow.line == nullptr) return;
  const Int128 fen = sign * Int128{flow.fen};
  Report& report = reports_[event.subject()];
  report.fen += fen;
  for (const absl::string_view measure : flow.measures) {
    report.figures[absl::StrCat("all.", measure)] += fen;
    const v1::Line& line = *flow.line;
    if (line.fund() == v1::FUND_UNSPECIFIED) continue;
    const std::string fund(FundName(line.fund()));
    report.figures[absl::StrCat(fund, ".", measure)] += fen;
    if (!line.project().empty() && line.nature() == v1::NATURE_PROJECT) {
      report.figures[absl::StrCat(fund, ".project[", line.project(), "].",
                                  measure)] += fen;
    }
  }
}

}  // namespace daybook::importer
