#include "tests/fuzz/parsers.h"

#include <optional>
#include <string>
#include <vector>

#include "core/base/check.h"
#include "core/checkpoint/checkpoint.h"
#include "core/checkpoint/note.h"
#include "core/checkpoint/policy.h"
#include "core/checkpoint/proof_file.h"
#include "core/checkpoint/verifier_key.h"
#include "core/checkpoint/verify_note.h"
#include "core/checkpoint/witness.h"
#include "core/merkle/hash.h"
#include "tests/core/checkpoint/vectors.h"

namespace daybook::fuzz {
namespace {

const checkpoint::VerifierKey& LogKey() {
  static const auto* const key = new checkpoint::VerifierKey(
      *checkpoint::VerifierKey::Parse(checkpoint::log_vkey));
  return *key;
}

const checkpoint::VerifierKey& WitnessKey() {
  static const auto* const key = new checkpoint::VerifierKey(
      *checkpoint::VerifierKey::Parse(checkpoint::witness_vkey));
  return *key;
}

}  // namespace

bool TryNote(absl::string_view bytes) {
  // Alone, signature lines are another way in.
  const auto lines = checkpoint::ParseSignatureLines(bytes);
  if (lines.ok()) {
    std::string again;
    for (const auto& line : *lines) {
      again += checkpoint::FormatSignatureLine(line);
    }
    DAYBOOK_CHECK(again == bytes);
  }
  const auto note = checkpoint::ParseNote(bytes);
  if (!note.ok()) return false;
  const auto again = checkpoint::FormatNote(*note);
  DAYBOOK_CHECK(again.ok() && *again == bytes);
  const auto verified = checkpoint::VerifyNote(*note, {LogKey(), WitnessKey()});
  DAYBOOK_CHECK(!verified.ok() || !verified->empty());
  return true;
}

bool TryCheckpoint(absl::string_view bytes) {
  const auto parsed = checkpoint::ParseCheckpoint(bytes);
  if (!parsed.ok()) return false;
  const auto again = checkpoint::FormatCheckpoint(*parsed);
  DAYBOOK_CHECK(again.ok() && *again == bytes);
  return true;
}

bool TryPolicy(absl::string_view bytes) {
  const auto policy = checkpoint::Policy::Parse(bytes);
  if (!policy.ok()) return false;
  static const auto* const note =
      new checkpoint::Note(*checkpoint::ParseNote(checkpoint::SignedText()));
  const auto opinion = policy->Judge(*note, std::nullopt);
  DAYBOOK_CHECK(!opinion.ok() || opinion->quorum_met ||
                policy->demands_witnesses());
  return true;
}

bool TryAddCheckpoint(absl::string_view bytes) {
  const auto request = checkpoint::ParseAddCheckpoint(bytes);
  if (!request.ok()) return false;
  const auto again = checkpoint::FormatAddCheckpoint(*request);
  DAYBOOK_CHECK(again.ok() && *again == bytes);
  const auto known =
      checkpoint::OpenForWitness(request->checkpoint, {LogKey()});
  if (!known.ok()) return true;
  // Nobody but the log of the vectors has this key, and it signed this alone.
  DAYBOOK_CHECK(known->checkpoint.head.size == LogSize(7));
  const bool continues = checkpoint::CheckContinues(checkpoint::NothingSeen(),
                                                    *request, known->checkpoint)
                             .ok();
  DAYBOOK_CHECK(continues ==
                (request->old_size == LogSize(0) && request->proof.empty()));
  return true;
}

bool TryProofFile(absl::string_view bytes) {
  const auto proof = checkpoint::ParseProofFile(bytes);
  if (!proof.ok()) return false;
  const auto again = checkpoint::FormatProofFile(*proof);
  DAYBOOK_CHECK(again.ok() && *again == bytes);
  const auto opened = checkpoint::VerifyProofFile(
      *proof, merkle::LeafHash("event-3"), LogKey(), {WitnessKey()});
  DAYBOOK_CHECK(!opened.ok() ||
                opened->checkpoint.origin == checkpoint::log_name);
  return true;
}

}  // namespace daybook::fuzz
