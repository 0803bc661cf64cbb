// VerifierKey: the public half of a key that signs notes, with the name that it
// signs under and what kind of signature it makes.
//
// Written as one line, NAME+ID+BASE64, which operators hand to each other. The
// id is derived from all the rest: the same public key under another name or
// kind has another id, so that its signatures are never mistaken.
//
// Thread safety: a value type.
//
// Format: c2sp.org/signed-note; docs/formats/checkpoint.md.

#ifndef DAYBOOK_CORE_CHECKPOINT_VERIFIER_KEY_H_
#define DAYBOOK_CORE_CHECKPOINT_VERIFIER_KEY_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/checkpoint/cosignature.h"
#include "core/checkpoint/ed25519.h"
#include "core/checkpoint/note.h"

namespace daybook::checkpoint {

// Kinds of signatures, by the byte that stands for them. Others exist, and are
// unknown here.
enum class KeyType : uint8_t {
  // Ed25519 of the text: what a log signs with.
  kEd25519 = 0x01,
  // Ed25519 of the text and a time: what a witness signs with.
  kCosignature = 0x04,
};

// What a signature that was checked says.
struct VerifiedSignature {
  std::string name;
  KeyId id;

  // When it was made; of cosignatures alone.
  std::optional<UnixSeconds> time;

  friend auto operator<=>(const VerifiedSignature&,
                          const VerifiedSignature&) = default;
};

class VerifierKey {
 public:
  // Errors: INVALID_ARGUMENT when the name can not name a key (IsKeyName).
  static absl::StatusOr<VerifierKey> Create(absl::string_view name,
                                            KeyType type,
                                            const Ed25519PublicKey& key);

  // Errors:
  //   INVALID_ARGUMENT  it is not a verifier key, or its id is not that of its
  //                     name and key: it was mistyped.
  //   UNIMPLEMENTED     a key of a kind that is unknown here.
  static absl::StatusOr<VerifierKey> Parse(absl::string_view text);

  const std::string& name() const { return name_; }
  KeyType type() const { return type_; }
  KeyId id() const { return id_; }
  const Ed25519PublicKey& public_key() const { return public_key_; }

  // "budget.example/ledger+c3cc8e41+AQOh…"
  std::string ToString() const;

  // Whether the signature says that this key made it.
  bool Made(const NoteSignature& signature) const {
    return signature.name == name_ && signature.id == id_;
  }

  // Checks a signature of `text` that says so.
  //
  // Errors: PERMISSION_DENIED when this key did not sign this text.
  absl::StatusOr<VerifiedSignature> Verify(
      absl::string_view text, const NoteSignature& signature) const;

  friend bool operator==(const VerifierKey&, const VerifierKey&) = default;

 private:
  VerifierKey(absl::string_view name, KeyType type,
              const Ed25519PublicKey& key);

  std::string name_;
  KeyType type_;
  Ed25519PublicKey public_key_;
  KeyId id_;
};

// The parts of NAME+ID+BASE64, of verifier and private keys alike.
struct KeyParts {
  std::string name;
  KeyId id;
  KeyType type;

  // What follows the type: 32 bytes, of a public key or a seed. Wipe a seed.
  std::string bytes;
};

// Errors: as VerifierKey::Parse, but the id is not compared. No message repeats
// `text`.
absl::StatusOr<KeyParts> ParseKeyParts(absl::string_view text);

// NAME+ID+BASE64 again. Wipe it when it holds a seed.
std::string FormatKeyParts(const KeyParts& parts);

}  // namespace daybook::checkpoint

#endif  // DAYBOOK_CORE_CHECKPOINT_VERIFIER_KEY_H_
