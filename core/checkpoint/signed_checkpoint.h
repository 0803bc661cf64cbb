// Signed checkpoints: made by a log, and opened by whoever knows its key.
//
// A log speaks for one origin, and that origin is the name of its key; so a
// checkpoint can not be passed off as another log's, nor a key used for two.
//
// Thread safety: pure functions.
//
// Format: c2sp.org/tlog-checkpoint; docs/formats/checkpoint.md.

#ifndef DAYBOOK_CORE_CHECKPOINT_SIGNED_CHECKPOINT_H_
#define DAYBOOK_CORE_CHECKPOINT_SIGNED_CHECKPOINT_H_

#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "core/checkpoint/checkpoint.h"
#include "core/checkpoint/note.h"
#include "core/checkpoint/signer_key.h"
#include "core/checkpoint/verifier_key.h"

namespace daybook::checkpoint {

// The note that a log publishes, signed by its key. The caller has recorded
// what is about to be signed, and made sure that it continues all it signed
// before.
//
// Errors:
//   INVALID_ARGUMENT     FormatCheckpoint refuses it, its origin is not the
//                        key's name, or size 0 has another root than the empty
//                        tree's.
//   FAILED_PRECONDITION  the key is for cosignatures.
//   INTERNAL             libcrypto does not offer Ed25519.
absl::StatusOr<Note> SignCheckpoint(const Checkpoint& checkpoint,
                                    const SignerKey& key);

// A checkpoint that its log has signed.
struct OpenedCheckpoint {
  Checkpoint checkpoint;

  // Those of the witnesses asked about that have cosigned it, the first
  // cosignature of each. How many are enough is the reader's policy.
  std::vector<VerifiedSignature> witnesses;
};

// Checks a checkpoint with the key of its log, whose name is the origin it must
// have, and the keys of the witnesses that the reader knows.
//
// Errors:
//   INVALID_ARGUMENT   the text is not a checkpoint's, or two of the keys share
//                      name and id.
//   PERMISSION_DENIED  the checkpoint is of another origin, or a signature that
//                      names one of the keys is not by it.
//   UNAUTHENTICATED    the log's key has not signed it.
absl::StatusOr<OpenedCheckpoint> OpenCheckpoint(
    const Note& note, const VerifierKey& log,
    absl::Span<const VerifierKey> witnesses);

}  // namespace daybook::checkpoint

#endif  // DAYBOOK_CORE_CHECKPOINT_SIGNED_CHECKPOINT_H_
