// Rules of the event that erases personal data.
//
// Nothing of what it says changes a report: what goes lies beside the entry,
// which stays as it is.
//
// Thread safety: pure functions.

#ifndef DAYBOOK_CORE_ADMISSION_ERASURE_H_
#define DAYBOOK_CORE_ADMISSION_ERASURE_H_

#include "core/admission/decision_builder.h"

namespace daybook {

// Adds its problems and updates to the decision, with the entry whose personal
// data goes.
void DecideErasure(DecisionBuilder& decision);

}  // namespace daybook

#endif  // DAYBOOK_CORE_ADMISSION_ERASURE_H_
