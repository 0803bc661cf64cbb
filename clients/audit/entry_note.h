// EntryNote: what a verification keeps of an entry while it folds it.
//
// Everything that an entry alone can break is looked at when the note is made;
// what takes other entries is left to the fold.
//
// Thread safety: value types; pure functions but for the findings that they
// add.

#ifndef DAYBOOK_CLIENTS_AUDIT_ENTRY_NOTE_H_
#define DAYBOOK_CLIENTS_AUDIT_ENTRY_NOTE_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "clients/audit/finding.h"
#include "core/base/strong_int.h"
#include "core/report/bucket.h"
#include "core/report/money_timeline.h"
#include "daybook/v1/entry.pb.h"
#include "google/protobuf/arena.h"

namespace daybook::audit {

struct EntryNote {
  enum class Kind : uint8_t {
    // Nothing can be made of it; a finding says why.
    kDamaged,
    kGenesis,
    // Moves money; `money` says what.
    kMoney,
    // Any other fact of a department or report.
    kStated,
    kReversal,
    kErasure,
    kKeyRotated,
  };

  Kind kind = Kind::kDamaged;
  int64_t recorded_time_us = 0;

  // Views of the entry's bytes, or of `entry`.
  absl::string_view commitment;

  // Of an event.
  absl::string_view source;
  absl::string_view event_id;
  absl::string_view subject;

  // Hash of source and event id, for IdentityTable.
  uint64_t identity = 0;

  // Its effective date as a day of its year, and the year; 0 without one.
  DayOfYear day = 0;
  int year = 0;

  // Whether it is a late adjustment once `day` is closed, or any day where it
  // has none.
  bool may_be_late = false;

  MoneyFacts money;

  // As parsed, on the arena. Null of what moves money, where it was not needed,
  // and of what can not be parsed.
  const v1::Entry* entry = nullptr;
};

// How much of an entry is parsed.
enum class Parsing { kWhatIsNeeded, kAll };

// The note of the entry whose bytes stand at `position`. It points into the
// bytes and the arena.
EntryNote NoteOf(Position position, absl::string_view bytes, Parsing parsing,
                 google::protobuf::Arena& arena, Findings& findings);

// The event that a reversal or erasure is about.
v1::EventIdentity TargetOf(const EntryNote& note);

}  // namespace daybook::audit

#endif  // DAYBOOK_CLIENTS_AUDIT_ENTRY_NOTE_H_
