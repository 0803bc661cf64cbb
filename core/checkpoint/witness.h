// What a witness is asked, and when it says yes: the add-checkpoint call of the
// witness protocol, without the network and the disk.
//
// A witness remembers for each log the largest checkpoint that it has cosigned.
// A log that asks for another cosignature proves that the new checkpoint
// continues that one. So a log that shows one history to some and another to
// others can get the cosignatures of a witness for one of them alone.
//
//   ParseAddCheckpoint      what the log sent
//   OpenForWitness          is it a checkpoint of a log that we know?
//   CheckContinues          does it continue what we have cosigned last?
//
// Whoever answers must compare with what is stored, store the new checkpoint
// durably and only then give the cosignature out, with nobody in between
// (services/witness/witness.h).
//
// Thread safety: value types and pure functions.
//
// Protocol: c2sp.org/tlog-witness; docs/formats/checkpoint.md.

#ifndef DAYBOOK_CORE_CHECKPOINT_WITNESS_H_
#define DAYBOOK_CORE_CHECKPOINT_WITNESS_H_

#include <compare>
#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "core/base/strong_int.h"
#include "core/checkpoint/checkpoint.h"
#include "core/checkpoint/note.h"
#include "core/checkpoint/verifier_key.h"
#include "core/merkle/hash.h"
#include "core/merkle/tree.h"

namespace daybook::checkpoint {

// The most hashes of a request, and its longest body.
inline constexpr size_t witness_hashes_max = 63;
inline constexpr size_t add_checkpoint_bytes_max = note_bytes_max + 4'096;

// The body of a request.
struct AddCheckpointRequest {
  // Of the checkpoint that the log believes the witness has cosigned last; 0
  // when there is none.
  LogSize old_size{0};

  // The consistency proof from there.
  std::vector<merkle::Hash> proof;

  // The signed checkpoint.
  Note checkpoint;

  friend auto operator<=>(const AddCheckpointRequest&,
                          const AddCheckpointRequest&) = default;
};

// Errors: INVALID_ARGUMENT when it is not the body of a request or beyond a
// limit. The note's text is not looked at.
absl::StatusOr<AddCheckpointRequest> ParseAddCheckpoint(absl::string_view body);

// Errors: INVALID_ARGUMENT when ParseAddCheckpoint would not give it back.
absl::StatusOr<std::string> FormatAddCheckpoint(
    const AddCheckpointRequest& request);

// What a witness that has cosigned nothing of a log has seen of it.
merkle::TreeHead NothingSeen();

// A checkpoint that one of the keys has signed whose name is its origin.
struct KnownCheckpoint {
  Checkpoint checkpoint;

  // The signatures of those keys, to be kept with it.
  std::vector<NoteSignature> signatures;
};

// Opens a checkpoint of any of the logs that a witness knows. A log may have
// several keys, all of one name.
//
// Errors (in brackets what the protocol answers):
//   INVALID_ARGUMENT   its text is not a checkpoint's, or keys can not be told
//                      apart (400).
//   NOT_FOUND          no key has its origin as name (404).
//   PERMISSION_DENIED  none of these keys has signed it, or a signature that
//                      names one is not by it (403).
absl::StatusOr<KnownCheckpoint> OpenForWitness(
    const Note& note, absl::Span<const VerifierKey> logs);

// OK when the checkpoint may be cosigned by who has cosigned `seen` last.
//
// Errors (in brackets what the protocol answers):
//   INVALID_ARGUMENT     the old size is larger than the checkpoint's (400).
//   ABORTED              the old size is not that of `seen`; ask again with a
//                        proof from there (409, with the size).
//   FAILED_PRECONDITION  the proof does not show that the checkpoint continues
//                        `seen`, a proof stands where none may, one size has
//                        two roots, or size 0 has another root than the empty
//                        tree's (422). Where the log signed both, it has
//                        forked.
absl::Status CheckContinues(const merkle::TreeHead& seen,
                            const AddCheckpointRequest& request,
                            const Checkpoint& checkpoint);

}  // namespace daybook::checkpoint

#endif  // DAYBOOK_CORE_CHECKPOINT_WITNESS_H_
