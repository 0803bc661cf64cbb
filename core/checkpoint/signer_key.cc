#include "core/checkpoint/signer_key.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "core/base/status_macros.h"
#include "core/checkpoint/checkpoint.h"
#include "core/checkpoint/note_text.h"
#include "core/checkpoint/wipe.h"

namespace daybook::checkpoint {
namespace {

constexpr absl::string_view private_prefix = "PRIVATE+KEY+";

absl::Status NotForThis(const VerifierKey& key, absl::string_view purpose) {
  return absl::FailedPreconditionError(
      absl::StrCat("the key of ", key.name(), " is not for ", purpose));
}

}  // namespace

SignerKey::SignerKey(VerifierKey verifier, Ed25519Seed seed)
    : verifier_(std::move(verifier)), seed_(std::move(seed)) {}

absl::StatusOr<SignerKey> SignerKey::Create(absl::string_view name,
                                            KeyType type, Ed25519Seed seed) {
  ASSIGN_OR_RETURN(const Ed25519PublicKey public_key, seed.PublicKey());
  ASSIGN_OR_RETURN(VerifierKey verifier,
                   VerifierKey::Create(name, type, public_key));
  return SignerKey(std::move(verifier), std::move(seed));
}

absl::StatusOr<SignerKey> SignerKey::Parse(absl::string_view text) {
  if (!absl::ConsumePrefix(&text, private_prefix)) {
    return absl::InvalidArgumentError(
        absl::StrCat("a private key begins with ", private_prefix));
  }
  ASSIGN_OR_RETURN(KeyParts parts, ParseKeyParts(text));
  auto seed = Ed25519Seed::FromBytes(parts.bytes);
  Wipe(parts.bytes);
  if (!seed.ok()) return seed.status();
  ASSIGN_OR_RETURN(SignerKey key,
                   Create(parts.name, parts.type, *std::move(seed)));
  if (key.verifier().id() != parts.id) {
    return absl::InvalidArgumentError(
        "the id of the private key is not that of its name and public key; was "
        "it mistyped?");
  }
  return key;
}

std::string SignerKey::ToPrivateText() const {
  KeyParts parts{verifier_.name(), verifier_.id(), verifier_.type(),
                 std::string(seed_.bytes())};
  std::string rest = FormatKeyParts(parts);
  Wipe(parts.bytes);
  std::string text = absl::StrCat(private_prefix, rest);
  Wipe(rest);
  return text;
}

absl::StatusOr<NoteSignature> SignerKey::Sign(absl::string_view text) const {
  if (verifier_.type() != KeyType::kEd25519) {
    return NotForThis(verifier_, "signing notes");
  }
  if (text.size() > note_bytes_max || !absl::EndsWith(text, "\n") ||
      !IsNoteText(text)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "the text of a note is UTF-8 of at most ", note_bytes_max,
        " bytes without control characters, and ends with a newline"));
  }
  ASSIGN_OR_RETURN(std::string bytes, seed_.Sign(text));
  return NoteSignature{verifier_.name(), verifier_.id(), std::move(bytes)};
}

absl::StatusOr<NoteSignature> SignerKey::Cosign(absl::string_view text,
                                                UnixSeconds time) const {
  if (verifier_.type() != KeyType::kCosignature) {
    return NotForThis(verifier_, "cosignatures");
  }
  RETURN_IF_ERROR(ParseCheckpoint(text).status());
  if (time > cosignature_time_max) {
    return absl::InvalidArgumentError(
        "the time of a cosignature is at most 2^63 - 1");
  }
  ASSIGN_OR_RETURN(std::string ed25519,
                   seed_.Sign(CosignatureMessage(time, text)));
  return NoteSignature{verifier_.name(), verifier_.id(),
                       PackCosignature({time, std::move(ed25519)})};
}

}  // namespace daybook::checkpoint
