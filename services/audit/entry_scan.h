// EntryScan: the entries of a range that fit a filter, chunk by chunk.
//
// Each chunk is read whole and held against the tree, then given one by one, so
// that nothing of the storage is held while somebody takes an entry.
//
// Thread safety: thread-compatible.

#ifndef DAYBOOK_SERVICES_AUDIT_ENTRY_SCAN_H_
#define DAYBOOK_SERVICES_AUDIT_ENTRY_SCAN_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "core/base/strong_int.h"
#include "core/report/entry_filter.h"
#include "daybook/v1/entry.pb.h"
#include "services/engine/ledger_engine.h"

namespace daybook::services {

class EntryScan {
 public:
  // An entry that fits, with its personal data where the filter asks for it.
  struct Found {
    Position position{0};
    std::string entry;
    std::optional<PersonalRecord> personal;
  };

  // Of the entries [first, limit); an entry fits when it fits all filters.
  // `ledger` must outlive it.
  EntryScan(const LedgerEngine& ledger, Position first, Position limit,
            std::vector<EntryFilter> filters);

  // What fits in the next chunk of at most 256 entries, in order; nothing at
  // the end.
  //
  // Errors: DATA_LOSS when an entry is missing or damaged.
  absl::StatusOr<std::vector<Found>> NextChunk();

  // Everything before it was read.
  Position next() const { return next_; }
  bool done() const { return next_ >= limit_; }

 private:
  absl::StatusOr<bool> Fits(Position position, absl::string_view bytes);
  absl::Status KeepFitting(std::vector<Found>& found) const;

  const LedgerEngine& ledger_;
  Position next_;
  const Position limit_;
  // Those that say something.
  std::vector<EntryFilter> filters_;
  bool asks_personal_data_ = false;
  // Parsed into again and again.
  v1::Entry entry_;
};

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_AUDIT_ENTRY_SCAN_H_
