// What an import did, in words and tables.
//
// Thread safety: pure functions.

#ifndef DAYBOOK_CLIENTS_CLI_IMPORT_TEXT_H_
#define DAYBOOK_CLIENTS_CLI_IMPORT_TEXT_H_

#include <map>
#include <optional>
#include <string>

#include "clients/import/import_summary.h"

namespace daybook::cli {

// What a table held.
enum class SummaryOf { kVouchers, kMoneyForm, kForm };

// Where every row and every fen of the table went; ends with a sum.
std::string ImportSummaryText(const importer::ImportSummary& summary,
                              bool dry_run,
                              SummaryOf of = SummaryOf::kVouchers);

// What changes in the reports. `now` has the values of figures, by report and
// path, where they are known; then each is shown now and afterwards.
using FiguresNow = std::map<std::string, std::map<std::string, int64_t>>;
std::string ImportEffectText(const importer::ImportEffect& effect,
                             const FiguresNow& now);

}  // namespace daybook::cli

#endif  // DAYBOOK_CLIENTS_CLI_IMPORT_TEXT_H_
