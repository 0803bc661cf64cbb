#include "services/cosigning/witness_client.h"

#include <cstdint>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "core/base/status_macros.h"
#include "core/base/utf8.h"
#include "core/checkpoint/note_text.h"
#include "core/checkpoint/verify_note.h"
#include "core/checkpoint/witness.h"

namespace daybook::services {
namespace {

using checkpoint::Note;
using checkpoint::NoteSignature;

// The second request has the size that the first was answered with; the
// third is for a witness that somebody else asked meanwhile.
constexpr int requests_max = 3;

constexpr size_t shown_bytes = 256;

}  // namespace

WitnessClient::WitnessClient(checkpoint::PolicyWitness witness,
                             HttpClient::Limits limits)
    : witness_(std::move(witness)),
      url_(absl::StrCat(absl::StripSuffix(witness_.url, "/"),
                        "/add-checkpoint")),
      http_(limits) {}

bool WitnessClient::HasCosigned(const Note& note) const {
  return checkpoint::VerifyNote(note, {witness_.key}).ok();
}

absl::Status WitnessClient::ErrorOf(const HttpReply& reply) const {
  const std::string what = absl::StrCat(
      url_, " answers ", reply.status, ": ",
      absl::StripAsciiWhitespace(Shortened(reply.body, shown_bytes)));
  switch (reply.status) {
    case 403:
    case 404:
      return absl::FailedPreconditionError(
          absl::StrCat(what, "; give the witness this ledger's verifier key"));
    case 422:
      return absl::DataLossError(absl::StrCat(
          what,
          "; the witness has cosigned what this ledger does not continue: it "
          "was restored from an older copy, or what is stored was changed"));
    default:
      return absl::UnavailableError(what);
  }
}

absl::StatusOr<std::string> WitnessClient::ReadCosignature(
    const Note& note, absl::string_view lines) const {
  const auto given = checkpoint::ParseSignatureLines(lines);
  if (given.ok()) {
    for (const NoteSignature& one : *given) {
      // Those of strangers are passed by.
      if (!witness_.key.Made(one)) continue;
      if (!witness_.key.Verify(note.text, one).ok()) break;
      return checkpoint::FormatSignatureLine(one);
    }
  }
  return absl::UnavailableError(
      absl::StrCat(url_, " answers no cosignature by ", witness_.key.name(),
                   "; is the key in the policy its key?"));
}

absl::StatusOr<std::string> WitnessClient::Ask(const Note& note, Prove prove) {
  ASSIGN_OR_RETURN(const checkpoint::Checkpoint checkpoint,
                   checkpoint::ParseCheckpoint(note.text));
  const LogSize size = checkpoint.head.size;
  LogSize& seen =
      seen_.try_emplace(checkpoint.origin, LogSize(0)).first->second;
  for (int i = 0; i < requests_max; ++i) {
    if (seen > size) {
      return absl::DataLossError(absl::StrCat(
          url_, " has cosigned size ", seen.value(), " of ", checkpoint.origin,
          ", which is at ", size.value(),
          " here: the ledger was restored from an older copy, or others sign "
          "for it too"));
    }
    checkpoint::AddCheckpointRequest request;
    request.old_size = seen;
    ASSIGN_OR_RETURN(request.proof, prove(seen, size));
    request.checkpoint = note;
    ASSIGN_OR_RETURN(const std::string body,
                     checkpoint::FormatAddCheckpoint(request));
    ASSIGN_OR_RETURN(const HttpReply reply, http_.Post(url_, body));
    if (reply.status == 200) {
      ASSIGN_OR_RETURN(std::string line, ReadCosignature(note, reply.body));
      seen = size;
      return line;
    }
    const std::optional<uint64_t> told =
        checkpoint::ParseDecimal(absl::StripSuffix(reply.body, "\n"));
    if (reply.status != 409 || !told.has_value()) return ErrorOf(reply);
    seen = LogSize(*told);
  }
  return absl::UnavailableError(
      absl::StrCat(url_, " says another size each time it is asked"));
}

}  // namespace daybook::services
