#include "services/engine/seen_events.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "core/base/status_macros.h"
#include "services/engine/entry_codec.h"

namespace daybook::services {
namespace {

const v1::Entry* FindIn(const PendingGroup& group, uint64_t hash,
                        absl::string_view source, absl::string_view event_id) {
  const v1::Entry* found = nullptr;
  group.identities.ForEach(hash, [&](Position position) {
    const v1::Entry* const entry = group.EntryAt(position);
    if (entry != nullptr && IsIdentity(*entry, source, event_id)) found = entry;
  });
  return found;
}

}  // namespace

absl::Status SeenEvents::Fetch(const std::vector<uint64_t>& hashes) {
  struct Candidate {
    Position position{0};
    uint64_t hash = 0;
  };
  recorded_.clear();
  salts_.clear();
  recorded_by_hash_.Clear();
  std::vector<Candidate> candidates;
  RETURN_IF_ERROR(
      identities_.Candidates(hashes, [&](size_t i, Position position) {
        candidates.push_back({position, hashes[i]});
      }));
  const auto earlier = [](const Candidate& a, const Candidate& b) {
    return a.position < b.position;
  };
  const auto same = [](const Candidate& a, const Candidate& b) {
    return a.position == b.position;
  };
  std::sort(candidates.begin(), candidates.end(), earlier);
  candidates.erase(std::unique(candidates.begin(), candidates.end(), same),
                   candidates.end());
  // Those that follow each other, as most of a batch that is offered again do,
  // are one scan.
  for (auto next = candidates.begin(); next != candidates.end();) {
    const Position first = next->position;
    auto last = next;
    while (last + 1 != candidates.end() &&
           (last + 1)->position.value() == last->position.value() + 1) {
      ++last;
    }
    RETURN_IF_ERROR(log_.Scan(
        first, Position(last->position.value() + 1),
        [&](Position position, absl::string_view bytes) -> absl::Status {
          ASSIGN_OR_RETURN(v1::Entry entry, ParseEntry(position, bytes));
          recorded_by_hash_.Add(next->hash, Position(recorded_.size()));
          recorded_.push_back(std::move(entry));
          ++next;
          return absl::OkStatus();
        }));
  }
  return FetchSalts();
}

absl::Status SeenEvents::FetchSalts() {
  std::vector<uint64_t> positions;
  std::vector<std::string> keys;
  for (const v1::Entry& entry : recorded_) {
    if (entry.personal_data_commitment().empty()) continue;
    positions.push_back(entry.position());
    keys.push_back(PositionBytes(Position(entry.position())));
  }
  if (keys.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const auto values,
                   log_.ReadSide(storage::Space::kPersonal, keys));
  for (size_t i = 0; i < keys.size(); ++i) {
    if (!values[i].has_value()) continue;
    ASSIGN_OR_RETURN(PersonalRecord record, ParsePersonalRecord(*values[i]));
    salts_.emplace(positions[i], std::move(record.salt));
  }
  return absl::OkStatus();
}

const v1::Entry* SeenEvents::Find(uint64_t hash, absl::string_view source,
                                  absl::string_view event_id) const {
  const v1::Entry* found = FindIn(group_, hash, source, event_id);
  if (found == nullptr && before_ != nullptr) {
    found = FindIn(*before_, hash, source, event_id);
  }
  if (found != nullptr) return found;
  recorded_by_hash_.ForEach(hash, [&](Position place) {
    const v1::Entry& entry = recorded_[place.value()];
    if (IsIdentity(entry, source, event_id)) found = &entry;
  });
  return found;
}

absl::StatusOr<std::string> SeenEvents::SaltOf(const v1::Entry& entry) const {
  // What a group erases is in the log until it is written.
  for (const PendingGroup* group : {before_, &group_}) {
    if (group != nullptr && group->Erases(entry.position())) return "";
  }
  const auto salt = salts_.find(entry.position());
  if (salt != salts_.end()) return salt->second;
  for (const PendingGroup* group : {before_, &group_}) {
    if (group == nullptr) continue;
    const auto& records = group->personal_records;
    const auto record = std::lower_bound(
        records.begin(), records.end(), entry.position(),
        [](const auto& r, uint64_t position) { return r.first < position; });
    if (record == records.end() || record->first != entry.position()) continue;
    ASSIGN_OR_RETURN(PersonalRecord parsed,
                     ParsePersonalRecord(record->second));
    return std::move(parsed.salt);
  }
  return std::string();
}

}  // namespace daybook::services
