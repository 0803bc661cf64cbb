#include "clients/cli/publication_text.h"

#include <algorithm>
#include <fstream>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/checkpoint/note.h"
#include "core/checkpoint/proof_file.h"
#include "core/merkle/hash.h"

namespace daybook::cli {

absl::StatusOr<std::string> ProofFileText(const v1::InclusionProof& proof,
                                          const v1::Checkpoint& checkpoint) {
  checkpoint::ProofFile file;
  file.position = Position(proof.position());
  for (const std::string& bytes : proof.hashes()) {
    ASSIGN_OR_RETURN(const merkle::Hash hash, merkle::Hash::FromBytes(bytes));
    file.hashes.push_back(hash);
  }
  ASSIGN_OR_RETURN(file.checkpoint, checkpoint::ParseNote(checkpoint.note()));
  return checkpoint::FormatProofFile(file);
}

absl::Status PublicationWriter::Write(const client::EventOutcome& outcome) {
  ASSIGN_OR_RETURN(const std::string text,
                   ProofFileText(*outcome.proof, *outcome.checkpoint));
  std::error_code error;
  std::filesystem::create_directories(folder_, error);
  const std::filesystem::path path =
      folder_ / absl::StrCat(outcome.position, ".tlog-proof");
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  if (file) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("--proofs: ", path.string(),
                   " can not be written; what is recorded stays so, and "
                   "appending the file again gives its proofs"));
}

void PublicationWriter::Take(const client::EventOutcome& outcome) {
  using Kind = client::EventOutcome::Kind;
  if (outcome.kind != Kind::kCreated && outcome.kind != Kind::kReplayed) return;
  if (outcome.proof == nullptr) {
    ++unpublished_;
    if (why_.ok()) why_ = outcome.status;
    return;
  }
  ++published_;
  size_ = std::max(size_, outcome.checkpoint->size());
  if (!folder_.empty() && failure_.ok()) failure_ = Write(outcome);
}

absl::Status PublicationWriter::Finish(std::ostream& out) const {
  if (published_ > 0) {
    out << "published " << published_ << " events, checkpoint size " << size_
        << "\n";
  }
  RETURN_IF_ERROR(failure_);
  if (unpublished_ == 0) return absl::OkStatus();
  return absl::Status(
      why_.ok() ? absl::StatusCode::kFailedPrecondition : why_.code(),
      absl::StrCat(unpublished_, " events are recorded, and not published: ",
                   why_.ok() ? "the server gave no proof" : why_.message()));
}

}  // namespace daybook::cli
