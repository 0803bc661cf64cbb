// FormRow: one row of a filled sheet, read column by column.
//
// Everything that is wrong with a row is collected, each with heading, value
// and what to write instead.
//
// Thread safety: thread-compatible.
//
// Rules: docs/workbooks.md.

#ifndef DAYBOOK_CLIENTS_IMPORT_FORM_ROW_H_
#define DAYBOOK_CLIENTS_IMPORT_FORM_ROW_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "clients/import/cell_values.h"
#include "clients/import/headings.h"
#include "clients/import/sheet_form.h"
#include "clients/import/table_reader.h"
#include "core/base/decimal.h"
#include "daybook/v1/event.pb.h"

namespace daybook::importer {

class FormRow {
 public:
  // All must outlive it. `ledger` is "430203".
  FormRow(const SheetForm& form, const Headings& headings,
          const std::string& ledger, const Row& row)
      : form_(form), headings_(headings), ledger_(ledger), row_(row) {}

  // Whether it is the row that shows how to fill in the sheet.
  bool IsExample() const;

  // Complains about each required column that is blank, but for `but`: there
  // a blank is an answer.
  void CheckRequired(std::optional<Field> but);

  bool IsBlank(Field field) const;
  // Text as it stands, trimmed; codes half-width. Empty when blank.
  std::string Text(Field field);
  // The number of the chosen word; 0 when blank. A word that is no choice is a
  // problem, and -1 where the column is open.
  int Number(Field field);
  // Absent when blank or wrong.
  std::optional<absl::CivilDay> Day(Field field);
  std::optional<Decimal> DecimalOf(Field field);
  std::optional<CellAmount> Amount();
  // A number without decimals, or an emptiness.
  std::optional<CellAmount> Count(Field field);
  // The path of a figure, by path or label.
  std::string Figure(Field field);
  // A number in `unit`, a day or a figure.
  std::optional<v1::MeasuredValue> Measured(Field field,
                                            const std::string& unit);

  // "ledgers/430203/departments/115001/reports/2024"; empty, and a problem,
  // when it is none. Likewise the department.
  std::string Report();
  std::string Department();

  // Where a blank effective date lies.
  enum class DayIfBlank { kFirst, kLast };

  // Puts subject, effective date and document date into `event`.
  void Place(v1::Event& event, DayIfBlank if_blank);

  void Problem(Field field, absl::string_view what);
  void Problem(Field field, absl::string_view value, absl::string_view what);

  // What Place found; empty or 0 before, and where it is wrong.
  const std::string& subject() const { return subject_; }
  int fiscal_year() const { return fiscal_year_; }
  const SheetForm& form() const { return form_; }
  std::vector<std::string>& problems() { return problems_; }

 private:
  const Cell& CellOf(Field field) const;
  std::string HeadingOf(Field field) const;
  bool InWan(Field field) const;

  const SheetForm& form_;
  const Headings& headings_;
  const std::string& ledger_;
  const Row& row_;
  std::string subject_;
  int fiscal_year_ = 0;
  std::vector<std::string> problems_;
};

}  // namespace daybook::importer

#endif  // DAYBOOK_CLIENTS_IMPORT_FORM_ROW_H_
