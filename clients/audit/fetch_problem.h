// SaysDamage: whether a failure to read tells something about the log, or only
// that it can not be told now.
//
// Thread safety: a pure function.

#ifndef DAYBOOK_CLIENTS_AUDIT_FETCH_PROBLEM_H_
#define DAYBOOK_CLIENTS_AUDIT_FETCH_PROBLEM_H_

#include "absl/status/status.h"

namespace daybook::audit {

// What is missing, damaged or not what its name says is a finding; a server
// that does not answer is none.
inline bool SaysDamage(const absl::Status& status) {
  return absl::IsNotFound(status) || absl::IsDataLoss(status) ||
         absl::IsInvalidArgument(status) || absl::IsOutOfRange(status);
}

}  // namespace daybook::audit

#endif  // DAYBOOK_CLIENTS_AUDIT_FETCH_PROBLEM_H_
