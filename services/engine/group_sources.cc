#include "services/engine/group_sources.h"

#include <iterator>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "services/engine/entry_codec.h"
#include "services/engine/source_rows.h"

namespace daybook::services {

absl::Status GroupSources::Fetch(const std::vector<PreparedBatch*>& batches) {
  std::set<std::string> sources = {no_place};
  for (const PreparedBatch* batch : batches) {
    if (!batch->command.validate_only) sources.insert(batch->command.source);
  }
  std::vector<std::string> keys = {SourceCountKey()};
  for (const std::string& source : sources) keys.push_back(SourceKey(source));
  ASSIGN_OR_RETURN(auto rows, log_.ReadSide(storage::Space::kSource, keys));
  if (rows[0].has_value()) {
    ASSIGN_OR_RETURN(const Position count, ParsePosition(*rows[0]));
    recorded_count_ = count.value();
  }
  size_t row = 1;
  for (const std::string& source : sources) {
    recorded_.emplace(source, std::move(rows[row++]));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::optional<v1::SourceProgress>> GroupSources::Find(
    const std::string& source) const {
  for (const PendingGroup* group :
       {static_cast<const PendingGroup*>(&group_), before_}) {
    if (group == nullptr) continue;
    const auto pending = group->sources.find(source);
    if (pending != group->sources.end()) return std::optional(pending->second);
  }
  const std::optional<std::string>& row = recorded_.at(source);
  if (!row.has_value()) return std::optional<v1::SourceProgress>();
  ASSIGN_OR_RETURN(v1::SourceProgress progress, ParseProgress(source, row));
  return std::optional(std::move(progress));
}

uint64_t GroupSources::Count() const {
  return group_.source_count.value_or(before_ != nullptr &&
                                              before_->source_count.has_value()
                                          ? *before_->source_count
                                          : recorded_count_);
}

absl::Status GroupSources::BeginBatch(const std::string& source) {
  source_ = source;
  refusals_.clear();
  ASSIGN_OR_RETURN(std::optional<v1::SourceProgress> found, Find(source));
  has_place_ = found.has_value();
  if (!has_place_ && Count() >= sources_max) {
    return absl::ResourceExhaustedError(
        absl::StrCat("source: the ledger has ", sources_max,
                     " sources, as many as it may; write as one of them"));
  }
  progress_ = std::move(found).value_or(v1::SourceProgress());
  progress_.set_source(source);
  return absl::OkStatus();
}

void GroupSources::Refuse(v1::KeptRefusal refusal) {
  CountRefusal(refusal, progress_);
  refusals_.push_back(std::move(refusal));
}

absl::Status GroupSources::EndBatch(bool gets_place) {
  if (!has_place_) {
    ASSIGN_OR_RETURN(std::optional<v1::SourceProgress> found, Find(no_place));
    v1::SourceProgress others = std::move(found).value_or(v1::SourceProgress());
    if (!gets_place) {
      for (v1::KeptRefusal& refusal : refusals_) {
        refusal.set_source(source_);
        refusal.set_number(RefusedTotal(others));
        others.set_refused_batches(others.refused_batches() + 1);
        group_.refusals.push_back(RefusalWrite(no_place, refusal));
      }
      group_.sources[no_place] = std::move(others);
      return absl::OkStatus();
    }
    RETURN_IF_ERROR(TakeOverRefusals(RefusedTotal(others)));
    group_.source_count = Count() + 1;
  }
  for (const v1::KeptRefusal& refusal : refusals_) {
    group_.refusals.push_back(RefusalWrite(source_, refusal));
  }
  group_.sources[source_] = progress_;
  return absl::OkStatus();
}

absl::Status GroupSources::TakeOverRefusals(uint64_t total) {
  std::vector<const std::vector<storage::SideWrite>*> pending;
  if (before_ != nullptr) pending.push_back(&before_->refusals);
  pending.push_back(&group_.refusals);
  ASSIGN_OR_RETURN(std::vector<v1::KeptRefusal> refusals,
                   ReadWithoutPlace(log_, source_, total, pending));
  if (refusals.empty()) return absl::OkStatus();
  refusals.insert(refusals.end(), std::make_move_iterator(refusals_.begin()),
                  std::make_move_iterator(refusals_.end()));
  progress_.clear_refused_batches();
  progress_.clear_refused_retryable();
  progress_.clear_refused_permanent();
  for (v1::KeptRefusal& refusal : refusals) {
    refusal.clear_source();
    CountRefusal(refusal, progress_);
  }
  refusals_ = std::move(refusals);
  return absl::OkStatus();
}

}  // namespace daybook::services
