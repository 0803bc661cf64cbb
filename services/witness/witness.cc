#include "services/witness/witness.h"

#include <algorithm>
#include <cstdio>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "core/base/status_macros.h"
#include "core/checkpoint/cosignature.h"
#include "core/checkpoint/note.h"
#include "core/checkpoint/verify_note.h"

namespace daybook::services {
namespace {

using checkpoint::KeyType;
using checkpoint::Note;
using checkpoint::VerifierKey;

HttpResponse Text(int status, absl::string_view text) {
  HttpResponse response;
  response.status = status;
  response.body = absl::StrCat(text, "\n");
  return response;
}

HttpResponse NotAllowed(const char* allow) {
  HttpResponse response = Text(405, "this is asked with another method");
  response.allow = allow;
  return response;
}

// What the protocol answers to a status of core/checkpoint/witness.h.
HttpResponse Refuse(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kInvalidArgument:
      return Text(400, status.message());
    case absl::StatusCode::kNotFound:
      return Text(404, status.message());
    case absl::StatusCode::kPermissionDenied:
      return Text(403, status.message());
    case absl::StatusCode::kFailedPrecondition:
      return Text(422, status.message());
    case absl::StatusCode::kUnavailable:
      return Text(503, "the witness can not store what it cosigns");
    default:
      return Text(500, "the witness failed; its log says how");
  }
}

HttpResponse WrongSize(LogSize seen) {
  HttpResponse response = Text(409, absl::StrCat(seen.value()));
  response.content_type = "text/x.tlog.size";
  return response;
}

void Tell(absl::string_view origin, const absl::Status& status) {
  std::fprintf(stderr, "daybook: witness: %s: %s\n",
               std::string(origin).c_str(), status.ToString().c_str());
}

}  // namespace

Witness::Witness(std::unique_ptr<WitnessState> state, checkpoint::SignerKey key,
                 std::vector<VerifierKey> logs, const Clock& clock)
    : key_(std::move(key)),
      logs_(std::move(logs)),
      clock_(clock),
      state_(std::move(state)) {}

absl::StatusOr<std::unique_ptr<Witness>> Witness::Open(
    const std::filesystem::path& folder, checkpoint::SignerKey key,
    std::vector<VerifierKey> logs, const Clock& clock) {
  if (key.verifier().type() != KeyType::kCosignature) {
    return absl::InvalidArgumentError(
        "the key is not for cosignatures; make one with --keygen");
  }
  for (const VerifierKey& log : logs) {
    if (log.type() == KeyType::kEd25519) continue;
    return absl::InvalidArgumentError(
        absl::StrCat(log.ToString(), " is the key of a witness, not of a log"));
  }
  ASSIGN_OR_RETURN(auto state, WitnessState::Open(folder));
  std::unique_ptr<Witness> witness(
      new Witness(std::move(state), std::move(key), std::move(logs), clock));
  absl::MutexLock lock(&witness->mutex_);
  for (const VerifierKey& log : witness->logs_) {
    ASSIGN_OR_RETURN(const merkle::TreeHead seen,
                     witness->ReadSeen(log.name()));
    witness->seen_.insert_or_assign(log.name(), seen);
  }
  return witness;
}

absl::StatusOr<merkle::TreeHead> Witness::ReadSeen(
    const std::string& origin) const {
  const std::string hash = WitnessState::HashOf(origin);
  ASSIGN_OR_RETURN(const std::optional<std::string> stored, state_->Read(hash));
  if (!stored.has_value()) return checkpoint::NothingSeen();
  const auto read = [&]() -> absl::StatusOr<checkpoint::Checkpoint> {
    ASSIGN_OR_RETURN(const Note note, checkpoint::ParseNote(*stored));
    RETURN_IF_ERROR(checkpoint::VerifyNote(note, {key_.verifier()}).status());
    return checkpoint::ParseCheckpoint(note.text);
  };
  const absl::StatusOr<checkpoint::Checkpoint> found = read();
  if (found.ok() && found->origin == origin) return found->head;
  return absl::DataLossError(absl::StrCat(
      hash, ".checkpoint is not what this key cosigned of ", origin,
      found.ok() ? "" : absl::StrCat(" (", found.status().message(), ")"),
      "; use the key that it was made with, or restore the file. Where neither "
      "can be had, begin again with a new key and an empty folder, and give "
      "the new verifier key out: cosigning on would vouch for what is not "
      "known"));
}

