// IsOk(), IsOkAndHolds(m) and StatusIs(code[, message matcher]): matchers for
// absl::Status and absl::StatusOr.
//
//   EXPECT_THAT(log->Append(...), IsOkAndHolds(Position(0)));
//   EXPECT_THAT(log->Read(...), StatusIs(kOutOfRange, HasSubstr("size is")));
//
// Thread safety: as gMock's own.

#ifndef DAYBOOK_TESTS_SUPPORT_STATUS_MATCHERS_H_
#define DAYBOOK_TESTS_SUPPORT_STATUS_MATCHERS_H_

#include <ostream>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gmock/gmock.h"

namespace daybook::testing {

inline const absl::Status& GetStatus(const absl::Status& status) {
  return status;
}

template <typename T>
const absl::Status& GetStatus(const absl::StatusOr<T>& status_or) {
  return status_or.status();
}

MATCHER(IsOk, negation ? "is not OK" : "is OK") {
  *result_listener << GetStatus(arg).ToString();
  return GetStatus(arg).ok();
}

MATCHER_P(IsOkAndHolds, matcher, "is OK and holds a value that matches") {
  if (!arg.ok()) {
    *result_listener << arg.status().ToString();
    return false;
  }
  return ::testing::ExplainMatchResult(matcher, *arg, result_listener);
}

MATCHER_P2(StatusIs, code, message,
           "has the code " + absl::StatusCodeToString(code) +
               " and a message that matches") {
  *result_listener << GetStatus(arg).ToString();
  return GetStatus(arg).code() == code &&
         ::testing::ExplainMatchResult(
             message, std::string(GetStatus(arg).message()), result_listener);
}

inline auto StatusIs(absl::StatusCode code) {
  return StatusIs(code, ::testing::_);
}

}  // namespace daybook::testing

#endif  // DAYBOOK_TESTS_SUPPORT_STATUS_MATCHERS_H_
