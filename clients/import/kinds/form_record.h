// FormRecord: what a row of a filled sheet says, as events.
//
// A row may state several facts, each with a key of its own, or state that it
// says nothing any more: a cell that is blank takes back what it said before.
// Blank, 0, 无 and —— are four answers, and none is taken for another.
//
// Pure: rows in, events out.
//
// Thread safety: pure functions.
//
// Rules: docs/workbooks.md.

#ifndef DAYBOOK_CLIENTS_IMPORT_KINDS_FORM_RECORD_H_
#define DAYBOOK_CLIENTS_IMPORT_KINDS_FORM_RECORD_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "clients/import/form_row.h"
#include "clients/import/headings.h"
#include "clients/import/sheet_form.h"
#include "clients/import/table_reader.h"
#include "daybook/v1/event.pb.h"

namespace daybook::importer {

struct Fact {
  // Unique within the source.
  std::string key;
  // Without event id. Absent: nothing is stated, and what was is taken back.
  std::optional<v1::EventInput> input;
};

struct FormRecord {
  // It shows how to fill in the sheet, and is never recorded.
  bool example = false;
  // The report that it is about; empty for registrations.
  std::string report;
  // Empty when there are problems.
  std::vector<Fact> facts;
  // Of money.
  std::optional<int64_t> amount_fen;
  // Each names heading, value, what is wrong and what to do.
  std::vector<std::string> problems;
  // Of a reallocation: what its two sides share.
  std::string transfer;
};

// Reads a row of any kind but vouchers. `ledger` is "430203".
FormRecord ReadFormRow(const SheetForm& form, const Headings& headings,
                       const std::string& ledger, const Row& row);

// The kinds, by id of the sheet; false when it is none of these.
bool ReadMoneyRow(FormRow& row, FormRecord& record);
bool ReadPerformanceRow(FormRow& row, FormRecord& record);
bool ReadBaseDataRow(FormRow& row, FormRecord& record);

// The key of a fact of `row`: the sheet, department and year, then `parts`.
std::string FactKey(FormRow& row, std::vector<std::string> parts);

// Adds a fact; without `event`, that it is taken back.
void AddFact(std::string key, std::optional<v1::Event> event,
             FormRecord& record);

// The effective date of `event` as it enters keys; empty when it has none.
std::string DayKey(const v1::Event& event);

// A FigureStated of `figure` for an emptiness or a 0.
v1::FigureStated StatedOf(const std::string& figure, const CellAmount& amount);

}  // namespace daybook::importer

#endif  // DAYBOOK_CLIENTS_IMPORT_KINDS_FORM_RECORD_H_
