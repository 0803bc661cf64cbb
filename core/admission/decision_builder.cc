#include "core/admission/decision_builder.h"

#include "core/admission/fact_keys.h"
#include "core/admission/references.h"
#include "core/budget/money.h"

namespace daybook {
DecisionBuilder::DecisionBuilder(const v1::Entry& entry, const Facts& facts,
                                 bool recorded)
    : entry_(entry),
      facts_(facts),
      recorded_(recorded),
      subject_(SubjectOf(entry.event())),
      payload_(v1::Event::descriptor()
                   ->FindFieldByNumber(
                       static_cast<int>(entry.event().payload_case()))
                   ->name()) {
  subject_fact_ =
      Find<internal::SubjectFact>(SubjectKey(entry.event().subject()))
          .value_or(internal::SubjectFact());
}

void DecisionBuilder::Refuse(ProblemText text) {
  if (recorded_) return;
  text.field = "event." + text.field;
  decision_.problems.push_back(MakeProblem(text));
}

void DecisionBuilder::AddAbsolute(int64_t fen, const std::string& field) {
  const int64_t absolute = fen < 0 ? -fen : fen;
  const absl::StatusOr<Money> sum =
      Money(subject_fact_.absolute_fen()).Plus(Money(absolute));
  if (!sum.ok() || sum->fen() >= Money::report_fen_limit) {
    return Refuse(
        {.code = absl::StatusCode::kOutOfRange,
         .field = field,
         .value = absl::StrCat(fen),
         .message = "the report's amounts together would reach 2^62 fen",
         .remedy = "check the unit of the amounts: whole fen"});
  }
  subject_fact_.set_absolute_fen(sum->fen());
}

absl::StatusOr<Decision> DecisionBuilder::Finish() {
  if (!damage_.ok()) return damage_;
  if (refused()) {
    decision_.updates.clear();
    decision_.posting.reset();
    decision_.buckets.clear();
    return std::move(decision_);
  }
  subject_fact_.set_last_position(position().value());
  Update(SubjectKey(event().subject()), subject_fact_);
  return std::move(decision_);
}

}  // namespace daybook
