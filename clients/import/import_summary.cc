#include "clients/import/import_summary.h"

#include "absl/strings/str_cat.h"
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

void ImportEffect::Add(const v1::Event& event, int sign) {
  if (!event.has_expenditure_recorded()) return;
  const v1::ExpenditureRecorded& spent = event.expenditure_recorded();
  const Int128 fen = sign * Int128{spent.amount_fen()};
  Report& report = reports_[event.subject()];
  report.fen += fen;
  report.figures["all.executed"] += fen;
  const v1::Line& line = spent.line();
  if (line.fund() == v1::FUND_UNSPECIFIED) return;
  const std::string fund(FundName(line.fund()));
  report.figures[fund + ".executed"] += fen;
  if (!line.project().empty() && line.nature() == v1::NATURE_PROJECT) {
    report.figures[absl::StrCat(fund, ".project[", line.project(),
                                "].executed")] += fen;
  }
}

}  // namespace daybook::importer
