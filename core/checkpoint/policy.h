// Policy: a trust policy, which says whose checkpoints a reader takes, and
// which witnesses must have cosigned them.
//
// A cosignature says that a witness has seen the log grow and never fork; so a
// log that shows two histories to two readers needs the help of as many
// witnesses as each reader demands. How many those are is for the reader to
// say, in a file that people write and hand to each other:
//
//   log budget.example/ledger+c3cc8e41+AQOh…
//   witness audit-office audit.example/w1+cf810b3c+BCnl… https://audit.example
//   witness treasury treasury.example/w1+…
//   group both all audit-office treasury
//   quorum both
//
// Thread safety: a value type.
//
// Format: c2sp.org/tlog-policy; docs/formats/checkpoint.md.

#ifndef DAYBOOK_CORE_CHECKPOINT_POLICY_H_
#define DAYBOOK_CORE_CHECKPOINT_POLICY_H_

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/checkpoint/checkpoint.h"
#include "core/checkpoint/cosignature.h"
#include "core/checkpoint/note.h"
#include "core/checkpoint/verifier_key.h"

namespace daybook::checkpoint {

// The longest policy file: some thousand logs, witnesses and groups.
inline constexpr size_t policy_bytes_max = size_t{1} << 20;

// A log whose checkpoints are taken.
struct PolicyLog {
  VerifierKey key;

  // Where it is; empty when the policy does not say.
  std::string url;
};

// A witness whose cosignatures count.
struct PolicyWitness {
  // What groups and the quorum call it; no part of a note.
  std::string name;

  VerifierKey key;

  // Where checkpoints are submitted to, without "/add-checkpoint"; empty when
  // the policy does not say.
  std::string url;
};

// What a policy says of a checkpoint that one of its logs has signed.
struct PolicyOpinion {
  struct Cosigner {
    // As the policy calls it.
    std::string name;

    // When it cosigned, by its own clock.
    UnixSeconds time;
  };

  Checkpoint checkpoint;

  // The key that has signed it; its name is the origin.
  VerifierKey log;

  // The policy's witnesses that have cosigned it, in the policy's order.
  std::vector<Cosigner> cosigners;

  // Whether these are enough. The checkpoint is to be refused when not.
  bool quorum_met = false;

  // Who has cosigned and what the quorum demands, for messages: "cosigned by
  // w1; the quorum q is 2 of w1, w2, w3".
  std::string told;
};

class Policy {
 public:
  // Reads a policy file.
  //
  // Errors: INVALID_ARGUMENT when it is not one, longer than
  // `policy_bytes_max`, or has a key of a kind that is unknown here; the
  // message has each problem with the number of its line.
  static absl::StatusOr<Policy> Parse(absl::string_view text);

  // May be empty: then the caller must know the log from elsewhere.
  const std::vector<PolicyLog>& logs() const { return logs_; }

  const std::vector<PolicyWitness>& witnesses() const { return witnesses_; }

  // Whether the quorum demands anybody; false for "quorum none".
  bool demands_witnesses() const { return quorum_.has_value(); }

  // Opens a checkpoint, and judges who has cosigned it. `log` is the key that
  // the reader holds the log to; without it each of logs() is taken. A key that
  // is given must be among logs(), when there are any.
  //
  // Not meeting the quorum is an opinion, not an error: look at `quorum_met`.
  //
  // Errors:
  //   INVALID_ARGUMENT     the text is not a checkpoint's, or the keys can not
  //                        be told apart.
  //   FAILED_PRECONDITION  neither is a key given, nor has the policy a log.
  //   PERMISSION_DENIED    a signature under a known name is not by its key,
  //                        the checkpoint is of another origin than the key,
  //                        or the policy does not take the key.
  //   UNAUTHENTICATED      no log that is taken has signed it.
  absl::StatusOr<PolicyOpinion> Judge(
      const Note& note, const std::optional<VerifierKey>& log) const;

 private:
  friend class PolicyReader;

  // A witness, or a group of those that are defined before it.
  struct Voter {
    std::string name;

    // Place in witnesses_; absent for a group.
    std::optional<size_t> witness;

    // Of a group: how many of which voters must have signed.
    size_t needed = 0;
    std::vector<size_t> members;
  };

  Policy() = default;

  // For each of voters_, whether it has signed, given the same of witnesses_.
  std::vector<bool> Votes(const std::vector<bool>& signed_by) const;

  std::string Told(const std::vector<PolicyOpinion::Cosigner>& cosigners) const;

  std::vector<PolicyLog> logs_;
  std::vector<PolicyWitness> witnesses_;

  // In the order of their lines, so members stand before their groups.
  std::vector<Voter> voters_;

  // Place in voters_.
  std::optional<size_t> quorum_;
};

}  // namespace daybook::checkpoint

#endif  // DAYBOOK_CORE_CHECKPOINT_POLICY_H_
