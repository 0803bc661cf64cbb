#include "services/audit/entry_scan.h"

#include <algorithm>
#include <climits>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"

namespace daybook::services {

EntryScan::EntryScan(const LedgerEngine& ledger, Position first, Position limit,
                     std::vector<EntryFilter> filters)
    : ledger_(ledger), next_(first), limit_(limit) {
  for (EntryFilter& filter : filters) {
    if (filter.is_empty()) continue;
    asks_personal_data_ |= filter.asks_personal_data();
    filters_.push_back(std::move(filter));
  }
}

absl::StatusOr<std::vector<EntryScan::Found>> EntryScan::NextChunk() {
  std::vector<Found> found;
  if (done()) return found;
  ASSIGN_OR_RETURN(std::vector<std::string> chunk,
                   ledger_.ReadChunk(next_, limit_));
  for (std::string& bytes : chunk) {
    ASSIGN_OR_RETURN(const bool fits, Fits(next_, bytes));
    if (fits) found.push_back({next_, std::move(bytes), std::nullopt});
    next_ = Position(next_.value() + 1);
  }
  if (asks_personal_data_) RETURN_IF_ERROR(KeepFitting(found));
  return found;
}

absl::StatusOr<bool> EntryScan::Fits(Position position,
                                     absl::string_view bytes) {
  if (filters_.empty()) return true;
  const bool may = std::all_of(
      filters_.begin(), filters_.end(),
      [&](const EntryFilter& filter) { return filter.MayFit(bytes); });
  if (!may) return false;
  if (bytes.size() > INT_MAX ||
      !entry_.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return absl::DataLossError(
        absl::StrCat("position ", position.value(), " holds no entry"));
  }
  return std::all_of(
      filters_.begin(), filters_.end(),
      [&](const EntryFilter& filter) { return filter.Fits(entry_); });
}

// Of what fits otherwise, what fits by its personal data.
absl::Status EntryScan::KeepFitting(std::vector<Found>& found) const {
  std::vector<Position> positions;
  for (const Found& one : found) positions.push_back(one.position);
  ASSIGN_OR_RETURN(auto records, ledger_.ReadPersonalData(positions));
  std::vector<Found> kept;
  for (size_t i = 0; i < found.size(); ++i) {
    if (!records[i].has_value()) continue;
    const bool fits = std::all_of(
        filters_.begin(), filters_.end(), [&](const EntryFilter& filter) {
          return !filter.asks_personal_data() ||
                 filter.FitsPersonal(records[i]->data);
        });
    if (!fits) continue;
    kept.push_back(std::move(found[i]));
    kept.back().personal = std::move(records[i]);
  }
  found = std::move(kept);
  return absl::OkStatus();
}

}  // namespace daybook::services
