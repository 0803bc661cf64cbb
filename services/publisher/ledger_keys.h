// LedgerKeys: the keys that a ledger says sign it, each from which entry on:
// that of the genesis, then those that it was rotated to.
//
// Thread safety: a value type.

#ifndef DAYBOOK_SERVICES_PUBLISHER_LEDGER_KEYS_H_
#define DAYBOOK_SERVICES_PUBLISHER_LEDGER_KEYS_H_

#include <cstddef>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "core/base/strong_int.h"
#include "core/checkpoint/note.h"
#include "core/checkpoint/signed_checkpoint.h"
#include "core/checkpoint/verifier_key.h"
#include "services/engine/ledger_engine.h"

namespace daybook::services {

class LedgerKeys {
 public:
  // How often a key may be rotated.
  static constexpr size_t keys_max = 4'096;

  struct Key {
    // Of the entry that says so.
    Position from{0};
    checkpoint::VerifierKey verifier;
  };

  // Of a ledger as it is now.
  //
  // Errors: DATA_LOSS when an entry that says so is damaged.
  static absl::StatusOr<LedgerKeys> Read(const LedgerEngine& engine);

  // The one that signs; null while the ledger names none.
  const checkpoint::VerifierKey* current() const {
    return keys_.empty() ? nullptr : &keys_.back().verifier;
  }

  // By the entries that name them.
  const std::vector<Key>& all() const { return keys_; }

  // Whether it was ever one of them.
  bool Has(const checkpoint::VerifierKey& key) const;

  // Checks a checkpoint that one of them has signed.
  //
  // Errors: as OpenCheckpoint.
  absl::StatusOr<checkpoint::OpenedCheckpoint> Open(
      const checkpoint::Note& note) const;

 private:
  std::vector<Key> keys_;
};

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_PUBLISHER_LEDGER_KEYS_H_
