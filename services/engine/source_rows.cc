#include "services/engine/source_rows.h"

#include <algorithm>

#include "absl/container/flat_hash_map.h"
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

// Of one source.
struct Stored {
  v1::SourceProgress progress;
  bool has_place = false;
  // Where it has none: all that progress counts, with their numbers.
  std::vector<v1::KeptRefusal> refusals;
};

absl::StatusOr<Stored> ReadStored(const storage::EventLog& log,
                                  absl::string_view source) {
  Stored stored;
  ASSIGN_OR_RETURN(
      const auto rows,
      log.ReadSide(Space::kSource, {SourceKey(source), SourceKey(no_place)}));
  stored.has_place = rows[0].has_value();
  ASSIGN_OR_RETURN(stored.progress, ParseProgress(source, rows[0]));
  if (stored.has_place) return stored;
  ASSIGN_OR_RETURN(const v1::SourceProgress all,
                   ParseProgress(no_place, rows[1]));
  ASSIGN_OR_RETURN(stored.refusals,
                   ReadWithoutPlace(log, source, RefusedTotal(all), {}));
  for (v1::KeptRefusal& refusal : stored.refusals) {
    CountRefusal(refusal, stored.progress);
  }
  return stored;
}

}  // namespace

std::string SourceKey(absl::string_view source) {
  return absl::StrCat(source_prefix, source);
}

std::string SourceCountKey() { return "count"; }

bool IsRetryable(const v1::Refusal& refusal) {
  return std::all_of(
      refusal.problems().begin(), refusal.problems().end(),
      [](const v1::Problem& problem) { return problem.retryable(); });
}

uint64_t RefusedTotal(const v1::SourceProgress& progress) {
  return progress.refused_permanent() + progress.refused_retryable() +
         progress.refused_batches();
}

void CountRefusal(v1::KeptRefusal& refusal, v1::SourceProgress& progress) {
  refusal.set_number(RefusedTotal(progress));
  *progress.mutable_last_write_time() = refusal.time();
  if (refusal.has_batch()) {
    progress.set_refused_batches(progress.refused_batches() + 1);
  } else if (IsRetryable(refusal.refusal())) {
    progress.set_refused_retryable(progress.refused_retryable() + 1);
  } else {
    progress.set_refused_permanent(progress.refused_permanent() + 1);
  }
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

absl::StatusOr<v1::SourceProgress> ReadProgress(const storage::EventLog& log,
                                                absl::string_view source) {
  ASSIGN_OR_RETURN(auto stored, ReadStored(log, source));
  return std::move(stored.progress);
}

absl::StatusOr<std::vector<v1::KeptRefusal>> ReadWithoutPlace(
    const storage::EventLog& log, absl::string_view source, uint64_t total,
    absl::Span<const std::vector<SideWrite>* const> pending) {
  if (total == 0) return std::vector<v1::KeptRefusal>();
  std::vector<std::string> keys;
  absl::flat_hash_map<std::string, size_t> places;
  for (uint64_t number = total - std::min(total, kept_refusals_max);
       number < total; ++number) {
    places.emplace(RefusalKey(no_place, number), keys.size());
    keys.push_back(RefusalKey(no_place, number));
  }
  ASSIGN_OR_RETURN(auto rows, log.ReadSide(Space::kSource, keys));
  for (const std::vector<SideWrite>* const writes : pending) {
    for (const SideWrite& write : *writes) {
      const auto place = places.find(write.key);
      if (place != places.end()) rows[place->second] = write.value;
    }
  }
  std::vector<v1::KeptRefusal> refusals;
  for (const auto& stored : rows) {
    v1::KeptRefusal refusal;
    if (!stored.has_value() || !refusal.ParseFromString(*stored)) {
      return Damaged(source);
    }
    // Its place may have been taken since the total was read.
    if (refusal.number() >= total || refusal.source() != source) continue;
    refusals.push_back(std::move(refusal));
  }
  return refusals;
}

absl::StatusOr<std::vector<v1::SourceProgress>> ReadSources(
    const storage::EventLog& log, absl::string_view after, size_t count) {
  std::vector<v1::SourceProgress> sources;
  const auto cursor = log.NewCursor(Space::kSource);
  const std::string first = SourceKey(after);
  for (cursor->Seek(first); cursor->valid() && sources.size() < count;
       cursor->Next()) {
    if (!absl::StartsWith(cursor->key(), source_prefix)) break;
    // That of those without a place begins all.
    if (cursor->key() == first || cursor->key() == SourceKey(no_place)) {
      continue;
    }
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
  ASSIGN_OR_RETURN(auto found, ReadStored(log, source));
  const uint64_t total = RefusedTotal(found.progress);
  std::vector<v1::KeptRefusal> refusals;
  if (!found.has_place) {
    for (uint64_t number = std::min(limit, total);
         number > 0 && refusals.size() < count; --number) {
      refusals.push_back(std::move(found.refusals[number - 1]));
    }
    return refusals;
  }
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
