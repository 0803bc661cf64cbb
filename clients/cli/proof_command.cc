#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "clients/cli/audit_parts.h"
#include "clients/cli/commands.h"
#include "clients/cli/run.h"
#include "clients/cpp/client.h"
#include "core/base/status_macros.h"
#include "core/checkpoint/proof_file.h"
#include "core/checkpoint/signed_checkpoint.h"
#include "core/merkle/hash.h"
#include "core/merkle/verify.h"

namespace daybook::cli {
namespace {

constexpr absl::string_view proof_ending = ".tlog-proof";
constexpr absl::string_view entry_ending = ".entry";

absl::StatusOr<checkpoint::OpenedCheckpoint> Open(const std::string& note,
                                                  const std::string& key) {
  ASSIGN_OR_RETURN(const checkpoint::VerifierKey log, ReadVerifierKey(key));
  ASSIGN_OR_RETURN(const checkpoint::Note parsed, checkpoint::ParseNote(note));
  return checkpoint::OpenCheckpoint(parsed, log, {});
}

absl::Status PrintCheckpoint(const CommandLine& line, Streams& streams) {
  client::Client client(line.server());
  v1::GetCheckpointRequest request;
  request.set_ledger(LedgerName(line.argument(0)));
  ASSIGN_OR_RETURN(const v1::Checkpoint newest, client.GetCheckpoint(request));
  if (line.Has("vkey")) {
    const auto opened = Open(newest.note(), line.Text("vkey"));
    if (!opened.ok()) return WithExitCode(opened.status(), kContradicted);
  }
  streams.out << newest.note();
  return absl::OkStatus();
}

// A position, or SOURCE/EVENT_ID.
absl::StatusOr<v1::GetEventRequest> WhichEntry(const std::string& ledger,
                                               const std::string& named) {
  v1::GetEventRequest request;
  request.set_ledger(ledger);
  uint64_t position = 0;
  if (absl::SimpleAtoi(named, &position)) {
    request.set_position(position);
    return request;
  }
  const std::pair<std::string, std::string> parts =
      absl::StrSplit(named, absl::MaxSplits('/', 1));
  if (parts.first.empty() || parts.second.empty()) {
    return absl::InvalidArgumentError(absl::StrCat(
        "'", named, "' is neither a position nor SOURCE/EVENT_ID"));
  }
  request.mutable_identity()->set_source(parts.first);
  request.mutable_identity()->set_event_id(parts.second);
  return request;
}

// The proof of an entry in the newest checkpoint that covers it.
absl::StatusOr<checkpoint::ProofFile> MakeProof(client::Client& client,
                                                const std::string& ledger,
                                                const v1::StoredEntry& entry) {
  v1::GetCheckpointRequest newest;
  newest.set_ledger(ledger);
  newest.set_min_size(entry.position() + 1);
  ASSIGN_OR_RETURN(const v1::Checkpoint answer, client.GetCheckpoint(newest));
  checkpoint::ProofFile proof;
  proof.position = Position(entry.position());
  ASSIGN_OR_RETURN(proof.checkpoint, checkpoint::ParseNote(answer.note()));
  ASSIGN_OR_RETURN(const checkpoint::Checkpoint said,
                   checkpoint::ParseCheckpoint(proof.checkpoint.text));
  v1::GetInclusionProofRequest inclusion;
  inclusion.set_ledger(ledger);
  inclusion.set_position(entry.position());
  inclusion.set_size(said.head.size.value());
  ASSIGN_OR_RETURN(const v1::InclusionProof hashes,
                   client.GetInclusionProof(inclusion));
  for (const std::string& bytes : hashes.hashes()) {
    ASSIGN_OR_RETURN(const merkle::Hash hash, merkle::Hash::FromBytes(bytes));
    proof.hashes.push_back(hash);
  }
  // What does not hold is not handed on.
  const absl::Status holds = merkle::VerifyInclusion(
      proof.hashes, proof.position, merkle::LeafHash(entry.entry()), said.head);
  if (!holds.ok()) {
    return absl::DataLossError(
        absl::StrCat("the server's proof does not hold: ", holds.message()));
  }
  return proof;
}

// F.tlog-proof and F.entry.
std::pair<std::string, std::string> FilesOf(const CommandLine& line,
                                            uint64_t position) {
  std::string stem = line.Text("output");
  if (stem.empty()) {
    std::string id(line.argument(0));
    id = id.substr(id.rfind('/') + 1);
    stem = absl::StrCat(id, "-", position);
  }
  if (absl::EndsWith(stem, proof_ending)) {
    stem.resize(stem.size() - proof_ending.size());
  }
  return {absl::StrCat(stem, proof_ending), absl::StrCat(stem, entry_ending)};
}

absl::Status Prove(const CommandLine& line, Streams& streams) {
  client::Client client(line.server());
  const std::string ledger = LedgerName(line.argument(0));
  ASSIGN_OR_RETURN(const v1::GetEventRequest which,
                   WhichEntry(ledger, line.argument(1)));
  ASSIGN_OR_RETURN(const v1::StoredEntry entry, client.GetEvent(which));
  ASSIGN_OR_RETURN(const checkpoint::ProofFile proof,
                   MakeProof(client, ledger, entry));
  ASSIGN_OR_RETURN(const std::string text, checkpoint::FormatProofFile(proof));
  const auto [proof_file, entry_file] = FilesOf(line, entry.position());
  RETURN_IF_ERROR(WriteWholeFile(entry_file, entry.entry()));
  RETURN_IF_ERROR(WriteWholeFile(proof_file, text));
  streams.out << "entry " << entry.position() << " of " << ledger << ": "
              << entry_file << ", proven by " << proof_file << "\n";
  return absl::OkStatus();
}

absl::Status CheckProof(const CommandLine& line, Streams& streams) {
  ASSIGN_OR_RETURN(const checkpoint::VerifierKey key,
                   ReadVerifierKey(line.Text("vkey")));
  ASSIGN_OR_RETURN(const std::string text, ReadWholeFile(line.argument(0)));
  ASSIGN_OR_RETURN(const std::string entry, ReadWholeFile(line.Text("entry")));
  const absl::StatusOr<checkpoint::ProofFile> proof =
      checkpoint::ParseProofFile(text);
  if (!proof.ok()) return WithExitCode(proof.status(), kContradicted);
  const merkle::Hash leaf = merkle::LeafHash(entry);
  const absl::StatusOr<checkpoint::OpenedCheckpoint> opened =
      checkpoint::VerifyProofFile(*proof, leaf, key, {});
  if (!opened.ok()) return WithExitCode(opened.status(), kContradicted);
  streams.out << "proven: the entry stands at position "
              << proof->position.value() << " of " << opened->checkpoint.origin
              << ", among the " << opened->checkpoint.head.size.value()
              << " entries of a checkpoint signed by " << key.ToString()
              << "\nleaf hash " << absl::BytesToHexString(leaf.bytes()) << "\n";
  return absl::OkStatus();
}

}  // namespace

std::vector<Command> ProofCommands() {
  Flag entry{"entry", Flag::Kind::kText, "FILE",
             "the entry that it is about, as stored"};
  entry.required = true;
  return {
      {"audit checkpoint",
       "LEDGER",
       "Prints the newest signed checkpoint.",
       {VerifierKeyFlag(false)},
       1,
       PrintCheckpoint},
      {"audit prove",
       "LEDGER POSITION|SOURCE/EVENT_ID",
       "Writes an entry and a proof of it that can be checked offline.",
       {{"output", Flag::Kind::kText, "F.tlog-proof",
         "the proof's file; the entry is put beside it, as F.entry"}},
       2,
       Prove},
      {"audit check-proof",
       "FILE.tlog-proof",
       "Checks a proof with the key alone; no server is asked.",
       {entry, VerifierKeyFlag(true)},
       1,
       CheckProof},
  };
}

}  // namespace daybook::cli
