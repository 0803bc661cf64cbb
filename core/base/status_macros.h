// RETURN_IF_ERROR and ASSIGN_OR_RETURN: pass an error on to the caller.
//
//   RETURN_IF_ERROR(log.Check());
//   ASSIGN_OR_RETURN(const Money sum, a.Plus(b));
//
// Thread safety: not applicable.

#ifndef DAYBOOK_CORE_BASE_STATUS_MACROS_H_
#define DAYBOOK_CORE_BASE_STATUS_MACROS_H_

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#define RETURN_IF_ERROR(expression)                    \
  do {                                                 \
    absl::Status daybook_status_ = (expression);       \
    if (!daybook_status_.ok()) return daybook_status_; \
  } while (false)

#define DAYBOOK_CONCAT_INNER_(a, b) a##b
#define DAYBOOK_CONCAT_(a, b) DAYBOOK_CONCAT_INNER_(a, b)

#define ASSIGN_OR_RETURN(declaration, expression)                          \
  DAYBOOK_ASSIGN_OR_RETURN_(DAYBOOK_CONCAT_(daybook_status_or_, __LINE__), \
                            declaration, expression)

#define DAYBOOK_ASSIGN_OR_RETURN_(result, declaration, expression) \
  auto result = (expression);                                      \
  if (!result.ok()) return result.status();                        \
  declaration = *std::move(result)

#endif  // DAYBOOK_CORE_BASE_STATUS_MACROS_H_
