// CheckpointCheck: whether signed checkpoints are of the tree that was rebuilt,
// and signed by keys that the auditor has reason to trust.
//
// The auditor trusts one key. A checkpoint that it signed covers entries, and
// these name keys: the first one in the genesis, others where it was rotated.
// Whoever trusts the checkpoint trusts what it covers, so these keys are
// trusted too, and so on, forwards and backwards. A key that no trusted
// checkpoint leads to is not, whatever the log says about it.
//
// Thread safety: thread-compatible.

#ifndef DAYBOOK_CLIENTS_AUDIT_CHECKPOINT_CHECK_H_
#define DAYBOOK_CLIENTS_AUDIT_CHECKPOINT_CHECK_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "clients/audit/finding.h"
#include "core/base/strong_int.h"
#include "core/checkpoint/checkpoint.h"
#include "core/checkpoint/note.h"
#include "core/checkpoint/verifier_key.h"
#include "core/merkle/hash.h"

namespace daybook::audit {

// A key that the entry at a position names.
struct NamedKey {
  uint64_t position = 0;
  checkpoint::Ed25519PublicKey key{};
};

// A checkpoint that is kept somewhere.
struct KeptCheckpoint {
  // The file, or what of a server it is.
  std::string place;
  checkpoint::Note note;
  // What it says; nobody has checked it yet.
  checkpoint::Checkpoint said{"", {LogSize(0), {}}, {}};
};

// Errors: INVALID_ARGUMENT when it is no checkpoint.
absl::StatusOr<KeptCheckpoint> ParseKept(std::string place,
                                         absl::string_view note);

// The key of an origin that an entry names.
//
// Errors: INVALID_ARGUMENT when they make no key.
absl::StatusOr<checkpoint::VerifierKey> KeyOf(
    const std::string& origin, const checkpoint::Ed25519PublicKey& key);

struct CheckpointCheck {
  // The key that the auditor trusts.
  const checkpoint::VerifierKey& trusted;
  // Those that entries name, by position, the genesis' first.
  const std::vector<NamedKey>& named;
  Findings& findings;
};

// Checks all of them; the root of the rebuilt tree at a size is absent when it
// is not known. Returns, for each, the key that signed it; absent where none
// that is trusted did.
std::vector<std::optional<checkpoint::VerifierKey>> CheckCheckpoints(
    const CheckpointCheck& check, const std::vector<KeptCheckpoint>& kept,
    absl::FunctionRef<std::optional<merkle::Hash>(LogSize)> root_at);

}  // namespace daybook::audit

#endif  // DAYBOOK_CLIENTS_AUDIT_CHECKPOINT_CHECK_H_
