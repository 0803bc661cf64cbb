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

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "core/base/strong_int.h"
#include "core/report/posting.h"
#include "daybook/v1/entry.pb.h"
#include "daybook/v1/errors.pb.h"
#include "daybook/v1/event.pb.h"

namespace daybook {

// Limits of one report or department, so that what a reader must hold is
// bounded however many events there are: different buckets of money, and
// entries that are not about money, with their bytes together.
inline constexpr uint32_t buckets_max = 16'384;
inline constexpr uint32_t statements_max = 65'536;
inline constexpr uint64_t statement_bytes_max = uint64_t{32} << 20;

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

  // What it does to the state of its subject; absent when it is refused.
  std::optional<Posting> posting;

  // Of a posting of money: the number of its bucket in the report, and whether
  // this is its first event.
  uint32_t bucket = 0;
  bool is_new_bucket = false;
};

// The event must be well-formed. `source` is who states it.
Needed Needs(const v1::Event& event, absl::string_view source);

// Keys of the facts about the target of a reversal. Needs can not name them
// before the target is known, so the caller fetches them when it has found it.
std::vector<std::string> TargetKeys(const v1::Entry& target);

// Decides about an entry with a well-formed event that would be recorded at its
// position. What else the server adds to it does not matter.
Decision Decide(const v1::Entry& entry, const Facts& facts);

// The problem of a stale precondition: an entry about the event's subject
// stands at or after `expected`. Needs names the fact that it reads.
std::optional<v1::Problem> CheckPrecondition(const v1::Event& event,
                                             LogSize expected,
                                             const Facts& facts);

}  // namespace daybook

#endif  // DAYBOOK_CORE_ADMISSION_ADMISSION_H_
