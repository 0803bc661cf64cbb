#include "core/checkpoint/signed_checkpoint.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/checkpoint/verify_note.h"
#include "core/merkle/hash.h"

namespace daybook::checkpoint {

absl::StatusOr<Note> SignCheckpoint(const Checkpoint& checkpoint,
                                    const SignerKey& key) {
  if (checkpoint.origin != key.verifier().name()) {
    return absl::InvalidArgumentError(
        absl::StrCat("the key of ", key.verifier().name(),
                     " does not sign for ", checkpoint.origin));
  }
  if (checkpoint.head.size == LogSize(0) &&
      checkpoint.head.root != merkle::EmptyRoot()) {
    return absl::InvalidArgumentError(
        "a tree of size 0 has the root of the empty tree");
  }
  Note note;
  ASSIGN_OR_RETURN(note.text, FormatCheckpoint(checkpoint));
  ASSIGN_OR_RETURN(NoteSignature signature, key.Sign(note.text));
  note.signatures.push_back(std::move(signature));
  return note;
}

absl::StatusOr<OpenedCheckpoint> OpenCheckpoint(
    const Note& note, const VerifierKey& log,
    absl::Span<const VerifierKey> witnesses) {
  std::vector<VerifierKey> keys(witnesses.begin(), witnesses.end());
  keys.push_back(log);
  // Before the text is looked at: it means nothing until someone known signed.
  ASSIGN_OR_RETURN(std::vector<VerifiedSignature> signatures,
                   VerifyNote(note, keys));
  const auto by_log = [&](const VerifiedSignature& signature) {
    return signature.name == log.name() && signature.id == log.id();
  };
  const auto own = std::find_if(signatures.begin(), signatures.end(), by_log);
  if (own == signatures.end()) {
    return absl::UnauthenticatedError(
        absl::StrCat("the key of ", log.name(), " has not signed the note"));
  }
  signatures.erase(own);
  ASSIGN_OR_RETURN(Checkpoint checkpoint, ParseCheckpoint(note.text));
  if (checkpoint.origin != log.name()) {
    return absl::PermissionDeniedError(
        absl::StrCat("the checkpoint is of ", checkpoint.origin,
                     ", for which the key of ", log.name(), " does not speak"));
  }
  return OpenedCheckpoint{std::move(checkpoint), std::move(signatures)};
}

}  // namespace daybook::checkpoint
