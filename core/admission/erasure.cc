#include "core/admission/erasure.h"

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "core/admission/fact_keys.h"
#include "daybook/internal/fact.pb.h"

namespace daybook {
namespace {

constexpr char target_field[] = "personal_data_erased.target";

void Refuse(DecisionBuilder& decision, std::string message,
            std::string remedy) {
  decision.Refuse(
      {.code = absl::StatusCode::kFailedPrecondition,
       .field = absl::StrCat(target_field, ".event_id"),
       .value = decision.event().personal_data_erased().target().event_id(),
       .message = std::move(message),
       .remedy = std::move(remedy)});
}

// Whether the event was stated by who erases.
bool CheckSource(DecisionBuilder& decision) {
  const std::string& named =
      decision.event().personal_data_erased().target().source();
  if (named.empty() || named == decision.entry().source()) return true;
  decision.Refuse({.code = absl::StatusCode::kFailedPrecondition,
                   .field = absl::StrCat(target_field, ".source"),
                   .value = named,
                   .message = absl::StrCat("this event is stated by ",
                                           decision.entry().source()),
                   .remedy = "erase as the source that stated the event"});
  return false;
}

}  // namespace

void DecideErasure(DecisionBuilder& decision) {
  if (!CheckSource(decision)) return;
  if (decision.facts().target == nullptr) {
    return decision.Refuse(
        {.code = absl::StatusCode::kNotFound,
         .field = absl::StrCat(target_field, ".event_id"),
         .value = decision.event().personal_data_erased().target().event_id(),
         .message = "no such event is recorded",
         .remedy = "record the event first",
         .retryable = true});
  }
  const v1::Entry& target = *decision.facts().target;
  if (target.event().subject() != decision.event().subject()) {
    Refuse(decision, absl::StrCat("it belongs to ", target.event().subject()),
           "erase under its own subject");
  }
  if (target.personal_data_commitment().empty()) {
    return Refuse(decision, "it was recorded without personal data",
                  "there is nothing to erase; leave this event out");
  }
  const Position position(target.position());
  if (const auto* const erased =
          decision.Find<internal::ErasedFact>(ErasedKey(position))) {
    return Refuse(decision,
                  absl::StrCat("its personal data was erased already, by "
                               "position ",
                               erased->erased_by()),
                  "leave the second erasure out");
  }
  internal::ErasedFact fact;
  fact.set_erased_by(decision.position().value());
  decision.Update(ErasedKey(position), std::move(fact));
  decision.decision().erased = position;
}

}  // namespace daybook
