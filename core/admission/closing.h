// Rules of the events that close the books and publish the report.
//
// Each adds its problems and updates to the decision.
//
// Thread safety: pure functions.

#ifndef DAYBOOK_CORE_ADMISSION_CLOSING_H_
#define DAYBOOK_CORE_ADMISSION_CLOSING_H_

#include "core/admission/decision_builder.h"

namespace daybook {

void DecidePeriodClosed(DecisionBuilder& decision);
void DecidePeriodReopened(DecisionBuilder& decision);
void DecidePublished(DecisionBuilder& decision);

}  // namespace daybook

#endif  // DAYBOOK_CORE_ADMISSION_CLOSING_H_
