// DecisionBuilder: what the rules of one decision share: the event, the facts,
// and the problems and updates that they add.
//
// Thread safety: thread-compatible.

#ifndef DAYBOOK_CORE_ADMISSION_DECISION_BUILDER_H_
#define DAYBOOK_CORE_ADMISSION_DECISION_BUILDER_H_

#include <string>
#include <utility>
#include <variant>

#include "absl/strings/string_view.h"
#include "core/admission/admission.h"
#include "core/admission/problem.h"
#include "core/base/strong_int.h"
#include "core/budget/resource_name.h"
#include "daybook/internal/fact.pb.h"
#include "daybook/v1/entry.pb.h"

namespace daybook {

class DecisionBuilder {
 public:
  // All must outlive it. The event must be well-formed. `recorded`: it stands
  // in the log already, so nothing about it is refused any more.
  DecisionBuilder(const v1::Entry& entry, Needed& needed, const Facts& facts,
                  bool recorded = false);

  DecisionBuilder(const DecisionBuilder&) = delete;
  DecisionBuilder& operator=(const DecisionBuilder&) = delete;

  const v1::Entry& entry() const { return entry_; }
  const v1::Event& event() const { return entry_.event(); }
  const Facts& facts() const { return facts_; }
  Position position() const { return Position(entry_.position()); }
  const ResourceName& subject() const { return needed_.subject; }
  // Name of the payload's field, such as "expenditure_recorded".
  const std::string& payload() const;

  // About the event's subject; written back when the event is accepted.
  internal::SubjectFact& subject_fact() { return subject_fact_; }

  // Null when there is none.
  template <typename Message>
  const Message* Find(absl::string_view key) const {
    const Fact* const fact = facts_.Find(key);
    return fact == nullptr ? nullptr : std::get_if<Message>(fact);
  }

  template <typename Message>
  void Update(std::string key, Message fact) {
    decision_.updates.push_back({std::move(key), std::move(fact)});
  }

  bool recorded() const { return recorded_; }

  // `text.field` is relative to the event.
  void Refuse(ProblemText text);

  bool refused() const { return !decision_.problems.empty(); }

  // Keeps the sum of the report's absolute amounts below the limit, so that no
  // fold overflows in any order. `field` is where the amount stands; that of
  // the payload's own amount when it is empty.
  void AddAbsolute(int64_t fen, absl::string_view field = "");

  Decision& decision() { return decision_; }

  // What was decided.
  Decision Finish();

 private:
  const v1::Entry& entry_;
  Needed& needed_;
  const Facts& facts_;
  const bool recorded_;
  internal::SubjectFact subject_fact_;
  Decision decision_;
};

}  // namespace daybook

#endif  // DAYBOOK_CORE_ADMISSION_DECISION_BUILDER_H_
