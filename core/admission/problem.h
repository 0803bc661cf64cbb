// How a problem is put into words: field, value, what is wrong, what to do.
//
// Thread safety: pure functions.

#ifndef DAYBOOK_CORE_ADMISSION_PROBLEM_H_
#define DAYBOOK_CORE_ADMISSION_PROBLEM_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "daybook/v1/errors.pb.h"

namespace daybook {

// Longest value that a problem repeats.
inline constexpr size_t problem_value_bytes_max = 128;

struct ProblemText {
  absl::StatusCode code = absl::StatusCode::kInvalidArgument;
  // Within the input: "event.expenditure_recorded.amount_fen".
  std::string field = "";
  // Shortened to `problem_value_bytes_max`, between characters.
  std::string value = "";
  // One sentence without full stop.
  std::string message = "";
  std::string remedy = "";
  bool retryable = false;
};

v1::Problem MakeProblem(const ProblemText& text);

}  // namespace daybook

#endif  // DAYBOOK_CORE_ADMISSION_PROBLEM_H_
