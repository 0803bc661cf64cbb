#include "core/checkpoint/proof_file.h"

#include <cstdint>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "core/base/status_macros.h"
#include "core/checkpoint/base64.h"
#include "core/checkpoint/note_text.h"
#include "core/merkle/tree.h"
#include "core/merkle/verify.h"

namespace daybook::checkpoint {
namespace {

constexpr absl::string_view first_line = "c2sp.org/tlog-proof@v1";
constexpr absl::string_view extra_start = "extra ";
constexpr absl::string_view index_start = "index ";

// More than what stands before the note can have.
constexpr size_t header_bytes_max = proof_extra_bytes_max * 2;

absl::Status NotAProof(absl::string_view problem) {
  return absl::InvalidArgumentError(
      absl::StrCat("this is not a proof file: ", problem));
}

// Takes the first line of `rest`, which ends with it when there is none more.
absl::string_view TakeLine(absl::string_view& rest) {
  const size_t end = rest.find('\n');
  const absl::string_view line = rest.substr(0, end);
  rest.remove_prefix(end == absl::string_view::npos ? rest.size() : end + 1);
  return line;
}

// Everything before the empty line, with its last newline.
absl::StatusOr<ProofFile> ParseHeader(absl::string_view header) {
  ProofFile proof;
  if (TakeLine(header) != first_line) {
    return NotAProof(absl::StrCat("line 1 is not ", first_line));
  }
  absl::string_view line = TakeLine(header);
  if (absl::ConsumePrefix(&line, extra_start)) {
    auto extra = DecodeBase64(line);
    if (!extra.ok() || extra->empty() ||
        extra->size() > proof_extra_bytes_max) {
      return NotAProof(absl::StrCat("the extra is not base64 of 1 to ",
                                    proof_extra_bytes_max, " bytes"));
    }
    proof.extra = *std::move(extra);
    line = TakeLine(header);
  }
  if (!absl::ConsumePrefix(&line, index_start)) {
    return NotAProof("there is no index line");
  }
  const std::optional<uint64_t> position = ParseDecimal(line);
  if (!position.has_value() || *position >= merkle::tree_size_max.value()) {
    return NotAProof(absl::StrCat("the index is not a decimal number below ",
                                  merkle::tree_size_max.value()));
  }
  proof.position = Position(*position);
  while (!header.empty()) {
    if (proof.hashes.size() == merkle::inclusion_hashes_max) {
      return NotAProof(absl::StrCat("it has more than ",
                                    merkle::inclusion_hashes_max, " hashes"));
    }
    const auto hash = DecodeBase64Hash(TakeLine(header));
    if (!hash.ok()) {
      return NotAProof("a line after the index is not base64 of a hash");
    }
    proof.hashes.push_back(*hash);
  }
  return proof;
}

}  // namespace

absl::StatusOr<ProofFile> ParseProofFile(absl::string_view bytes) {
  // The first empty line: the note has one of its own.
  const size_t end = bytes.find("\n\n");
  if (end == absl::string_view::npos || end >= header_bytes_max) {
    return NotAProof("no empty line and checkpoint follow the hashes");
  }
  ASSIGN_OR_RETURN(ProofFile proof, ParseHeader(bytes.substr(0, end + 1)));
  ASSIGN_OR_RETURN(proof.checkpoint, ParseNote(bytes.substr(end + 2)));
  return proof;
}

absl::StatusOr<std::string> FormatProofFile(const ProofFile& proof) {
  std::string bytes = absl::StrCat(first_line, "\n");
  if (!proof.extra.empty()) {
    absl::StrAppend(&bytes, extra_start, EncodeBase64(proof.extra), "\n");
  }
  absl::StrAppend(&bytes, index_start, proof.position.value(), "\n");
  for (const merkle::Hash& hash : proof.hashes) {
    absl::StrAppend(&bytes, EncodeBase64(hash.bytes()), "\n");
  }
  ASSIGN_OR_RETURN(const std::string note, FormatNote(proof.checkpoint));
  absl::StrAppend(&bytes, "\n", note);
  RETURN_IF_ERROR(ParseProofFile(bytes).status());
  return bytes;
}

absl::StatusOr<OpenedCheckpoint> VerifyProofFile(
    const ProofFile& proof, const merkle::Hash& leaf, const VerifierKey& log,
    absl::Span<const VerifierKey> witnesses) {
  ASSIGN_OR_RETURN(OpenedCheckpoint opened,
                   OpenCheckpoint(proof.checkpoint, log, witnesses));
  RETURN_IF_ERROR(merkle::VerifyInclusion(proof.hashes, proof.position, leaf,
                                          opened.checkpoint.head));
  return opened;
}

}  // namespace daybook::checkpoint
