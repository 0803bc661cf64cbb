#include "services/publisher/keygen.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/budget/resource_name.h"
#include "core/checkpoint/ed25519.h"
#include "core/checkpoint/note.h"
#include "core/checkpoint/signed_checkpoint.h"
#include "core/checkpoint/signer_key.h"
#include "core/checkpoint/wipe.h"
#include "core/merkle/hash.h"
#include "services/engine/ledger_registry.h"
#include "services/engine/random_bytes.h"

namespace daybook::services {
namespace {

absl::StatusOr<checkpoint::SignerKey> MakeKey(const std::string& origin) {
  ASSIGN_OR_RETURN(std::string drawn,
                   RandomBytes(checkpoint::ed25519_seed_bytes));
  auto seed = checkpoint::Ed25519Seed::FromBytes(drawn);
  checkpoint::Wipe(drawn);
  RETURN_IF_ERROR(seed.status());
  return checkpoint::SignerKey::Create(origin, checkpoint::KeyType::kEd25519,
                                       *std::move(seed));
}

}  // namespace

absl::StatusOr<checkpoint::VerifierKey> Keygen(const KeygenRequest& request) {
  if (!IsResourceId(request.ledger_id)) {
    return absl::InvalidArgumentError(
        absl::StrCat("LEDGER: \"", request.ledger_id,
                     "\" is not an id; give 1 to 32 of [0-9A-Za-z-], such as "
                     "430203"));
  }
  RETURN_IF_ERROR(CheckOrigin(request.origin));
  RETURN_IF_ERROR(KeyDirectory::Make(request.key_dir));
  ASSIGN_OR_RETURN(
      const std::unique_ptr<KeyDirectory> keys,
      KeyDirectory::Open(request.key_dir, KeyDirectory::Use::kKeys));
  std::string origin = request.origin;
  if (origin.empty() && request.role == KeyRole::kNext) {
    const auto current = keys->ReadKey(request.ledger_id, KeyRole::kCurrent);
    if (current.ok()) origin = current->verifier().name();
  }
  if (origin.empty()) {
    origin = absl::StrCat("daybook.local/ledgers/", request.ledger_id);
  }
  ASSIGN_OR_RETURN(const checkpoint::SignerKey key, MakeKey(origin));
  absl::Status made = keys->CreateKey(request.ledger_id, request.role, key);
  if (absl::IsAlreadyExists(made)) {
    return absl::AlreadyExistsError(absl::StrCat(
        keys->KeyPath(request.ledger_id, request.role).string(),
        " is there already and was left as it is; make the key that follows "
        "it with --next, or name another key directory"));
  }
  RETURN_IF_ERROR(made);
  if (request.role == KeyRole::kNext) return key.verifier();
  // A new key has signed nothing, whatever the ledger holds by now.
  ASSIGN_OR_RETURN(const auto last, keys->ReadSigned(request.ledger_id));
  if (!last.has_value()) {
    RETURN_IF_ERROR(keys->WriteSigned(
        request.ledger_id, {origin, {LogSize(0), merkle::EmptyRoot()}, {}}));
  }
  return key.verifier();
}

absl::StatusOr<checkpoint::Checkpoint> OpenWith(const KeyDirectory& keys,
                                                absl::string_view ledger_id,
                                                absl::string_view text) {
  ASSIGN_OR_RETURN(const checkpoint::Note note, checkpoint::ParseNote(text));
  ASSIGN_OR_RETURN(std::vector<checkpoint::SignerKey> known,
                   keys.ReadRetired(ledger_id));
  ASSIGN_OR_RETURN(checkpoint::SignerKey current,
                   keys.ReadKey(ledger_id, KeyRole::kCurrent));
  known.push_back(std::move(current));
  for (const checkpoint::SignerKey& key : known) {
    const bool by_it =
        std::any_of(note.signatures.begin(), note.signatures.end(),
                    [&](const checkpoint::NoteSignature& s) {
                      return key.verifier().Made(s);
                    });
    if (!by_it) continue;
    ASSIGN_OR_RETURN(const checkpoint::OpenedCheckpoint opened,
                     checkpoint::OpenCheckpoint(note, key.verifier(), {}));
    return opened.checkpoint;
  }
  return absl::UnauthenticatedError(
      absl::StrCat("the checkpoint is not signed by a key of ledgers/",
                   ledger_id, " in ", keys.path().string()));
}

absl::StatusOr<checkpoint::Checkpoint> Adopt(KeyDirectory& keys,
                                             absl::string_view ledger_id,
                                             absl::string_view note) {
  ASSIGN_OR_RETURN(checkpoint::Checkpoint adopted,
                   OpenWith(keys, ledger_id, note));
  // One that can not be read is what adopting is for.
  const auto last = keys.ReadSigned(ledger_id);
  if (last.ok() && last->has_value() &&
      (*last)->head.size >= adopted.head.size) {
    return absl::FailedPreconditionError(absl::StrCat(
        keys.SignedPath(ledger_id).string(), ": size ",
        (*last)->head.size.value(), " was signed, and the checkpoint is of ",
        adopted.head.size.value(), "; nothing needs to be adopted"));
  }
  // Of those that others add nothing is kept.
  adopted.extensions.clear();
  RETURN_IF_ERROR(keys.WriteSigned(ledger_id, adopted));
  return adopted;
}

}  // namespace daybook::services
