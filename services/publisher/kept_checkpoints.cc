#include "services/publisher/kept_checkpoints.h"

#include <algorithm>
#include <climits>
#include <limits>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "services/engine/entry_codec.h"

namespace daybook::services {
namespace {

using storage::SideWrite;
using storage::Space;

std::string KeyOf(LogSize size) { return PositionBytes(NextPosition(size)); }

absl::StatusOr<v1::Checkpoint> Parse(absl::string_view key,
                                     absl::string_view value) {
  ASSIGN_OR_RETURN(const Position size, ParsePosition(key));
  v1::Checkpoint checkpoint;
  if (value.size() > INT_MAX ||
      !checkpoint.ParseFromArray(value.data(),
                                 static_cast<int>(value.size())) ||
      checkpoint.size() != size.value()) {
    return absl::DataLossError(absl::StrCat("the kept checkpoint of size ",
                                            size.value(), " can not be read"));
  }
  return checkpoint;
}

}  // namespace

absl::StatusOr<std::vector<v1::Checkpoint>> KeptCheckpoints::List(
    LogSize before, size_t count) const {
  std::vector<v1::Checkpoint> found;
  if (before == LogSize(0)) return found;
  const auto cursor = log_.NewCursor(Space::kCheckpoint);
  for (cursor->SeekBack(KeyOf(LogSize(before.value() - 1)));
       cursor->valid() && found.size() < count; cursor->Previous()) {
    ASSIGN_OR_RETURN(v1::Checkpoint checkpoint,
                     Parse(cursor->key(), cursor->value()));
    found.push_back(std::move(checkpoint));
  }
  RETURN_IF_ERROR(cursor->status());
  return found;
}

absl::StatusOr<std::optional<v1::Checkpoint>> KeptCheckpoints::Find(
    LogSize size) const {
  const std::string key = KeyOf(size);
  ASSIGN_OR_RETURN(const auto values, log_.ReadSide(Space::kCheckpoint, {key}));
  if (!values[0].has_value()) return std::optional<v1::Checkpoint>();
  ASSIGN_OR_RETURN(v1::Checkpoint checkpoint, Parse(key, *values[0]));
  return std::optional<v1::Checkpoint>(std::move(checkpoint));
}

absl::Status KeptCheckpoints::Put(const v1::Checkpoint& checkpoint) {
  RETURN_IF_ERROR(log_.CheckDiskRoom());
  if (!sizes_.has_value()) {
    std::deque<LogSize> sizes;
    const auto cursor = log_.NewCursor(Space::kCheckpoint);
    for (cursor->Seek(""); cursor->valid(); cursor->Next()) {
      ASSIGN_OR_RETURN(const Position size, ParsePosition(cursor->key()));
      sizes.push_back(LogSize(size.value()));
    }
    RETURN_IF_ERROR(cursor->status());
    sizes_ = std::move(sizes);
  }
  const LogSize size(checkpoint.size());
  std::vector<SideWrite> writes = {
      {Space::kCheckpoint, KeyOf(size), checkpoint.SerializeAsString()}};
  const auto place = std::lower_bound(sizes_->begin(), sizes_->end(), size);
  const bool is_new = place == sizes_->end() || *place != size;
  const size_t count = sizes_->size() + (is_new ? 1 : 0);
  const size_t dropped = count > kept_max_ ? count - kept_max_ : 0;
  for (size_t i = 0; i < dropped; ++i) {
    writes.push_back({Space::kCheckpoint, KeyOf((*sizes_)[i]), std::nullopt});
  }
  RETURN_IF_ERROR(log_.WriteSide(writes));
  if (is_new) sizes_->insert(place, size);
  sizes_->erase(sizes_->begin(),
                sizes_->begin() + static_cast<ptrdiff_t>(dropped));
  return absl::OkStatus();
}

}  // namespace daybook::services
