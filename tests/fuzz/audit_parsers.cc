#include <string>
#include <vector>

#include "clients/audit/entry_note.h"
#include "clients/audit/finding.h"
#include "clients/audit/personal_file.h"
#include "clients/audit/verified_state.h"
#include "core/base/check.h"
#include "core/merkle/entry_bundle.h"
#include "core/merkle/tile.h"
#include "google/protobuf/arena.h"
#include "tests/fuzz/parsers.h"

namespace daybook::fuzz {

bool TryPersonalFile(absl::string_view bytes) {
  const auto rows = audit::ParsePersonalFile(bytes);
  if (!rows.ok()) return false;
  DAYBOOK_CHECK(audit::FormatPersonalFile(*rows) == bytes);
  return true;
}

bool TryVerifiedState(absl::string_view bytes) {
  const auto state = audit::ParseVerifiedState(bytes);
  if (!state.ok()) return false;
  const auto again =
      audit::ParseVerifiedState(audit::FormatVerifiedState(*state));
  DAYBOOK_CHECK(again.ok() && again->tree.Head() == state->tree.Head());
  return true;
}

bool TryEntryBundle(absl::string_view bytes) {
  if (bytes.empty()) return false;
  const merkle::TileWidth width(
      uint32_t{static_cast<unsigned char>(bytes.front())} + 1);
  const auto entries = merkle::ParseBundle(bytes.substr(1), width);
  if (!entries.ok()) return false;
  audit::Findings findings;
  google::protobuf::Arena arena;
  for (size_t i = 0; i < entries->size(); ++i) {
    const audit::EntryNote note =
        audit::NoteOf(Position(i), (*entries)[i], audit::Parsing::kWhatIsNeeded,
                      arena, findings);
    // What nothing can be made of is said.
    DAYBOOK_CHECK(note.kind != audit::EntryNote::Kind::kDamaged ||
                  findings.count() > 0);
    if (note.kind == audit::EntryNote::Kind::kReversal ||
        note.kind == audit::EntryNote::Kind::kErasure) {
      static_cast<void>(audit::TargetOf(note));
    }
  }
  return findings.count() == 0;
}

}  // namespace daybook::fuzz
