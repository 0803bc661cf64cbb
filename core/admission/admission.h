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
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/admission/fact.h"
#include "core/admission/references.h"
#include "core/base/strong_int.h"
#include "core/budget/resource_name.h"
#include "core/report/bucket.h"
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

// What a decision depends on, read out of the event once.
struct Needed {
  ResourceName subject;

  // Keys of facts. That of an indicator is empty where the event is about none.
  std::string subject_key;
  std::string indicator_key;
  // Empty unless the event opens the report, or names rows of its form.
  std::string opened_key;
  // Empty unless the event may come into a closed period.
  std::string late_key;

  // What it moves, and the facts about the buckets that it moves it in.
  MoneyFacts money;
  absl::InlinedVector<std::string, 1> bucket_keys;

  // Projects of the department that it names.
  absl::InlinedVector<std::string, 1> projects;
  // Rows of the form that it names.
  std::vector<NamedFigure> figures;

  // The recorded event that this one cancels, takes from or erases the personal
  // data of, and the one that it replaces.
  std::optional<v1::EventIdentity> target;
  std::optional<v1::EventIdentity> replaced;

  // Calls `visit` for the keys of facts that are always needed, the subject's
  // first and those of buckets next; those of the target are left out.
  template <typename Visit>
  void VisitKeys(Visit visit) const {
    visit(subject_key);
    for (const std::string& key : bucket_keys) visit(key);
    if (!indicator_key.empty()) visit(indicator_key);
    if (!opened_key.empty()) visit(opened_key);
    if (!late_key.empty()) visit(late_key);
  }

  // The same for the department and its projects. They are not needed where all
  // buckets are known: the events that made those were taken, and neither
  // department, report nor project ever goes away.
  void VisitVouchedKeys(
      absl::FunctionRef<void(const std::string& key)> visit) const;
};

// What was found of it. It owns nothing: keys, facts and entries must outlive
// it.
class Facts {
 public:
  // The fact under `key`, null when there is none; given again it is the same.
  void Put(absl::string_view key, const Fact* fact) {
    values_.emplace_back(key, fact);
  }

  // Null when there is none.
  const Fact* Find(absl::string_view key) const {
    for (const auto& [known, fact] : values_) {
      if (known == key) return fact;
    }
    return nullptr;
  }

  // The entries of the events that Needed names; null when not recorded.
  const v1::Entry* target = nullptr;
  const v1::Entry* replaced = nullptr;

 private:
  // A handful, so that looking through them is the quickest.
  absl::InlinedVector<std::pair<absl::string_view, const Fact*>, 8> values_;
};

// A fact to keep from now on.
struct FactUpdate {
  std::string key;
  Fact value;
};

// A bucket of a report by its number, and whether an event is its first.
struct PlacedBucket {
  uint32_t number = 0;
  bool is_new = false;
};
using PlacedBuckets = absl::InlinedVector<PlacedBucket, 1>;

struct Decision {
  // Empty: the event may be recorded. Otherwise all of its problems.
  std::vector<v1::Problem> problems;

  // What changes when it is recorded, the fact about its subject, and others.
  // Neither means anything when it is refused.
  internal::SubjectFact subject;
  absl::InlinedVector<FactUpdate, 1> updates;

  // What it does to the state of its subject; absent when it is refused.
  std::optional<Posting> posting;

  // One for each of the posting's rows of money.
  PlacedBuckets buckets;

  // The entry whose personal data goes with the same write.
  std::optional<Position> erased;
};

// The event must be well-formed. `source` is who states it.
Needed Needs(const v1::Event& event, absl::string_view source);

// Keys of the facts about an event that Needs names. They are not known before
// its entry is, so the caller fetches them when it has found it.
std::vector<std::string> TargetKeys(const v1::Entry& target);

// Decides about an entry with a well-formed event that would be recorded at its
// position. What else the server adds to it does not matter. `needed` is what
// Needs said of it; its money is used up when nothing is refused.
//
// Errors: DATA_LOSS when the entry can not stand there by any rules.
absl::StatusOr<Decision> Decide(const v1::Entry& entry, Needed& needed,
                                const Facts& facts);

// What an entry changes that stands in the log already. Nothing about it is
// refused: it may have been recorded by other rules.
//
// Errors: as Decide.
absl::StatusOr<Decision> Derive(const v1::Entry& entry, Needed& needed,
                                const Facts& facts);

// The problem of a stale precondition: an entry about the event's subject
// stands at or after `expected`. `subject` is the fact about it; null when
// there is none.
std::optional<v1::Problem> CheckPrecondition(const v1::Event& event,
                                             LogSize expected,
                                             const Fact* subject);

}  // namespace daybook

#endif  // DAYBOOK_CORE_ADMISSION_ADMISSION_H_
