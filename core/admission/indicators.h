// Rules of the events about indicators: set, revised, assessed, with results.
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

}  // namespace daybook

#endif  // DAYBOOK_CORE_ADMISSION_INDICATORS_H_
