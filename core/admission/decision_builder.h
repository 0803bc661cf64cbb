// DecisionBuilder: what the rules of one decision share: the event, the facts,
// and the problems and updates that they add.
//
// Thread safety: thread-compatible.

#ifndef DAYBOOK_CORE_ADMISSION_DECISION_BUILDER_H_
#define DAYBOOK_CORE_ADMISSION_DECISION_BUILDER_H_

#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "core/admission/admission.h"
#include "core/admission/problem.h"
#include "core/base/strong_int.h"
#include "core/budget/resource_name.h"
#include "daybook/internal/fact.pb.h"
#include "daybook/v1/entry.pb.h"

namespace daybook {

class DecisionBuilder {
 public:
  // Both must outlive it. The event must be well-formed. `recorded`: it stands
  // in the log already, so nothing about it is refused any more.
  DecisionBuilder(const v1::Entry& entry, const Facts& facts,
                  bool recorded = false);

  DecisionBuilder(const DecisionBuilder&) = delete;
  DecisionBuilder& operator=(const DecisionBuilder&) = delete;

  const v1::Entry& entry() const { return entry_; }
  const v1::Event& event() const { return entry_.event(); }
  const Facts& facts() const { return facts_; }
  Position position() const { return Position(entry_.position()); }
  const ResourceName& subject() const { return subject_; }
  // Name of the payload's field, such as "expenditure_recorded".
  const std::string& payload() const { return payload_; }

  // About the event's subject; written back when the event is accepted.
  internal::SubjectFact& subject_fact() { return subject_fact_; }

  // The stored fact; absent when there is none, or it can not be read: the
  // decision then fails as damaged.
  template <typename Fact>
  std::optional<Fact> Find(const std::string& key) {
    const auto found = facts_.values.find(key);
    if (found == facts_.values.end()) return std::nullopt;
    Fact fact;
    if (fact.ParseFromString(found->second)) return fact;
    damage_ = absl::DataLossError(
        absl::StrCat("the stored fact ", key,
                     " can not be read; restart daybookd with --rebuild"));
    return std::nullopt;
  }

  template <typename Fact>
  void Update(std::string key, const Fact& fact) {
    decision_.updates.push_back({std::move(key), fact.SerializeAsString()});
  }

  bool recorded() const { return recorded_; }

  // `text.field` is relative to the event.
  void Refuse(ProblemText text);

  bool refused() const { return !decision_.problems.empty(); }

  // Keeps the sum of the report's absolute amounts below the limit, so that no
  // fold overflows in any order.
  void AddAbsolute(int64_t fen, const std::string& field);

  Decision& decision() { return decision_; }

  // What was decided; not OK when a stored fact is damaged.
  absl::StatusOr<Decision> Finish();

 private:
  const v1::Entry& entry_;
  const Facts& facts_;
  const bool recorded_;
  const ResourceName subject_;
  const std::string payload_;
  absl::Status damage_;
  internal::SubjectFact subject_fact_;
  Decision decision_;
};

}  // namespace daybook

#endif  // DAYBOOK_CORE_ADMISSION_DECISION_BUILDER_H_
