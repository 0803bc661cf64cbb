#include "services/audit/proofs.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "core/admission/well_formed.h"
#include "core/base/status_macros.h"
#include "core/base/utf8.h"
#include "core/merkle/tile.h"

namespace daybook::services {
namespace {

constexpr size_t shown_path_bytes = 64;

// The size that a field means; 0 is that of now.
absl::StatusOr<LogSize> ParseSize(const LedgerEngine& ledger,
                                  absl::string_view field, uint64_t size) {
  const LogSize now = ledger.size();
  if (size == 0) return now;
  if (size <= now.value()) return LogSize(size);
  return absl::OutOfRangeError(absl::StrCat(
      field, ": ", ledger.ledger(), " has ", now.value(), " entries, and ",
      size, " was asked for; give 1 to ", now.value(), ", or 0 for all"));
}

template <typename Proof>
void AddHashes(const std::vector<merkle::Hash>& hashes, Proof& proof) {
  for (const merkle::Hash& hash : hashes) {
    proof.add_hashes(std::string(hash.bytes()));
  }
}

}  // namespace

absl::StatusOr<Position> FindByPosition(const LedgerEngine& ledger,
                                        uint64_t position) {
  if (position < ledger.size().value()) return Position(position);
  return absl::NotFoundError(
      absl::StrCat("position: ", ledger.ledger(), " holds no entry ", position,
                   "; its last is ", ledger.size().value() - 1));
}

absl::StatusOr<Position> FindByIdentity(const LedgerEngine& ledger,
                                        const v1::EventIdentity& identity) {
  if (identity.source().empty() || identity.event_id().empty()) {
    return absl::InvalidArgumentError(
        "identity: give both source and event_id");
  }
  ASSIGN_OR_RETURN(const std::optional<Position> position,
                   ledger.FindEvent(identity.source(), identity.event_id()));
  if (position) return *position;
  return absl::NotFoundError(
      absl::StrCat("identity: ", ledger.ledger(), " holds no event ",
                   Shortened(identity.event_id(), id_bytes_max), " of source ",
                   Shortened(identity.source(), id_bytes_max)));
}

absl::StatusOr<v1::InclusionProof> ProveInclusion(
    const LedgerEngine& ledger, const v1::GetInclusionProofRequest& request) {
  absl::StatusOr<Position> position = absl::InvalidArgumentError(
      "key: there is none; give a position or an identity");
  if (request.has_position()) {
    position = FindByPosition(ledger, request.position());
  } else if (request.has_identity()) {
    position = FindByIdentity(ledger, request.identity());
  }
  RETURN_IF_ERROR(position.status());
  ASSIGN_OR_RETURN(const LogSize size,
                   ParseSize(ledger, "size", request.size()));
  ASSIGN_OR_RETURN(const std::vector<merkle::Hash> hashes,
                   ledger.tree().ProveInclusion(*position, size));
  v1::InclusionProof proof;
  proof.set_position(position->value());
  proof.set_size(size.value());
  AddHashes(hashes, proof);
  return proof;
}

absl::StatusOr<v1::ConsistencyProof> ProveConsistency(
    const LedgerEngine& ledger, const v1::GetConsistencyProofRequest& request) {
  ASSIGN_OR_RETURN(const LogSize newer,
                   ParseSize(ledger, "newer_size", request.newer_size()));
  const LogSize older(request.older_size());
  if (older > newer) {
    return absl::OutOfRangeError(
        absl::StrCat("older_size: ", older.value(), " is above newer_size, ",
                     newer.value(), "; give the smaller one first"));
  }
  ASSIGN_OR_RETURN(const std::vector<merkle::Hash> hashes,
                   ledger.tree().ProveConsistency(older, newer));
  v1::ConsistencyProof proof;
  proof.set_older_size(older.value());
  proof.set_newer_size(newer.value());
  AddHashes(hashes, proof);
  return proof;
}

absl::StatusOr<v1::GetTileResponse> ReadTile(
    const LedgerEngine& ledger, const v1::GetTileRequest& request) {
  const auto not_there = [](absl::Status status) {
    if (!absl::IsOutOfRange(status)) return status;
    return absl::NotFoundError(absl::StrCat("path: ", status.message()));
  };
  v1::GetTileResponse response;
  const auto bundle = merkle::ParseBundlePath(request.path());
  if (bundle.ok()) {
    absl::StatusOr<std::string> bytes = ledger.tree().ReadBundle(*bundle);
    if (!bytes.ok()) return not_there(bytes.status());
    response.set_content(*std::move(bytes));
    return response;
  }
  const auto tile = merkle::ParseTilePath(request.path());
  if (!tile.ok()) {
    return absl::InvalidArgumentError(absl::StrCat(
        "path: \"", Shortened(request.path(), shown_path_bytes),
        "\" is no path of a tile or bundle; give one such as tile/0/000 or "
        "tile/entries/000.p/7"));
  }
  const auto hashes = ledger.tree().ReadTile(*tile);
  if (!hashes.ok()) return not_there(hashes.status());
  response.set_content(merkle::FormatTile(*hashes));
  return response;
}

}  // namespace daybook::services
