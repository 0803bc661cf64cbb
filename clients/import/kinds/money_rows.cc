// Quotas, adjustments, carry-over and income.

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "clients/import/kinds/form_record.h"
#include "core/budget/figure_path.h"

namespace daybook::importer {
namespace {

using Kind = v1::BudgetAdjusted;

v1::Line ReadLine(FormRow& row) {
  v1::Line line;
  line.set_fund(static_cast<v1::Fund>(row.Number(Field::kFund)));
  line.set_nature(static_cast<v1::Nature>(row.Number(Field::kNature)));
  line.set_project(row.Text(Field::kProject));
  line.set_function_code(row.Text(Field::kFunctionCode));
  line.set_economic_code(row.Text(Field::kEconomicCode));
  line.set_government_economic_code(row.Text(Field::kGovernmentEconomicCode));
  line.set_source_row(
      static_cast<v1::SourceRow>(row.Number(Field::kSourceRow)));
  line.set_unit(row.Text(Field::kUnit));
  line.set_quota_id(row.Text(Field::kQuota));
  return line;
}

// The parts of a line, as they enter keys: words change, numbers do not.
std::string LineKey(const v1::Line& line) {
  return absl::StrCat(static_cast<int>(line.fund()), ".",
                      static_cast<int>(line.nature()), ".", line.project(), ".",
                      line.function_code(), ".", line.economic_code(), ".",
                      line.government_economic_code(), ".",
                      static_cast<int>(line.source_row()), ".", line.unit());
}

LineFilter::NatureRow NatureRowOf(v1::Nature nature) {
  switch (nature) {
    case v1::NATURE_BASIC:
      return LineFilter::NatureRow::kBasic;
    case v1::NATURE_PERSONNEL:
      return LineFilter::NatureRow::kPersonnel;
    case v1::NATURE_OPERATING:
      return LineFilter::NatureRow::kOperating;
    case v1::NATURE_PROJECT:
      return LineFilter::NatureRow::kProject;
    default:
      return LineFilter::NatureRow::kAny;
  }
}

// The figure that is stated for a line without an amount; empty, and a problem,
// when there is none.
std::string FigureOf(FormRow& row, const v1::Line& line, Measure measure) {
  for (const Field field : {Field::kGovernmentEconomicCode, Field::kQuota}) {
    if (!row.IsBlank(field)) {
      row.Problem(field,
                  "a figure has no such part: leave it blank where the amount "
                  "is 0, 无 or ——, or leave the amount blank");
    }
  }
  LineFilter lines;
  lines.fund = line.fund();
  lines.nature = NatureRowOf(line.nature());
  lines.project = line.project();
  lines.function = line.function_code();
  lines.economic = line.economic_code();
  lines.source_row = line.source_row();
  lines.unit = line.unit();
  const std::string path =
      absl::StrCat(LineFilterToString(lines), ".", MeasureName(measure));
  if (line.fund() == v1::FUND_UNSPECIFIED) return "";
  if (FigurePath::Parse(path).ok()) return path;
  row.Problem(Field::kProject,
              "no figure has this line; a project goes with 项目支出");
  return "";
}

// What a cell of money that is no flow says: nothing, or an emptiness.
void StateEmptiness(FormRow& row, const v1::Line& line, Measure measure,
                    const CellAmount& amount, v1::Event& event) {
  *event.mutable_figure_stated() =
      StatedOf(FigureOf(row, line, measure), amount);
}

bool IsFlow(const CellAmount& amount) {
  return amount.kind == CellAmount::Kind::kAmount && amount.fen != 0;
}

// What the row states; a blank amount takes it back.
void Add(FormRow& row, const CellAmount& amount, v1::Event event,
         std::vector<std::string> key, FormRecord& record) {
  AddFact(FactKey(row, std::move(key)),
          amount.kind == CellAmount::Kind::kBlank
              ? std::nullopt
              : std::optional<v1::Event>(std::move(event)),
          record);
}

void ReadQuota(FormRow& row, const v1::Line& line, const CellAmount& amount,
               FormRecord& record) {
  v1::Event event;
  row.Place(event, FormRow::DayIfBlank::kFirst);
  const bool of_which = row.Number(Field::kOfWhich) == kYes;
  const bool procurement = row.Number(Field::kProcurement) == kYes;
  const std::string document = row.Text(Field::kDocumentNumber);
  if (IsFlow(amount)) {
    v1::BudgetApproved& approved = *event.mutable_budget_approved();
    *approved.mutable_line() = line;
    approved.set_amount_fen(amount.fen);
    approved.set_of_which(of_which);
    approved.set_procurement(procurement);
    approved.set_document_number(document);
  } else if (amount.kind != CellAmount::Kind::kBlank) {
    if (of_which || procurement) {
      row.Problem(of_which ? Field::kOfWhich : Field::kProcurement,
                  "a row of a part states no 0, 无 or ——; state its figure in "
                  "the sheet 零与无 of base-data");
    }
    StateEmptiness(row, line, Measure::kApproved, amount, event);
  }
  const std::string flags =
      absl::StrCat(of_which ? "w" : "", procurement ? "p" : "");
  const std::string sequence = row.Text(Field::kSequence);
  // A quota has an id of its own: its line may be corrected.
  Add(row, amount, std::move(event),
      line.quota_id().empty()
          ? std::vector<std::string>{document, LineKey(line), flags, sequence}
          : std::vector<std::string>{"id", line.quota_id(), flags, sequence},
      record);
}

void CheckAdjustment(FormRow& row, int kind, const CellAmount& amount) {
  if (amount.kind == CellAmount::Kind::kBlank) return;
  if (!IsFlow(amount)) {
    row.Problem(Field::kAmount,
                "an adjustment has an amount; leave the cell blank, or the row "
                "out, where there was none");
    return;
  }
  const bool negative =
      kind == Kind::KIND_REDUCTION || kind == Kind::KIND_RECOVERY;
  const bool either =
      kind == Kind::KIND_UNSPECIFIED || kind == Kind::KIND_REALLOCATION;
  if (!either && negative != (amount.fen < 0)) {
    row.Problem(Field::kAmount,
                absl::StrCat(
                    row.Text(Field::kAdjustmentKind), " is ",
                    negative ? "negative" : "positive",
                    "; change the sign or the kind (调减, 收回 negative; 追加, "
                    "下达, 结转下达 positive)"));
  }
}

void ReadAdjustment(FormRow& row, const v1::Line& line,
                    const CellAmount& amount, FormRecord& record) {
  v1::Event event;
  row.Place(event, FormRow::DayIfBlank::kFirst);
  const int kind = row.Number(Field::kAdjustmentKind);
  const std::string transfer = row.Text(Field::kTransfer);
  CheckAdjustment(row, kind, amount);
  if (kind == Kind::KIND_REALLOCATION && transfer.empty()) {
    row.Problem(Field::kTransfer,
                "调剂 has two sides; give both rows the same id");
  } else if (kind == Kind::KIND_REALLOCATION) {
    record.transfer = transfer;
  } else if (kind != 0 && !transfer.empty()) {
    row.Problem(Field::kTransfer, "only 调剂 has one; leave it blank");
  }
  v1::BudgetAdjusted& adjusted = *event.mutable_budget_adjusted();
  *adjusted.mutable_line() = line;
  adjusted.set_amount_fen(amount.fen);
  adjusted.set_kind(static_cast<Kind::Kind>(kind));
  adjusted.set_document_number(row.Text(Field::kDocumentNumber));
  adjusted.set_reason(row.Text(Field::kReason));
  adjusted.set_transfer_id(transfer);
  // Where a document names the adjustment its day may be corrected.
  const std::string paper = adjusted.document_number().empty()
                                ? DayKey(event)
                                : adjusted.document_number();
  std::vector<std::string> key = {paper,         absl::StrCat(kind),
                                  LineKey(line), line.quota_id(),
                                  transfer,      row.Text(Field::kSequence)};
  Add(row, amount, std::move(event), std::move(key), record);
}

void ReadCarryover(FormRow& row, const v1::Line& line, const CellAmount& amount,
                   FormRecord& record) {
  v1::Event event;
  const int end = row.Number(Field::kCarryoverEnd);
  row.Place(event, end == kClosing ? FormRow::DayIfBlank::kLast
                                   : FormRow::DayIfBlank::kFirst);
  if (!IsFlow(amount) && amount.kind != CellAmount::Kind::kBlank) {
    StateEmptiness(row, line,
                   end == kClosing ? Measure::kClosingCarryover
                                   : Measure::kOpeningCarryover,
                   amount, event);
  } else if (end == kClosing) {
    *event.mutable_carryover_closed()->mutable_line() = line;
    event.mutable_carryover_closed()->set_amount_fen(amount.fen);
  } else {
    *event.mutable_carryover_opened()->mutable_line() = line;
    event.mutable_carryover_opened()->set_amount_fen(amount.fen);
  }
  Add(row, amount, std::move(event),
      {end == kClosing ? "closing" : "opening", LineKey(line), line.quota_id(),
       row.Text(Field::kSequence)},
      record);
}

void ReadIncome(FormRow& row, const v1::Line& line, const CellAmount& amount,
                FormRecord& record) {
  v1::Event event;
  row.Place(event, FormRow::DayIfBlank::kFirst);
  const std::string day = DayKey(event);
  if (IsFlow(amount)) {
    *event.mutable_income_received()->mutable_line() = line;
    event.mutable_income_received()->set_amount_fen(amount.fen);
  } else if (amount.kind != CellAmount::Kind::kBlank) {
    StateEmptiness(row, line, Measure::kIncome, amount, event);
  }
  Add(row, amount, std::move(event),
      {day, LineKey(line), line.quota_id(), row.Text(Field::kSequence)},
      record);
}

}  // namespace

bool ReadMoneyRow(FormRow& row, FormRecord& record) {
  using Read =
      void (*)(FormRow&, const v1::Line&, const CellAmount&, FormRecord&);
  const std::string& id = row.form().id;
  const Read read = id == "quota"        ? ReadQuota
                    : id == "adjustment" ? ReadAdjustment
                    : id == "carryover"  ? ReadCarryover
                    : id == "income"     ? ReadIncome
                                         : nullptr;
  if (read == nullptr) return false;
  row.CheckRequired(Field::kAmount);
  const v1::Line line = ReadLine(row);
  const std::optional<CellAmount> amount = row.Amount();
  if (amount.has_value()) record.amount_fen = amount->fen;
  // What else is wrong is told all the same.
  read(row, line, amount.value_or(CellAmount()), record);
  return true;
}

}  // namespace daybook::importer
