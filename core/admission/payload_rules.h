// The rules of each payload, for CheckWellFormed.
//
// Thread safety: pure functions.

#ifndef DAYBOOK_CORE_ADMISSION_PAYLOAD_RULES_H_
#define DAYBOOK_CORE_ADMISSION_PAYLOAD_RULES_H_

#include <string>
#include <utility>
#include <vector>

#include "core/admission/problem.h"
#include "daybook/v1/errors.pb.h"
#include "daybook/v1/event.pb.h"

namespace daybook {

// Collects problems, each with the path of its field.
class ProblemList {
 public:
  // `field` is relative to the event: "budget_approved.amount_fen".
  void Add(ProblemText text) {
    text.field = "event." + text.field;
    problems_.push_back(MakeProblem(text));
  }

  std::vector<v1::Problem> Take() { return std::move(problems_); }

 private:
  std::vector<v1::Problem> problems_;
};

// What is wrong with the payload of an event; one must be set. Lengths of
// strings and unknown fields are checked elsewhere.
void CheckPayload(const v1::Event& event, ProblemList& problems);

// The same for the policy of a PolicyAdopted.
void CheckPolicy(const v1::ScoringPolicy& policy, ProblemList& problems);

// A decimal: scale at most 9. Answers whether it is well-formed.
bool CheckDecimal(const v1::Decimal& decimal, const std::string& field,
                  ProblemList& problems);

// A number of points: present, 0 to 1,000 with at most 2 decimals.
void CheckPoints(const v1::Decimal* points, const std::string& field,
                 ProblemList& problems);

}  // namespace daybook

#endif  // DAYBOOK_CORE_ADMISSION_PAYLOAD_RULES_H_
