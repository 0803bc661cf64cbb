// SignerKey: the private half of a key that signs notes.
//
// A log signs its checkpoints with one, a witness cosigns with one; which of
// the two a key may do is part of the key. It can not be copied, and leaves no
// copy of its secret behind when it is destroyed.
//
// Thread safety: thread-compatible; signing changes nothing.
//
// Format: the private form of c2sp.org/signed-note's keys, as in Go's
// sumdb/note; docs/formats/checkpoint.md.

#ifndef DAYBOOK_CORE_CHECKPOINT_SIGNER_KEY_H_
#define DAYBOOK_CORE_CHECKPOINT_SIGNER_KEY_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/checkpoint/cosignature.h"
#include "core/checkpoint/ed25519.h"
#include "core/checkpoint/note.h"
#include "core/checkpoint/verifier_key.h"

namespace daybook::checkpoint {

class SignerKey {
 public:
  // A new key; `seed` is 32 bytes that the caller has drawn, and wipes.
  //
  // Errors: INVALID_ARGUMENT when the name can not name a key; INTERNAL when
  // libcrypto does not offer Ed25519.
  static absl::StatusOr<SignerKey> Create(absl::string_view name, KeyType type,
                                          Ed25519Seed seed);

  // Reads what ToPrivateText writes. No message repeats any of it.
  //
  // Errors:
  //   INVALID_ARGUMENT  it is not a private key, or its id is not that of its
  //                     name and public key: it was mistyped.
  //   UNIMPLEMENTED     a key of a kind that is unknown here.
  //   INTERNAL          libcrypto does not offer Ed25519.
  static absl::StatusOr<SignerKey> Parse(absl::string_view text);

  // What checks the signatures of this key.
  const VerifierKey& verifier() const { return verifier_; }

  // "PRIVATE+KEY+NAME+ID+BASE64": the secret itself. Wipe it after use.
  std::string ToPrivateText() const;

  // Signs the text of a note, as a log does.
  //
  // Errors:
  //   INVALID_ARGUMENT     no note can have this text.
  //   FAILED_PRECONDITION  the key is for cosignatures.
  //   INTERNAL             libcrypto does not offer Ed25519.
  absl::StatusOr<NoteSignature> Sign(absl::string_view text) const;

  // Signs the text of a checkpoint's note and the time, as a witness does. The
  // caller has checked that the checkpoint is consistent with all before.
  //
  // Errors:
  //   INVALID_ARGUMENT     it is not a checkpoint's text, or the time is beyond
  //                        `cosignature_time_max`.
  //   FAILED_PRECONDITION  the key is not for cosignatures.
  //   INTERNAL             libcrypto does not offer Ed25519.
  absl::StatusOr<NoteSignature> Cosign(absl::string_view text,
                                       UnixSeconds time) const;

 private:
  SignerKey(VerifierKey verifier, Ed25519Seed seed);

  VerifierKey verifier_;
  Ed25519Seed seed_;
};

}  // namespace daybook::checkpoint

#endif  // DAYBOOK_CORE_CHECKPOINT_SIGNER_KEY_H_
