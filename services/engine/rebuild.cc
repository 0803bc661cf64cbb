#include "services/engine/rebuild.h"

#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/report/report_view.h"
#include "services/engine/entry_codec.h"
#include "services/engine/entry_replay.h"
#include "services/engine/lineage.h"

namespace daybook::services {
namespace {

using storage::SideWrite;
using storage::Space;

// Key in Space::kFact: the projection version, written when all else is.
constexpr char version_key[] = "projection_version";

// All facts but the first key there is, "answered_time", which no entry tells.
constexpr char first_fact[] = "b";
constexpr char behind_facts[] = "\x7f";

// Behind all keys that are UTF-8.
constexpr char behind_keys[] = "\xff";

}  // namespace

absl::StatusOr<std::optional<uint32_t>> StoredVersion(
    const storage::EventLog& log) {
  ASSIGN_OR_RETURN(const auto values,
                   log.ReadSide(Space::kFact, {version_key}));
  uint32_t version = 0;
  if (!values[0].has_value() || !absl::SimpleAtoi(*values[0], &version)) {
    return std::optional<uint32_t>();
  }
  return std::optional<uint32_t>(version);
}

std::vector<SideWrite> CompleteWrites(Space space, LogSize size) {
  return {LineageSizeWrite(space, size),
          {space, version_key, absl::StrCat(projection_version)}};
}

absl::StatusOr<bool> IsCurrent(const storage::EventLog& log) {
  ASSIGN_OR_RETURN(const std::optional<uint32_t> stored, StoredVersion(log));
  return stored == projection_version;
}

absl::Status Rebuild(storage::EventLog& log, Identities& identities) {
  // Nothing is deleted before every entry was read.
  RETURN_IF_ERROR(log.Scan(Position(0), NextPosition(log.size()),
                           [](Position position, absl::string_view bytes) {
                             return ParseEntry(position, bytes).status();
                           }));
  // The version goes with the facts, so that from here on nothing is current.
  RETURN_IF_ERROR(log.ClearSide(Space::kFact, first_fact, behind_facts));
  RETURN_IF_ERROR(log.ClearSide(Space::kLineage, "", behind_keys));
  RETURN_IF_ERROR(identities.Rebuild());
  EntryReplay replay(log, identities, ReplayTarget::kServing);
  RETURN_IF_ERROR(replay.To(log.size(), [] { return absl::OkStatus(); }));
  return log.WriteSide(CompleteWrites(Space::kFact, log.size()));
}

absl::Status ForgetVersion(storage::EventLog& log) {
  return log.ClearSide(Space::kFact, version_key,
                       absl::StrCat(version_key, absl::string_view("\0", 1)));
}

absl::Status ClearNextGeneration(storage::EventLog& log) {
  for (const Space space : {Space::kNextFact, Space::kNextLineage}) {
    const auto cursor = log.NewCursor(space);
    cursor->Seek("");
    RETURN_IF_ERROR(cursor->status());
    if (!cursor->valid()) continue;
    RETURN_IF_ERROR(log.ClearSide(space, "", behind_keys));
  }
  return absl::OkStatus();
}

}  // namespace daybook::services
