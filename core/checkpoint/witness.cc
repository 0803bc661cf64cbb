#include "core/checkpoint/witness.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "core/base/status_macros.h"
#include "core/checkpoint/base64.h"
#include "core/checkpoint/note_text.h"
#include "core/checkpoint/verify_note.h"
#include "core/merkle/verify.h"

namespace daybook::checkpoint {
namespace {

constexpr absl::string_view old_start = "old ";

absl::Status NotARequest(absl::string_view problem) {
  return absl::InvalidArgumentError(
      absl::StrCat("this is not a request to add a checkpoint: ", problem));
}

}  // namespace

absl::StatusOr<AddCheckpointRequest> ParseAddCheckpoint(
    absl::string_view body) {
  if (body.size() > add_checkpoint_bytes_max) {
    return NotARequest(
        absl::StrCat("it has more than ", add_checkpoint_bytes_max, " bytes"));
  }
  // The first empty line: the note has one of its own.
  const size_t end = body.find("\n\n");
  if (end == absl::string_view::npos) {
    return NotARequest("no empty line and checkpoint follow the hashes");
  }
  const std::vector<absl::string_view> lines =
      absl::StrSplit(body.substr(0, end), '\n');
  if (lines.size() - 1 > witness_hashes_max) {
    return NotARequest(
        absl::StrCat("it has more than ", witness_hashes_max, " hashes"));
  }
  absl::string_view first = lines[0];
  const std::optional<uint64_t> size = absl::ConsumePrefix(&first, old_start)
                                           ? ParseDecimal(first)
                                           : std::nullopt;
  if (!size.has_value() || *size > merkle::tree_size_max.value()) {
    return NotARequest("its first line is not 'old' and a decimal size");
  }
  AddCheckpointRequest request;
  request.old_size = LogSize(*size);
  for (size_t i = 1; i < lines.size(); ++i) {
    const auto hash = DecodeBase64Hash(lines[i]);
    if (!hash.ok()) {
      return NotARequest(
          absl::StrCat("line ", i + 1, " is not base64 of a hash"));
    }
    request.proof.push_back(*hash);
  }
  ASSIGN_OR_RETURN(request.checkpoint, ParseNote(body.substr(end + 2)));
  return request;
}

absl::StatusOr<std::string> FormatAddCheckpoint(
    const AddCheckpointRequest& request) {
  std::string body = absl::StrCat(old_start, request.old_size.value(), "\n");
  for (const merkle::Hash& hash : request.proof) {
    absl::StrAppend(&body, EncodeBase64(hash.bytes()), "\n");
  }
  ASSIGN_OR_RETURN(const std::string note, FormatNote(request.checkpoint));
  absl::StrAppend(&body, "\n", note);
  RETURN_IF_ERROR(ParseAddCheckpoint(body).status());
  return body;
}

merkle::TreeHead NothingSeen() { return {LogSize(0), merkle::EmptyRoot()}; }

absl::StatusOr<KnownCheckpoint> OpenForWitness(
    const Note& note, absl::Span<const VerifierKey> logs) {
  // The origin says which keys to ask; nothing else is believed before one of
  // them has signed.
  ASSIGN_OR_RETURN(Checkpoint checkpoint, ParseCheckpoint(note.text));
  std::vector<VerifierKey> keys;
  std::copy_if(
      logs.begin(), logs.end(), std::back_inserter(keys),
      [&](const VerifierKey& key) { return key.name() == checkpoint.origin; });
  if (keys.empty()) {
    return absl::NotFoundError(absl::StrCat("the log ", checkpoint.origin,
                                            " is not known to this witness"));
  }
  const absl::StatusOr<std::vector<VerifiedSignature>> verified =
      VerifyNote(note, keys);
  if (absl::IsUnauthenticated(verified.status())) {
    return absl::PermissionDeniedError(absl::StrCat(
        "no known key of ", checkpoint.origin, " has signed the checkpoint"));
  }
  RETURN_IF_ERROR(verified.status());
  KnownCheckpoint known{std::move(checkpoint), {}};
  for (const VerifierKey& key : keys) {
    const auto made =
        std::find_if(note.signatures.begin(), note.signatures.end(),
                     [&](const NoteSignature& one) { return key.Made(one); });
    if (made != note.signatures.end()) known.signatures.push_back(*made);
  }
  return known;
}

absl::Status CheckContinues(const merkle::TreeHead& seen,
                            const AddCheckpointRequest& request,
                            const Checkpoint& checkpoint) {
  const merkle::TreeHead& head = checkpoint.head;
  if (request.old_size > head.size) {
    return absl::InvalidArgumentError(
        absl::StrCat("the old size, ", request.old_size.value(),
                     ", is larger than the checkpoint's, ", head.size.value()));
  }
  if (request.old_size != seen.size) {
    return absl::AbortedError(
        absl::StrCat("the old size is ", request.old_size.value(),
                     "; cosigned last was ", seen.size.value()));
  }
  const absl::Status continues =
      merkle::VerifyConsistency(request.proof, seen, head);
  if (continues.ok()) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("it is not shown that the checkpoint of size ",
                   head.size.value(), " continues that of size ",
                   seen.size.value(), ": ", continues.message()));
}

}  // namespace daybook::checkpoint
