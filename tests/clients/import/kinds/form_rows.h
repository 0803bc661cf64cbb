// Rows of filled sheets for tests, by heading.
//
// Thread safety: pure functions.

#ifndef DAYBOOK_TESTS_CLIENTS_IMPORT_KINDS_FORM_ROWS_H_
#define DAYBOOK_TESTS_CLIENTS_IMPORT_KINDS_FORM_ROWS_H_

#include <map>
#include <string>

#include "absl/strings/str_join.h"
#include "clients/import/kinds/form_record.h"
#include "core/base/check.h"

namespace daybook::testing {

using Cells = std::map<std::string, std::string>;

inline const importer::SheetForm& FormOf(const std::string& id) {
  for (const importer::WorkbookForm& workbook : importer::WorkbookForms()) {
    for (const importer::SheetForm& form : workbook.sheets) {
      if (form.id == id) return form;
    }
  }
  DAYBOOK_CHECK(false);
}

inline importer::FormRecord ReadCells(const std::string& id,
                                      const Cells& cells) {
  importer::Row header;
  importer::Row row;
  for (const auto& [heading, text] : cells) {
    header.cells.push_back({importer::Cell::Kind::kText, heading});
    row.cells.push_back({text.empty() ? importer::Cell::Kind::kBlank
                                      : importer::Cell::Kind::kText,
                         text});
  }
  return importer::ReadFormRow(FormOf(id), importer::Headings(header), "430203",
                               row);
}

// `cells` with some of them changed.
inline Cells With(Cells cells, const Cells& changes) {
  for (const auto& [heading, text] : changes) cells[heading] = text;
  return cells;
}

inline std::string Problems(const importer::FormRecord& record) {
  return absl::StrJoin(record.problems, " | ");
}

// The event of the row's one stated fact.
inline v1::Event EventOf(const importer::FormRecord& record) {
  const v1::Event* found = nullptr;
  for (const importer::Fact& fact : record.facts) {
    if (fact.input.has_value()) {
      DAYBOOK_CHECK(found == nullptr);
      found = &fact.input->event();
    }
  }
  DAYBOOK_CHECK(found != nullptr);
  return *found;
}

}  // namespace daybook::testing

#endif  // DAYBOOK_TESTS_CLIENTS_IMPORT_KINDS_FORM_ROWS_H_
