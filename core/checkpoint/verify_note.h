// VerifyNote: who of those that a reader trusts has signed a note.
//
// Signatures of others are passed by: a note gathers more of them than any one
// reader knows. A false signature under a known name spoils the whole note, and
// a note that nobody known has signed is none.
//
// Thread safety: a pure function.
//
// Rules: c2sp.org/signed-note.

#ifndef DAYBOOK_CORE_CHECKPOINT_VERIFY_NOTE_H_
#define DAYBOOK_CORE_CHECKPOINT_VERIFY_NOTE_H_

#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "core/checkpoint/note.h"
#include "core/checkpoint/verifier_key.h"

namespace daybook::checkpoint {

// The signatures by `keys`, in the order of the note, the first of each key.
//
// Errors:
//   INVALID_ARGUMENT   two keys share name and id, so that it can not be said
//                      whose a signature is.
//   PERMISSION_DENIED  a signature that names one of the keys is not by it; do
//                      not use the note.
//   UNAUTHENTICATED    none of the keys has signed; do not use the note.
absl::StatusOr<std::vector<VerifiedSignature>> VerifyNote(
    const Note& note, absl::Span<const VerifierKey> keys);

}  // namespace daybook::checkpoint

#endif  // DAYBOOK_CORE_CHECKPOINT_VERIFY_NOTE_H_
