#include "core/admission/decision_builder.h"

#include "absl/strings/str_cat.h"
#include "core/budget/money.h"

namespace daybook {

DecisionBuilder::DecisionBuilder(const v1::Entry& entry, Needed& needed,
                                 const Facts& facts, bool recorded)
    : entry_(entry), needed_(needed), facts_(facts), recorded_(recorded) {
  const auto* const known = Find<internal::SubjectFact>(needed.subject_key);
  if (known != nullptr) subject_fact_ = *known;
}

const std::string& DecisionBuilder::payload() const {
  return v1::Event::descriptor()
      ->FindFieldByNumber(static_cast<int>(event().payload_case()))
      ->name();
}

void DecisionBuilder::Refuse(ProblemText text) {
  if (recorded_) return;
  text.field = "event." + text.field;
  decision_.problems.push_back(MakeProblem(text));
}

void DecisionBuilder::AddAbsolute(int64_t fen, absl::string_view field) {
  const int64_t absolute = fen < 0 ? -fen : fen;
  const absl::StatusOr<Money> sum =
      Money(subject_fact_.absolute_fen()).Plus(Money(absolute));
  if (!sum.ok() || sum->fen() >= Money::report_fen_limit) {
    return Refuse(
        {.code = absl::StatusCode::kOutOfRange,
         .field = field.empty() ? absl::StrCat(payload(), ".amount_fen")
                                : std::string(field),
         .value = absl::StrCat(fen),
         .message = "the report's amounts together would reach 2^62 fen",
         .remedy = "check the unit of the amounts: whole fen"});
  }
  subject_fact_.set_absolute_fen(sum->fen());
}

Decision DecisionBuilder::Finish() {
  if (refused()) {
    decision_.updates.clear();
    decision_.posting.reset();
    decision_.buckets.clear();
    return std::move(decision_);
  }
  subject_fact_.set_last_position(position().value());
  decision_.subject = std::move(subject_fact_);
  return std::move(decision_);
}

}  // namespace daybook
