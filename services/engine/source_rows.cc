#include "services/engine/source_rows.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "services/engine/entry_codec.h"

namespace daybook::services {
namespace {

using storage::SideWrite;
using storage::Space;

constexpr char source_prefix[] = "source/";

absl::Status Damaged(absl::string_view source) {
  return absl::DataLossError(
      absl::StrCat("what is stored about the source ", source,
                   " can not be read; restore the log from a backup"));
}

// A source's name holds no zero byte.
std::string RefusalKey(absl::string_view source, uint64_t number) {
  return absl::StrCat("refusal/", source, absl::string_view("\0", 1),
                      PositionBytes(Position(number % kept_refusals_max)));
}

}  // namespace

std::string SourceKey(absl::string_view source) {
  return absl::StrCat(source_prefix, source);
}

std::string SourceCountKey() { return "count"; }

uint64_t RefusedTotal(const v1::SourceProgress& progress) {
  return progress.refused_permanent() + progress.refused_retryable() +
         progress.refused_batches();
}

SideWrite RefusalWrite(absl::string_view source,
                       const v1::KeptRefusal& refusal) {
  return {Space::kSource, RefusalKey(source, refusal.number()),
          refusal.SerializeAsString()};
}

absl::StatusOr<v1::SourceProgress> ParseProgress(
    absl::string_view source, const std::optional<std::string>& row) {
  v1::SourceProgress progress;
  if (row.has_value() && !progress.ParseFromString(*row)) {
    return Damaged(source);
  }
  progress.set_source(std::string(source));
  return progress;
}

absl::StatusOr<std::vector<v1::SourceProgress>> ReadSources(
    const storage::EventLog& log, absl::string_view after, size_t count) {
  std::vector<v1::SourceProgress> sources;
  const auto cursor = log.NewCursor(Space::kSource);
  const std::string first = SourceKey(after);
  for (cursor->Seek(first); cursor->valid() && sources.size() < count;
       cursor->Next()) {
    if (!absl::StartsWith(cursor->key(), source_prefix)) break;
    if (cursor->key() == first) continue;
    ASSIGN_OR_RETURN(
        v1::SourceProgress progress,
        ParseProgress(cursor->key().substr(sizeof(source_prefix) - 1),
                      std::string(cursor->value())));
    sources.push_back(std::move(progress));
  }
  RETURN_IF_ERROR(cursor->status());
  return sources;
}

absl::StatusOr<std::vector<v1::KeptRefusal>> ReadRefusals(
    const storage::EventLog& log, absl::string_view source, uint64_t limit,
    size_t count) {
  std::vector<v1::KeptRefusal> refusals;
  ASSIGN_OR_RETURN(const auto row,
                   log.ReadSide(Space::kSource, {SourceKey(source)}));
  ASSIGN_OR_RETURN(const v1::SourceProgress progress,
                   ParseProgress(source, row[0]));
  const uint64_t total = RefusedTotal(progress);
  const uint64_t oldest = total - std::min(total, kept_refusals_max);
  std::vector<std::string> keys;
  for (uint64_t number = std::min(limit, total);
       number > oldest && keys.size() < count; --number) {
    keys.push_back(RefusalKey(source, number - 1));
  }
  ASSIGN_OR_RETURN(const auto rows, log.ReadSide(Space::kSource, keys));
  for (const auto& stored : rows) {
    v1::KeptRefusal refusal;
    if (!stored.has_value() || !refusal.ParseFromString(*stored)) {
      return Damaged(source);
    }
    // Its place was taken since the count was read.
    if (refusal.number() >= total) break;
    refusals.push_back(std::move(refusal));
  }
  return refusals;
}

}  // namespace daybook::services
