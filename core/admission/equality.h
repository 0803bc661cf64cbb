// Whether an event that was seen before says the same as it did then.
//
// Thread safety: pure functions.

#ifndef DAYBOOK_CORE_ADMISSION_EQUALITY_H_
#define DAYBOOK_CORE_ADMISSION_EQUALITY_H_

#include <string>

#include "absl/strings/string_view.h"
#include "daybook/v1/entry.pb.h"
#include "daybook/v1/errors.pb.h"
#include "daybook/v1/event.pb.h"

namespace daybook {

// True when `offered` equals the recorded event field by field, and its
// personal data has the recorded commitment under `salt` (the recorded salt;
// empty when the entry has none or it was erased). Erased personal data is not
// compared.
bool SameFact(const v1::Entry& recorded, absl::string_view salt,
              const v1::EventInput& offered);

// The problem of an identity that is recorded with other content; it names the
// first field that differs, never a value of personal data.
v1::Problem OtherContent(const v1::Entry& recorded,
                         const v1::EventInput& offered);

}  // namespace daybook

#endif  // DAYBOOK_CORE_ADMISSION_EQUALITY_H_
