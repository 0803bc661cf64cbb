// The forms of the kinds, one function each, for sheet_form.cc.
//
// Thread safety: pure functions.

#ifndef DAYBOOK_CLIENTS_IMPORT_SHEET_FORM_PARTS_H_
#define DAYBOOK_CLIENTS_IMPORT_SHEET_FORM_PARTS_H_

#include <vector>

#include "clients/import/sheet_form.h"

namespace daybook::importer {

WorkbookForm VoucherForm();
WorkbookForm QuotaForm();
WorkbookForm AdjustmentForm();
WorkbookForm CarryoverForm();
WorkbookForm IncomeForm();
WorkbookForm IndicatorsForm();
WorkbookForm ResultsForm();
WorkbookForm ActivitiesForm();
WorkbookForm BaseDataForm();
WorkbookForm PriorYearForm();

// Columns that several sheets have.
Column DepartmentColumn();
Column FiscalYearColumn();
Column SequenceColumn();
Column ProjectColumn();
Column DocumentDateColumn();
Column DocumentNumberColumn();
// `fallback`: the day where the cell is blank, as "1月1日"; empty when the
// cell is required.
Column EffectiveDateColumn(const std::string& heading,
                           const std::string& fallback,
                           const std::string& example);
Column AmountColumn(const std::string& heading, const std::string& example,
                    const std::string& note);
Column YesNoColumn(Field field, const std::string& heading,
                   const std::string& note);
// Fund, nature, project, codes, source row, unit and quota.
std::vector<Column> LineColumns();

std::vector<Column> Joined(std::vector<std::vector<Column>> parts);

}  // namespace daybook::importer

#endif  // DAYBOOK_CLIENTS_IMPORT_SHEET_FORM_PARTS_H_
