// FormScanner: walks over the sheets of a filled workbook, finds the headings
// of each, and says what each row is.
//
// Headings may stand in any order and below titles. Of a kind with several
// sheets each sheet is known by its headings, whatever its name.
//
// Thread safety: thread-compatible.
//
// Rules: docs/workbooks.md.

#ifndef DAYBOOK_CLIENTS_IMPORT_FORM_SCANNER_H_
#define DAYBOOK_CLIENTS_IMPORT_FORM_SCANNER_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "clients/import/headings.h"
#include "clients/import/kinds/form_record.h"
#include "clients/import/sheet_form.h"
#include "clients/import/table_reader.h"
#include "core/base/decimal.h"

namespace daybook::importer {

// Sheets of a template that hold no rows.
inline constexpr const char* kExplanationSheet = "说明";
inline constexpr const char* kChoicesSheet = "选项";

enum class FormRowClass { kTitle, kHeader, kBlank, kSubtotal, kData };

class FormScanner {
 public:
  // Headings stand among the first so many rows of a sheet.
  static constexpr int64_t header_rows_max = 30;
  static constexpr size_t mismatches_max = 16;

  // `workbook` must outlive it; `ledger` is "430203".
  FormScanner(const WorkbookForm& workbook, std::string ledger)
      : workbook_(workbook), ledger_(std::move(ledger)) {}

  // Every row of the table, in order.
  //
  // Errors: INVALID_ARGUMENT when a row is one of headings and not all of them
  // are known, a required one is missing, or one stands twice; all of this at
  // once.
  absl::StatusOr<FormRowClass> Classify(const Row& row);

  // Of a row of kData.
  FormRecord Read(const Row& row);

  // After the last row.
  //
  // Errors: INVALID_ARGUMENT when no sheet had headings.
  absl::Status Finish();

  // Whether the sheet that is being read tells equal rows apart by 序号.
  bool HasSequence() const {
    return form_ != nullptr && form_->Find(Field::kSequence) != nullptr;
  }

  // The headings of the sheet that is being read.
  const Row& header() const { return header_; }
  // Sheets without headings.
  const std::vector<std::string>& notes() const { return notes_; }
  // Sums of a sheet that are not those of its rows.
  const std::vector<std::string>& mismatches() const { return mismatches_; }

 private:
  void EndSheet();
  // Whether it is a row of headings; then they are taken.
  absl::StatusOr<bool> TakeHeader(const Row& row);
  // Whether it says nothing that a row must, as 填表人：… below a table.
  bool IsNote(const Row& row) const;
  void CheckSum(const Row& row);

  const WorkbookForm& workbook_;
  const std::string ledger_;
  bool started_ = false;
  std::string sheet_;
  int64_t rows_ = 0;
  // Null until the headings of the sheet were found.
  const SheetForm* form_ = nullptr;
  Row header_;
  Headings headings_;
  bool found_ = false;
  // Of the sheet's rows, as long as all can be read.
  Int128 since_header_ = 0;
  Int128 since_subtotal_ = 0;
  bool unknown_ = false;
  std::vector<std::string> notes_;
  std::vector<std::string> mismatches_;
};

}  // namespace daybook::importer

#endif  // DAYBOOK_CLIENTS_IMPORT_FORM_SCANNER_H_
