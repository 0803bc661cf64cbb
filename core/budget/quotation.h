// Where a text quotes figures: `{{general.project.executed}}`.
//
// Thread safety: pure functions.

#ifndef DAYBOOK_CORE_BUDGET_QUOTATION_H_
#define DAYBOOK_CORE_BUDGET_QUOTATION_H_

#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/budget/figure_path.h"

namespace daybook {

// `text` with every {{path}} replaced by what `quote` answers for it.
//
// Errors: INVALID_ARGUMENT when a {{ is not closed, or what stands between is
// not a figure path.
absl::StatusOr<std::string> ReplaceQuotations(
    absl::string_view text,
    absl::FunctionRef<std::string(const FigurePath&)> quote);

}  // namespace daybook

#endif  // DAYBOOK_CORE_BUDGET_QUOTATION_H_
