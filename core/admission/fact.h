// Fact: one of the things that admission keeps about what is recorded, so that
// an event can be decided without reading the log.
//
// Facts lie beside the log as bytes, under keys that say what they are about
// (fact_keys.h), and are parsed once, when they are fetched.
//
// Thread safety: pure functions on value types.

#ifndef DAYBOOK_CORE_ADMISSION_FACT_H_
#define DAYBOOK_CORE_ADMISSION_FACT_H_

#include <string>
#include <variant>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "daybook/internal/fact.pb.h"

namespace daybook {

using Fact = std::variant<internal::SubjectFact, internal::OpenedFact,
                          internal::BucketFact, internal::ProjectFact,
                          internal::IndicatorFact, internal::TakenFact,
                          internal::ReversedFact, internal::ErasedFact>;

// Reads the fact that is stored under `key`.
//
// Errors: DATA_LOSS when there is no such key, or these are not its bytes.
absl::StatusOr<Fact> ParseFact(absl::string_view key, absl::string_view bytes);

// A fact as it is stored.
std::string FactBytes(const Fact& fact);

}  // namespace daybook

#endif  // DAYBOOK_CORE_ADMISSION_FACT_H_