HttpResponse Witness::Answer(const HttpRequest& request) {
  absl::string_view path = request.path;
  if (path == "/add-checkpoint") {
    return request.method == "POST" ? AddCheckpoint(request.body)
                                    : NotAllowed("POST");
  }
  if (absl::ConsumePrefix(&path, "/") &&
      absl::ConsumeSuffix(&path, "/checkpoint")) {
    return request.method == "GET" || request.method == "HEAD"
               ? ReadCheckpoint(path)
               : NotAllowed("GET, HEAD");
  }
  return Text(404, "a witness has add-checkpoint, and HASH/checkpoint");
}

HttpResponse Witness::AddCheckpoint(const std::string& body) {
  const auto request = checkpoint::ParseAddCheckpoint(body);
  if (!request.ok()) return Refuse(request.status());
  const auto known = checkpoint::OpenForWitness(request->checkpoint, logs_);
  if (!known.ok()) return Refuse(known.status());
  const std::string& origin = known->checkpoint.origin;
  absl::MutexLock lock(&mutex_);
  if (!broken_.ok()) return Refuse(broken_);
  const merkle::TreeHead seen = seen_.at(origin);
  const absl::Status continues =
      checkpoint::CheckContinues(seen, *request, known->checkpoint);
  if (absl::IsAborted(continues)) return WrongSize(seen.size);
  if (!continues.ok()) {
    Tell(origin, continues);
    return Refuse(continues);
  }
  absl::StatusOr<std::string> line = Cosign(*known, request->checkpoint.text);
  if (!line.ok()) {
    Tell(origin, line.status());
    return Refuse(line.status());
  }
  HttpResponse response;
  response.body = *std::move(line);
  return response;
}

absl::StatusOr<std::string> Witness::Cosign(
    const checkpoint::KnownCheckpoint& known, const std::string& text) {
  const int64_t now = absl::ToUnixSeconds(clock_.Now());
  ASSIGN_OR_RETURN(
      const checkpoint::NoteSignature signature,
      key_.Cosign(text, checkpoint::UnixSeconds(
                            static_cast<uint64_t>(std::max<int64_t>(now, 0)))));
  Note note{text, known.signatures};
  note.signatures.push_back(signature);
  ASSIGN_OR_RETURN(const std::string stored, checkpoint::FormatNote(note));
  const std::string& origin = known.checkpoint.origin;
  const absl::Status written =
      state_->Write(WitnessState::HashOf(origin), stored);
  if (!written.ok()) {
    broken_ = written;
    return written;
  }
  seen_.insert_or_assign(origin, known.checkpoint.head);
  return checkpoint::FormatSignatureLine(signature);
}

HttpResponse Witness::ReadCheckpoint(absl::string_view origin_hash) {
  const auto is_it = [&](const VerifierKey& log) {
    return WitnessState::HashOf(log.name()) == origin_hash;
  };
  if (std::none_of(logs_.begin(), logs_.end(), is_it)) {
    return Text(404,
                "no log that this witness knows has an origin with this "
                "SHA-256");
  }
  absl::MutexLock lock(&mutex_);
  if (!broken_.ok()) return Refuse(broken_);
  absl::StatusOr<std::optional<std::string>> note = state_->Read(origin_hash);
  if (!note.ok()) return Refuse(note.status());
  if (!note->has_value()) {
    return Text(404, "nothing of this log has been cosigned yet");
  }
  HttpResponse response;
  response.body = **std::move(note);
  response.cache_control = "public, max-age=5";
  return response;
}

}  // namespace daybook::services
