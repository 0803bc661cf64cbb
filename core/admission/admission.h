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

#include "absl/status/statusor.h"
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

  // The recorded event that this one cancels or takes from, and the one that it
  // replaces.
  std::optional<v1::EventIdentity> target;
  std::optional<v1::EventIdentity> replaced;
};

// What was found of it. A fact that does not exist is absent from `values`.
struct Facts {
  std::map<std::string, std::string> values;

  // The entries of the events that Needed names; absent when not recorded.
  std::optional<v1::Entry> target;
  std::optional<v1::Entry> replaced;
};

// A fact to keep from now on.
struct FactUpdate {
  std::string key;
  std::string value;
};

// A bucket of a report by its number, and whether an event is its first.
struct PlacedBucket {
  uint32_t number = 0;
  bool is_new = false;
};

struct Decision {
  // Empty: the event may be recorded. Otherwise all of its problems.
  std::vector<v1::Problem> problems;

  // What changes when it is recorded. Empty when it is refused.
  std::vector<FactUpdate> updates;

  // What it does to the state of its subject; absent when it is refused.
  std::optional<Posting> posting;

  // One for each of the posting's rows of money.
  std::vector<PlacedBucket> buckets;
};

// The event must be well-formed. `source` is who states it.
Needed Needs(const v1::Event& event, absl::string_view source);

// Keys of the facts about an event that Needs names. They are not known before
// its entry is, so the caller fetches them when it has found it.
std::vector<std::string> TargetKeys(const v1::Entry& target);

// Decides about an entry with a well-formed event that would be recorded at its
// position. What else the server adds to it does not matter.
//
// Errors: DATA_LOSS when a fact can not be read.
absl::StatusOr<Decision> Decide(const v1::Entry& entry, const Facts& facts);

// What an entry changes that stands in the log already. Nothing about it is
// refused: it may have been recorded by other rules.
//
// Errors: DATA_LOSS when a fact can not be read, or the entry can not stand
// there by any rules.
absl::StatusOr<Decision> Derive(const v1::Entry& entry, const Facts& facts);

// The problem of a stale precondition: an entry about the event's subject
// stands at or after `expected`. Needs names the fact that it reads.
std::optional<v1::Problem> CheckPrecondition(const v1::Event& event,
                                             LogSize expected,
                                             const Facts& facts);

}  // namespace daybook

#endif  // DAYBOOK_CORE_ADMISSION_ADMISSION_H_
