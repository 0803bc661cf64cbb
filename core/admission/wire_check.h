// Whether the bytes of a message are in order by the rules of its type. They
// are walked once, without looking any field up by name or through reflection,
// which for an event in order, as nearly all are, costs a fifth.
//
// What is not in order is for others to tell: see CheckWellFormed.
//
// Thread safety: a pure function.

#ifndef DAYBOOK_CORE_ADMISSION_WIRE_CHECK_H_
#define DAYBOOK_CORE_ADMISSION_WIRE_CHECK_H_

#include "absl/strings/string_view.h"
#include "core/admission/type_rules.h"

namespace daybook {

// `bytes` is a serialised message whose type has these rules: it has no unknown
// fields and values, no string that is too long, has control characters or is
// empty where it must not be, and so has all that is in it.
bool IsInOrder(absl::string_view bytes, const TypeRules& rules);

}  // namespace daybook

#endif  // DAYBOOK_CORE_ADMISSION_WIRE_CHECK_H_
