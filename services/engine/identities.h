// Identities: which event of a ledger has which identity, (source, event id),
// for the life of the ledger.
//
// It is an index of hashes, which the entries themselves verify: an entry says
// by itself who said it and how it was called. Derived from the log: what it
// lacks when a ledger is opened is read from there.
//
// Thread safety: all methods may be called from any thread, Add, CatchUp and
// Rebuild from one at a time.

#ifndef DAYBOOK_SERVICES_ENGINE_IDENTITIES_H_
#define DAYBOOK_SERVICES_ENGINE_IDENTITIES_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "core/base/strong_int.h"
#include "daybook/v1/entry.pb.h"
#include "services/engine/identity_hash.h"
#include "storage/event_log.h"
#include "storage/hash_index.h"

namespace daybook::services {

class Identities {
 public:
  // Opens the index beside `log`, which must outlive it, and adds what is
  // missing. `ledger_id` is the one that the genesis draws.
  //
  // Errors: DATA_LOSS when stored entries are damaged; UNAVAILABLE when the
  // file system refused.
  static absl::StatusOr<std::unique_ptr<Identities>> Open(
      storage::EventLog& log, absl::string_view ledger_id);

  const IdentityHash& hash() const { return hash_; }

  // Takes note of entries that are durable: their hashes, from the first
  // position that is not known yet on.
  //
  // Errors: UNAVAILABLE when the file system refuses to keep them.
  absl::Status Add(Position first, absl::Span<const uint64_t> hashes) {
    return index_->Add(first, hashes);
  }

  // Calls `found(i, position)` for each durable entry whose hash is hashes[i]:
  // the event itself and, once in a lifetime, another one.
  //
  // Errors: DATA_LOSS when the index is damaged.
  absl::Status Candidates(
      absl::Span<const uint64_t> hashes,
      absl::FunctionRef<void(size_t, Position)> found) const {
    return index_->Find(hashes, found);
  }

  // The entry with this identity; absent when it is not recorded.
  //
  // Errors: DATA_LOSS when stored bytes are damaged.
  absl::StatusOr<std::optional<v1::Entry>> Find(
      absl::string_view source, absl::string_view event_id) const;

  // Makes the index anew from the log.
  //
  // Errors: as Open.
  absl::Status Rebuild();

 private:
  Identities(storage::EventLog& log, absl::string_view ledger_id)
      : log_(log), hash_(ledger_id) {}

  // Adds the entries that the log has and the index has not.
  absl::Status CatchUp();

  storage::EventLog& log_;
  const IdentityHash hash_;
  std::unique_ptr<storage::HashIndex> index_;
};

// Whether an entry holds the event that `source` calls `event_id`.
inline bool IsIdentity(const v1::Entry& entry, absl::string_view source,
                       absl::string_view event_id) {
  return entry.source() == source && entry.event().event_id() == event_id;
}

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_ENGINE_IDENTITIES_H_
