// The rules of each payload, for CheckWellFormed.
//
// Thread safety: pure functions.

#ifndef DAYBOOK_CORE_ADMISSION_PAYLOAD_RULES_H_
#define DAYBOOK_CORE_ADMISSION_PAYLOAD_RULES_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
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

// Where a value stands within the event; spelled out only for a problem.
class FieldRef {
 public:
  FieldRef(const char* field) : name_(field) {}
  FieldRef(const std::string& field) : name_(field) {}
  // ("expenditure_recorded", ".line.fund").
  FieldRef(absl::string_view name, absl::string_view part)
      : name_(name), part_(part) {}

  std::string ToString() const { return absl::StrCat(name_, part_); }

 private:
  absl::string_view name_;
  absl::string_view part_ = {};
};

// What is wrong with the payload of an event; one must be set. Lengths of
// strings and unknown fields are checked elsewhere.
void CheckPayload(const v1::Event& event, ProblemList& problems);

// The same for the payloads that move money.
void CheckMoneyPayload(const v1::Event& event, ProblemList& problems);

// An amount that flows: not 0, within the bounds of one event.
void CheckFlow(int64_t fen, absl::string_view payload, ProblemList& problems);

// A key of [a-z0-9_]; the second one may be empty.
void CheckKey(const std::string& key, const FieldRef& field,
              ProblemList& problems);
void CheckOptionalKey(const std::string& key, const FieldRef& field,
                      ProblemList& problems);

// An enum that must not be left at 0.
template <typename Enum>
void CheckSet(Enum value, const FieldRef& field, ProblemList& problems) {
  if (value != 0) return;
  problems.Add({.field = field.ToString(),
                .message = "it is not set",
                .remedy = "use one of the field's values"});
}

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
