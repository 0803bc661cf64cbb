#include "clients/import/sheet_form.h"

#include <map>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "clients/import/sheet_form_parts.h"
#include "core/budget/form.h"

namespace daybook::importer {

int Column::NumberOf(absl::string_view word) const {
  const std::string key = HeadingKey(word);
  for (const Choice& choice : choices) {
    if (HeadingKey(choice.word) == key) return choice.number;
  }
  return -1;
}

std::string Column::WordsText() const {
  std::string text;
  for (const Choice& choice : choices) {
    absl::StrAppend(&text, text.empty() ? "" : ", ", choice.word);
  }
  return text;
}

const Column* SheetForm::Find(Field field) const {
  for (const Column& column : columns) {
    if (column.field == field) return &column;
  }
  return nullptr;
}

const Column* SheetForm::FindHeading(absl::string_view heading) const {
  const std::string key = HeadingKey(heading);
  for (const Column& column : columns) {
    if (HeadingKey(column.heading) == key ||
        (column.format == Column::Format::kAmount &&
         HeadingKey(WanHeading(column)) == key)) {
      return &column;
    }
  }
  return nullptr;
}

std::vector<std::string> SheetForm::Headings() const {
  std::vector<std::string> headings;
  for (const Column& column : columns) headings.push_back(column.heading);
  return headings;
}

const std::vector<WorkbookForm>& WorkbookForms() {
  static const auto* const forms = new std::vector<WorkbookForm>(
      {VoucherForm(), QuotaForm(), AdjustmentForm(), CarryoverForm(),
       IncomeForm(), IndicatorsForm(), ResultsForm(), ActivitiesForm(),
       BaseDataForm(), PriorYearForm()});
  return *forms;
}

const WorkbookForm* FindWorkbookForm(absl::string_view kind) {
  for (const WorkbookForm& form : WorkbookForms()) {
    if (form.kind == kind) return &form;
  }
  return nullptr;
}

std::string WanHeading(const Column& column) {
  if (column.format != Column::Format::kAmount) return "";
  return absl::StrCat(absl::StripSuffix(column.heading, kYuanSuffix),
                      kWanSuffix);
}

std::string PathOfLabel(absl::string_view label) {
  static const auto* const paths = [] {
    auto* const found = new std::map<std::string, std::string>;
    for (const std::string& id :
         std::vector<std::string>(absl::StrSplit(Form::KnownIds(), ", "))) {
      for (const FormRow& row : Form::Find(id)->Rows({})) {
        const auto [place, added] =
            found->emplace(HeadingKey(row.label), row.path);
        if (!added && place->second != row.path) place->second.clear();
      }
    }
    return found;
  }();
  const auto found = paths->find(HeadingKey(label));
  return found == paths->end() ? "" : found->second;
}

}  // namespace daybook::importer
