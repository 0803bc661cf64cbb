// MoneyFormula: how a money figure comes about, from events or from others.
//
// The one place that knows: figures are computed by it and explained by it.
//
// Thread safety: pure functions.

#ifndef DAYBOOK_CORE_REPORT_MONEY_FORMULA_H_
#define DAYBOOK_CORE_REPORT_MONEY_FORMULA_H_

#include <string>
#include <vector>

#include "core/budget/figure_path.h"
#include "core/report/bucket.h"
#include "daybook/v1/registration_events.pb.h"

namespace daybook {

struct MoneyTerm {
  LineFilter lines;
  Measure measure = Measure::kApproved;
  // 1 or -1.
  int sign = 1;
};

struct MoneyFormula {
  enum class Kind {
    // The sum of events.
    kEvents,
    // What is stated for exactly this path.
    kStated,
    // The terms with their signs; a blank one adds nothing.
    kAddition,
    // The first term in percent of the second.
    kPercentage,
  };

  Kind kind = Kind::kEvents;
  std::vector<MoneyTerm> terms;
};

MoneyFormula FormulaOf(const LineFilter& lines, Measure measure,
                       const v1::ReportOpened& opened);

// Whether events of `kind` are part of a measure that is the sum of events;
// false for every other measure.
bool Counts(Measure measure, MoneyKind kind);

// -1 for a measure that shows the opposite of what its events add up to.
int SignOf(Measure measure);

// "general.project.executed".
std::string MoneyPath(const LineFilter& lines, Measure measure);

}  // namespace daybook

#endif  // DAYBOOK_CORE_REPORT_MONEY_FORMULA_H_
