// Admission: the pure decision whether an event may be recorded.
//
// It has two steps, so that whoever keeps the facts can fetch them all at once:
// Needs names what the decision depends on, Decide answers from it. What an
// accepted event changes about the facts comes back as updates, to be written
// with the entry, and to be seen by the events after it.
//
// The stages before are pure functions of their own: CheckWellFormed
// (well_formed.h) and SameFact (equality.h).
//
// Thread safety: pure functions.

#ifndef DAYBOOK_CORE_ADMISSION_ADMISSION_H_
#define DAYBOOK_CORE_ADMISSION_ADMISSION_H_

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "core/base/strong_int.h"
#include "daybook/v1/entry.pb.h"
#include "daybook/v1/errors.pb.h"
#include "daybook/v1/event.pb.h"

namespace daybook {

// What a decision depends on.
struct Needed {
  // Keys of facts, each once.
  std::vector<std::string> fact_keys;

  // The recorded event that this one refers to (the target of a reversal).
  std::optional<v1::EventIdentity> target;
};

// What was found of it. A fact that does not exist is absent from `values`.
struct Facts {
  std::map<std::string, std::string> values;

  // The entry of `Needed::target`; absent when it is not recorded.
  std::optional<v1::Entry> target;
};

// A fact to keep from now on.
struct FactUpdate {
  std::string key;
  std::string value;
};

struct Decision {
  // Empty: the event may be recorded. Otherwise all of its problems.
  std::vector<v1::Problem> problems;

  // What changes when it is recorded. Empty when it is refused.
  std::vector<FactUpdate> updates;
};

// The event must be well-formed. `source` is who states it.
Needed Needs(const v1::Event& event, absl::string_view source);

// Key of the fact whether `position` was reversed. Needs can not name it before
// the target is known, so the caller fetches it when it has found the target.
std::string ReversedKey(Position position);

// Decides about a well-formed event that would be recorded at `position`.
Decision Decide(const v1::Event& event, const Facts& facts, Position position);

// The problem of a stale precondition: an entry about the event's subject
// stands at or after `expected`. Needs names the fact that it reads.
std::optional<v1::Problem> CheckPrecondition(const v1::Event& event,
                                             LogSize expected,
                                             const Facts& facts);

}  // namespace daybook

#endif  // DAYBOOK_CORE_ADMISSION_ADMISSION_H_
