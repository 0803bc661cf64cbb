// Rules of the events about indicators: set, revised, assessed, with results.
// What is recorded about an indicator is judged by the set that holds on its
// day.
//
// Each adds its problems and updates to the decision.
//
// Thread safety: pure functions.

#ifndef DAYBOOK_CORE_ADMISSION_INDICATORS_H_
#define DAYBOOK_CORE_ADMISSION_INDICATORS_H_

#include "core/admission/decision_builder.h"

namespace daybook {

void DecideIndicatorSet(DecisionBuilder& decision);
void DecideIndicatorRevised(DecisionBuilder& decision);
void DecideIndicatorResult(DecisionBuilder& decision);
void DecideIndicatorAssessed(DecisionBuilder& decision);

// The decision reverses an indicator_set: it holds until the event's day.
void WithdrawIndicatorSet(DecisionBuilder& decision, const v1::Entry& set);

}  // namespace daybook

#endif  // DAYBOOK_CORE_ADMISSION_INDICATORS_H_
