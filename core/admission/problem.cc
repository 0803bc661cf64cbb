#include "core/admission/problem.h"

#include "core/base/utf8.h"

namespace daybook {

v1::Problem MakeProblem(const ProblemText& text) {
  v1::Problem problem;
  problem.set_code(static_cast<int32_t>(text.code));
  problem.set_field(text.field);
  problem.set_value(Shortened(text.value, problem_value_bytes_max));
  problem.set_message(text.message);
  problem.set_remedy(text.remedy);
  problem.set_retryable(text.retryable);
  return problem;
}

}  // namespace daybook
