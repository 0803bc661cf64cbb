// SheetForm: the columns of a sheet that an office fills in, as data.
//
// One description serves both ways: the blank workbook is written from it, and
// a filled one is read by it, so that what is offered is what is taken.
//
// Thread safety: immutable once made; any thread may read.
//
// Rules: docs/workbooks.md.

#ifndef DAYBOOK_CLIENTS_IMPORT_SHEET_FORM_H_
#define DAYBOOK_CLIENTS_IMPORT_SHEET_FORM_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "clients/import/cell_values.h"

namespace daybook::importer {

// What a department code begins with in the row that shows how to fill in a
// sheet. No code of a department begins so: such a row is never recorded.
inline constexpr const char* kExampleMark = "示例";

// One word that a cell may hold, and what it stands for: the number of an enum
// of the protos, or 1 and 0 for 是 and 否.
struct Choice {
  std::string word;
  int number = 0;
};

// What a column is about; the same in all sheets.
enum class Field {
  kDepartment,
  kFiscalYear,
  kSequence,
  kEffectiveDate,
  kDocumentDate,
  kDocumentNumber,
  // The line.
  kFund,
  kNature,
  kProject,
  kFunctionCode,
  kEconomicCode,
  kGovernmentEconomicCode,
  kSourceRow,
  kUnit,
  kQuota,
  // Money.
  kAmount,
  kOfWhich,
  kProcurement,
  kAdjustmentKind,
  kReason,
  kTransfer,
  kCarryoverEnd,
  // Vouchers.
  kVoucherNumber,
  kVoucherLine,
  kPaymentMethod,
  kContractNumber,
  kPayee,
  kSummary,
  kPreparer,
  // Indicators.
  kIndicator,
  kLevel,
  kLevel2,
  kName,
  kOperator,
  kPrintedOperator,
  kTarget,
  kMeasureUnit,
  kWeight,
  kAssessable,
  // Results.
  kMode,
  kResult,
  kAttainment,
  kDeclaredScore,
  kDeviationReason,
  // Activities.
  kActivity,
  kLabel,
  kQuantity,
  kQualifier,
  // Base data.
  kFigure,
  kStatement,
  kQuotaCount,
  kActualCount,
  kPermanentCount,
  kContractCount,
  kProjectCode,
  kAliases,
  kCategory,
  kProgramme,
  kFunds,
  kBookSource,
  kForm,
};

struct Column {
  // How its cells are written.
  enum class Format { kText, kCode, kAmount, kNumber, kDate };

  Field field = Field::kDepartment;
  std::string heading;
  bool required = false;
  Format format = Format::kText;
  // What the row of the example has.
  std::string example = "";
  // What it means, for the sheet of explanations.
  std::string note = "";
  // Offered as a drop-down; where `open`, other words are taken too.
  std::vector<Choice> choices = {};
  bool open = false;

  // The number of a word; -1 when it is none of the choices.
  int NumberOf(absl::string_view word) const;
  // "一般公共预算, 政府性基金预算, …", for remedies.
  std::string WordsText() const;
};

// One sheet of a kind.
struct SheetForm {
  // Its name in the workbook, and in keys.
  std::string title;
  std::string id;
  // What it is for, one sentence.
  std::string purpose;
  std::vector<Column> columns;

  // Null when it has no such column.
  const Column* Find(Field field) const;
  const Column* FindHeading(absl::string_view heading) const;
  std::vector<std::string> Headings() const;
};

// One --kind.
struct WorkbookForm {
  std::string kind;
  // What the workbook is called.
  std::string title;
  std::vector<SheetForm> sheets;
};

// All kinds, voucher first.
const std::vector<WorkbookForm>& WorkbookForms();

// Null when there is no such kind.
const WorkbookForm* FindWorkbookForm(absl::string_view kind);

// The heading of an amount in 万元, which may stand instead of that in 元.
inline constexpr const char* kWanSuffix = "（万元）";
inline constexpr const char* kYuanSuffix = "（元）";

// The heading of `column` in 万元; empty when it is no amount.
std::string WanHeading(const Column& column);

// A cell that says yes.
inline constexpr int kYes = 1;

// The number that the choices of Field::kLevel have: they name levels of the
// usual policy, "output" and so on.
std::string LevelOf(int number);

// The choices of Field::kCarryoverEnd.
inline constexpr int kOpening = 1;
inline constexpr int kClosing = 2;

// "三公经费 上年决算数" -> "three_public.prior_executed": the path of a row of
// a shipped form by its label as printed. Empty when no row, or several, have
// it.
std::string PathOfLabel(absl::string_view label);

}  // namespace daybook::importer

#endif  // DAYBOOK_CLIENTS_IMPORT_SHEET_FORM_H_
