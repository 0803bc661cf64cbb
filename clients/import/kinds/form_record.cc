#include "clients/import/kinds/form_record.h"

#include <algorithm>
#include <utility>

#include "clients/import/row_key.h"
#include "core/base/check.h"
#include "core/budget/fiscal_date.h"

namespace daybook::importer {

FormRecord ReadFormRow(const SheetForm& form, const Headings& headings,
                       const std::string& ledger, const Row& row) {
  FormRecord record;
  FormRow reading(form, headings, ledger, row);
  if (reading.IsExample()) {
    record.example = true;
    return record;
  }
  DAYBOOK_CHECK(ReadMoneyRow(reading, record) ||
                ReadPerformanceRow(reading, record) ||
                ReadBaseDataRow(reading, record));
  record.report = reading.subject();
  // A cell that is asked for twice complains twice.
  for (std::string& problem : reading.problems()) {
    if (std::find(record.problems.begin(), record.problems.end(), problem) ==
        record.problems.end()) {
      record.problems.push_back(std::move(problem));
    }
  }
  if (!record.problems.empty()) record.facts.clear();
  return record;
}

std::string FactKey(FormRow& row, std::vector<std::string> parts) {
  std::vector<std::string> all = {row.form().id, row.Text(Field::kDepartment)};
  if (row.fiscal_year() > 0) all.push_back(std::to_string(row.fiscal_year()));
  for (std::string& part : parts) all.push_back(std::move(part));
  // A part that is left out at the end needs no slash.
  while (all.back().empty()) all.pop_back();
  return KeyOf(all);
}

void AddFact(std::string key, std::optional<v1::Event> event,
             FormRecord& record) {
  Fact fact;
  fact.key = std::move(key);
  if (event.has_value()) {
    *fact.input.emplace().mutable_event() = *std::move(event);
  }
  record.facts.push_back(std::move(fact));
}

std::string DayKey(const v1::Event& event) {
  const absl::StatusOr<absl::CivilDay> day = ToCivilDay(event.effective_date());
  return day.ok() ? FormatDay(*day) : "";
}

v1::FigureStated StatedOf(const std::string& figure, const CellAmount& amount) {
  v1::FigureStated stated;
  stated.set_figure(figure);
  switch (amount.kind) {
    case CellAmount::Kind::kNone:
      stated.set_statement(v1::FigureStated::STATEMENT_NONE);
      break;
    case CellAmount::Kind::kNotApplicable:
      stated.set_statement(v1::FigureStated::STATEMENT_NOT_APPLICABLE);
      break;
    case CellAmount::Kind::kAmount:
      stated.set_statement(v1::FigureStated::STATEMENT_ZERO);
      break;
    case CellAmount::Kind::kBlank:
      break;
  }
  return stated;
}

}  // namespace daybook::importer
