// ProofFile: one entry's proof for whoever has the entry and the log's key, and
// no connection: position, inclusion proof and signed checkpoint in one text.
//
// What is to be proven, the entry, is not in it. The extra bytes are a note to
// the reader's program that nobody has signed.
//
// Thread safety: value types and pure functions.
//
// Format: c2sp.org/tlog-proof, file names end in .tlog-proof;
// docs/formats/checkpoint.md.

#ifndef DAYBOOK_CORE_CHECKPOINT_PROOF_FILE_H_
#define DAYBOOK_CORE_CHECKPOINT_PROOF_FILE_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "core/base/strong_int.h"
#include "core/checkpoint/note.h"
#include "core/checkpoint/signed_checkpoint.h"
#include "core/checkpoint/verifier_key.h"
#include "core/merkle/hash.h"

namespace daybook::checkpoint {

// The most extra bytes.
inline constexpr size_t proof_extra_bytes_max = size_t{64} << 10;

struct ProofFile {
  // Opaque and unsigned; empty when there is no such line.
  std::string extra;

  // Of the entry in the log.
  Position position{0};

  // The inclusion proof, from the leaf to the root.
  std::vector<merkle::Hash> hashes;

  // The checkpoint, with whatever signatures it has.
  Note checkpoint;

  friend auto operator<=>(const ProofFile&, const ProofFile&) = default;
};

// Errors: INVALID_ARGUMENT when it is not a proof file or beyond a limit. The
// note's text is not looked at.
absl::StatusOr<ProofFile> ParseProofFile(absl::string_view bytes);

// Errors: INVALID_ARGUMENT when ParseProofFile would not give it back.
absl::StatusOr<std::string> FormatProofFile(const ProofFile& proof);

// Checks that the entry whose hash is `leaf` stands at the position, in the
// tree of a checkpoint that the log has signed. Returns the checkpoint.
//
// Errors:
//   INVALID_ARGUMENT   the position is not in the checkpoint's tree, or the
//                      proof has not exactly the hashes of that place.
//   DATA_LOSS          the proof is of another entry or position.
//   PERMISSION_DENIED, UNAUTHENTICATED, INVALID_ARGUMENT  as OpenCheckpoint.
absl::StatusOr<OpenedCheckpoint> VerifyProofFile(
    const ProofFile& proof, const merkle::Hash& leaf, const VerifierKey& log,
    absl::Span<const VerifierKey> witnesses);

}  // namespace daybook::checkpoint

#endif  // DAYBOOK_CORE_CHECKPOINT_PROOF_FILE_H_
