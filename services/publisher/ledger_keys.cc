#include "services/publisher/ledger_keys.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/checkpoint/ed25519.h"
#include "services/engine/entry_codec.h"

namespace daybook::services {
namespace {

absl::StatusOr<LedgerKeys::Key> KeyAt(Position from, const std::string& origin,
                                      const std::string& public_key) {
  checkpoint::Ed25519PublicKey bytes;
  if (public_key.size() != bytes.size()) {
    return absl::DataLossError(
        absl::StrCat("the key that position ", from.value(), " names has ",
                     public_key.size(), " bytes, not 32"));
  }
  std::copy(public_key.begin(), public_key.end(), bytes.begin());
  auto verifier = checkpoint::VerifierKey::Create(
      origin, checkpoint::KeyType::kEd25519, bytes);
  if (!verifier.ok()) {
    return absl::DataLossError(
        absl::StrCat("the ledger's origin can not name a key: ",
                     verifier.status().message()));
  }
  return LedgerKeys::Key{from, *std::move(verifier)};
}

}  // namespace

absl::StatusOr<LedgerKeys> LedgerKeys::Read(const LedgerEngine& engine) {
  LedgerKeys keys;
  const v1::Genesis& genesis = engine.genesis();
  if (!genesis.public_key().empty()) {
    ASSIGN_OR_RETURN(
        Key key, KeyAt(Position(0), genesis.origin(), genesis.public_key()));
    keys.keys_.push_back(std::move(key));
  }
  ASSIGN_OR_RETURN(
      const std::vector<Position> positions,
      engine.history().Stated(engine.ledger(), engine.size(), keys_max));
  for (const Position position : positions) {
    ASSIGN_OR_RETURN(const std::string bytes, engine.ReadEntry(position));
    ASSIGN_OR_RETURN(const v1::Entry entry, ParseEntry(position, bytes));
    if (!entry.event().has_key_rotated()) continue;
    ASSIGN_OR_RETURN(Key key, KeyAt(position, genesis.origin(),
                                    entry.event().key_rotated().public_key()));
    keys.keys_.push_back(std::move(key));
  }
  return keys;
}

bool LedgerKeys::Has(const checkpoint::VerifierKey& key) const {
  return std::any_of(keys_.begin(), keys_.end(),
                     [&](const Key& k) { return k.verifier == key; });
}

absl::StatusOr<checkpoint::OpenedCheckpoint> LedgerKeys::Open(
    const checkpoint::Note& note) const {
  for (auto key = keys_.rbegin(); key != keys_.rend(); ++key) {
    const bool signed_by_it =
        std::any_of(note.signatures.begin(), note.signatures.end(),
                    [&](const checkpoint::NoteSignature& signature) {
                      return key->verifier.Made(signature);
                    });
    if (signed_by_it) return OpenCheckpoint(note, key->verifier, {});
  }
  return absl::UnauthenticatedError(
      "no key that the ledger ever had has signed it");
}

}  // namespace daybook::services
