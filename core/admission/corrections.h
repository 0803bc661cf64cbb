// Rules of the events that correct others: reversals, refunds, clearings, what
// replaces another event, and what is dated in a closed period.
//
// Each adds its problems and updates to the decision.
//
// Thread safety: pure functions.

#ifndef DAYBOOK_CORE_ADMISSION_CORRECTIONS_H_
#define DAYBOOK_CORE_ADMISSION_CORRECTIONS_H_

#include "core/admission/decision_builder.h"

namespace daybook {

void DecideReversal(DecisionBuilder& decision);

// A refund or a clearing: it takes from a payment at most what remains of it.
void DecideTaking(DecisionBuilder& decision);

// Of an event that names one that it replaces.
void DecideReplacement(DecisionBuilder& decision);

// Whether the event's day is closed; refused then without a correction.
bool DecidePeriod(DecisionBuilder& decision);

}  // namespace daybook

#endif  // DAYBOOK_CORE_ADMISSION_CORRECTIONS_H_
