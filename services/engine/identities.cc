#include "services/engine/identities.h"

#include <utility>
#include <vector>

#include "core/base/status_macros.h"
#include "services/engine/entry_codec.h"

namespace daybook::services {
namespace {

// Entries that are added at a time.
constexpr size_t chunk_entries = 4'096;

}  // namespace

absl::StatusOr<std::unique_ptr<Identities>> Identities::Open(
    storage::EventLog& log, absl::string_view ledger_id) {
  std::unique_ptr<Identities> identities(new Identities(log, ledger_id));
  const IdentityHash hash = identities->hash_;
  ASSIGN_OR_RETURN(
      identities->index_,
      log.OpenIndex(
          [&log, hash](Position position) -> absl::StatusOr<uint64_t> {
            ASSIGN_OR_RETURN(const std::string bytes, log.Read(position));
            return hash.OfBytes(bytes);
          }));
  RETURN_IF_ERROR(identities->CatchUp());
  return identities;
}

absl::Status Identities::CatchUp() {
  std::vector<uint64_t> hashes;
  LogSize end = index_->size();
  const auto add = [&]() -> absl::Status {
    RETURN_IF_ERROR(Add(NextPosition(end), hashes));
    end = LogSize(end.value() + hashes.size());
    hashes.clear();
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(log_.Scan(
      NextPosition(end), NextPosition(log_.size()),
      [&](Position position, absl::string_view bytes) -> absl::Status {
        ASSIGN_OR_RETURN(const v1::Entry entry, ParseEntry(position, bytes));
        // The genesis has an identity that no event can have.
        hashes.push_back(hash_.Of(entry.source(), entry.event().event_id()));
        return hashes.size() < chunk_entries ? absl::OkStatus() : add();
      }));
  return hashes.empty() ? absl::OkStatus() : add();
}

absl::Status Identities::Rebuild() {
  RETURN_IF_ERROR(index_->Clear());
  return CatchUp();
}

absl::StatusOr<std::optional<v1::Entry>> Identities::Find(
    absl::string_view source, absl::string_view event_id) const {
  const uint64_t hash = hash_.Of(source, event_id);
  std::vector<Position> candidates;
  RETURN_IF_ERROR(index_->Find(
      absl::MakeConstSpan(&hash, 1),
      [&](size_t, Position position) { candidates.push_back(position); }));
  for (const Position position : candidates) {
    ASSIGN_OR_RETURN(const std::string bytes, log_.Read(position));
    ASSIGN_OR_RETURN(v1::Entry entry, ParseEntry(position, bytes));
    if (IsIdentity(entry, source, event_id)) {
      return std::optional<v1::Entry>(std::move(entry));
    }
  }
  return std::optional<v1::Entry>();
}

}  // namespace daybook::services
