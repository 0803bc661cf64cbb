// Registrations, headcount, stated emptiness and last year's figures.

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "clients/import/kinds/form_record.h"
#include "core/budget/figure_path.h"

namespace daybook::importer {
namespace {

constexpr int headcount_max = 10'000'000;
constexpr absl::string_view prior_measure = ".prior_executed";

// The words of a cell that lists some.
std::vector<std::string> ListOf(const std::string& text) {
  std::vector<std::string> words;
  const std::string split =
      absl::StrReplaceAll(text, {{"；", "\n"}, {";", "\n"}});
  for (absl::string_view word :
       absl::StrSplit(split, '\n', absl::SkipWhitespace())) {
    words.emplace_back(absl::StripAsciiWhitespace(word));
  }
  return words;
}

void ReadDepartment(FormRow& row, FormRecord& record) {
  row.CheckRequired(std::nullopt);
  v1::Event event;
  event.set_subject(row.Department());
  event.mutable_department_registered()->set_name(row.Text(Field::kName));
  AddFact(FactKey(row, {}), std::move(event), record);
}

void ReadProject(FormRow& row, FormRecord& record) {
  row.CheckRequired(std::nullopt);
  v1::Event event;
  event.set_subject(row.Department());
  v1::ProjectRegistered& project = *event.mutable_project_registered();
  project.set_key(row.Text(Field::kProject));
  if (!project.key().empty() && !IsKey(project.key())) {
    row.Problem(Field::kProject, "is no key; use 1 to 64 of [a-z0-9_]");
  }
  project.set_name(row.Text(Field::kName));
  project.set_code(row.Text(Field::kProjectCode));
  for (std::string& alias : ListOf(row.Text(Field::kAliases))) {
    project.add_aliases(std::move(alias));
  }
  project.set_category(static_cast<v1::ProjectRegistered::Category>(
      row.Number(Field::kCategory)));
  project.set_parent_programme(row.Text(Field::kProgramme));
  std::string key = FactKey(row, {project.key()});
  AddFact(std::move(key), std::move(event), record);
}

void ReadReport(FormRow& row, FormRecord& record) {
  row.CheckRequired(std::nullopt);
  v1::Event event;
  event.set_subject(row.Report());
  v1::ReportOpened& opened = *event.mutable_report_opened();
  const SheetForm& quota = FindWorkbookForm("quota")->sheets.front();
  const Column& funds = *quota.Find(Field::kFund);
  for (const std::string& word : ListOf(row.Text(Field::kFunds))) {
    const int fund = funds.NumberOf(word);
    if (fund > 0) {
      opened.add_funds(static_cast<v1::Fund>(fund));
    } else {
      row.Problem(Field::kFunds, word,
                  absl::StrCat("is no fund; join with ； some of: ",
                               funds.WordsText()));
    }
  }
  opened.set_book_source(row.Text(Field::kBookSource));
  row.Number(Field::kForm);
  opened.set_form(row.Text(Field::kForm));
  AddFact(FactKey(row, {}), std::move(event), record);
}

struct HeadcountColumn {
  Field field;
  const char* name;
  void (v1::HeadcountRecorded::*set)(int32_t);
};

constexpr HeadcountColumn headcount_columns[] = {
    {Field::kQuotaCount, "quota", &v1::HeadcountRecorded::set_quota},
    {Field::kActualCount, "actual", &v1::HeadcountRecorded::set_actual},
    {Field::kPermanentCount, "permanent",
     &v1::HeadcountRecorded::set_permanent},
    {Field::kContractCount, "contract", &v1::HeadcountRecorded::set_contract},
};

void ReadHeadcount(FormRow& row, FormRecord& record) {
  row.CheckRequired(std::nullopt);
  v1::Event placed;
  row.Place(placed, FormRow::DayIfBlank::kLast);
  const std::string day = DayKey(placed);
  v1::Event event = placed;
  bool counted = false;
  for (const HeadcountColumn& column : headcount_columns) {
    const CellAmount count = row.Count(column.field).value_or(CellAmount());
    std::optional<v1::Event> emptiness;
    if (count.kind == CellAmount::Kind::kAmount) {
      if (count.fen < 0 || count.fen > headcount_max) {
        row.Problem(column.field, "is out of range; use 0 to 10,000,000");
        continue;
      }
      (event.mutable_headcount_recorded()->*column.set)(
          static_cast<int32_t>(count.fen));
      counted = true;
    } else if (count.kind != CellAmount::Kind::kBlank) {
      emptiness = placed;
      *emptiness->mutable_figure_stated() =
          StatedOf(absl::StrCat("headcount.", column.name), count);
    }
    AddFact(FactKey(row, {day, column.name}), std::move(emptiness), record);
  }
  AddFact(FactKey(row, {day}),
          counted ? std::optional<v1::Event>(std::move(event)) : std::nullopt,
          record);
}

void ReadStatement(FormRow& row, FormRecord& record) {
  row.CheckRequired(std::nullopt);
  v1::Event event;
  row.Place(event, FormRow::DayIfBlank::kLast);
  const std::string figure = row.Figure(Field::kFigure);
  if (absl::StartsWith(figure, "score.")) {
    row.Problem(Field::kFigure,
                "a score can not be stated here; 自评得分 is "
                "a column of --kind=results");
  }
  std::string key = FactKey(row, {figure, DayKey(event)});
  if (row.IsBlank(Field::kStatement)) {
    AddFact(std::move(key), std::nullopt, record);
    return;
  }
  const absl::StatusOr<CellAmount> stated = ParseAmount(
      Cell{Cell::Kind::kText, row.Text(Field::kStatement)}, AmountUnit::kYuan);
  if (!stated.ok() ||
      (stated->kind == CellAmount::Kind::kAmount && stated->fen != 0)) {
    row.Problem(Field::kStatement,
                "states no emptiness; use 0, 无, —— or leave it blank. An "
                "amount comes from vouchers, quotas or the other sheets");
  } else {
    *event.mutable_figure_stated() = StatedOf(figure, *stated);
  }
  AddFact(std::move(key), std::move(event), record);
}

void ReadPriorYear(FormRow& row, FormRecord& record) {
  row.CheckRequired(Field::kAmount);
  v1::Event event;
  row.Place(event, FormRow::DayIfBlank::kFirst);
  const std::string figure = row.Figure(Field::kFigure);
  if (!figure.empty() && !absl::EndsWith(figure, prior_measure)) {
    row.Problem(Field::kFigure,
                absl::StrCat("is no value of last year; choose one of 上年决算"
                             "数, or end the path with ",
                             prior_measure));
  }
  const std::optional<CellAmount> amount = row.Amount();
  if (!amount.has_value()) return;
  record.amount_fen = amount->fen;
  std::string key = FactKey(row, {figure});
  if (amount->kind == CellAmount::Kind::kBlank) {
    AddFact(std::move(key), std::nullopt, record);
    return;
  }
  if (amount->kind == CellAmount::Kind::kAmount) {
    event.mutable_prior_year_figure_stated()->set_figure(figure);
    event.mutable_prior_year_figure_stated()->set_amount_fen(amount->fen);
  } else {
    *event.mutable_figure_stated() = StatedOf(figure, *amount);
  }
  AddFact(std::move(key), std::move(event), record);
}

}  // namespace

bool ReadBaseDataRow(FormRow& row, FormRecord& record) {
  const std::string& id = row.form().id;
  if (id == "department") {
    ReadDepartment(row, record);
  } else if (id == "project") {
    ReadProject(row, record);
  } else if (id == "report") {
    ReadReport(row, record);
  } else if (id == "headcount") {
    ReadHeadcount(row, record);
  } else if (id == "statement") {
    ReadStatement(row, record);
  } else if (id == "prior-year") {
    ReadPriorYear(row, record);
  } else {
    return false;
  }
  return true;
}

}  // namespace daybook::importer
