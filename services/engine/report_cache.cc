#include "services/engine/report_cache.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "services/engine/rebuild.h"
#include "services/engine/report_loader.h"

namespace daybook::services {
namespace {

// Of a state that is not loaded yet, or holds next to nothing.
constexpr size_t state_bytes_min = 1'024;

bool IsReport(absl::string_view subject) {
  return absl::StrContains(subject, "/reports/");
}

}  // namespace

absl::Status ReportCache::Read(
    const ResourceName& report, std::optional<LogSize> known_at,
    absl::FunctionRef<void(const ReportSnapshot&)> read) {
  const Key key(report.ToString(), known_at);
  while (true) {
    const std::shared_ptr<State> state = FindOrAdd(key);
    ASSIGN_OR_RETURN(const Held held, Hold(report, key, *state));
    if (held.version == nullptr) continue;
    read({held.version->report, held.version->department, held.size,
          held.projection_version});
    absl::MutexLock lock(&state->mutex);
    --held.version->readers;
    return absl::OkStatus();
  }
}

absl::StatusOr<ReportCache::Held> ReportCache::Hold(const ResourceName& report,
                                                    const Key& key,
                                                    State& state) {
  absl::MutexLock lock(&state.mutex);
  const auto loaded = [&state]() ABSL_NO_THREAD_SAFETY_ANALYSIS {
    return !state.loading;
  };
  state.mutex.Await(absl::Condition(&loaded));
  if (state.version == nullptr) {
    RETURN_IF_ERROR(Load(report, key, state));
  } else if (state.generation != log_.generation()) {
    Drop(key);
    return Held();
  }
  LogSize size = state.size;
  if (!key.second.has_value()) {
    // A state that is found now was found by every Apply before, so it holds
    // all that `applied` counts. One that was loaded just now knows its size.
    const LogSize applied(applied_.load(std::memory_order_acquire));
    if (Find(key).get() == &state) size = std::max(size, applied);
  }
  ++state.version->readers;
  return Held{state.version, size, state.projection_version};
}

absl::Status ReportCache::Load(const ResourceName& name, const Key& key,
                               State& state) {
  absl::Status status;
  do {
    state.generation = log_.generation();
    state.loading = true;
    state.arrived = ArrivedPostings();
    // The state is found by Apply from before its size is taken. So what
    // commits meanwhile is either within that size or put aside.
    state.mutex.Unlock();
    absl::StatusOr<Loaded> loaded = ReadLog(name, key.second);
    state.mutex.Lock();
    state.loading = false;
    status = loaded.status();
    if (loaded.ok()) {
      state.version = std::move(loaded->version);
      state.size = loaded->size;
      state.projection_version = loaded->projection_version;
      status = TakeArrived(state);
    }
  } while (state.generation != log_.generation() || state.arrived.missed());
  state.arrived = ArrivedPostings();
  if (!status.ok()) state.version = nullptr;
  // What is not there is not kept, or made-up names would push out what is.
  if (status.ok() && state.version->report.is_opened()) {
    Account(key, state, state.version->report.MemoryBytes());
  } else {
    Drop(key);
  }
  return status;
}

absl::StatusOr<ReportCache::Loaded> ReportCache::ReadLog(
    const ResourceName& name, std::optional<LogSize> known_at) const {
  Loaded loaded;
  loaded.size = known_at.value_or(log_.size());
  ASSIGN_OR_RETURN(ReportState report, LoadReport(lineage_, name, loaded.size));
  ASSIGN_OR_RETURN(
      DepartmentState department,
      LoadDepartment(lineage_, name.DepartmentString(), loaded.size));
  loaded.version = std::make_shared<Version>(
      Version{std::move(report), std::move(department)});
  ASSIGN_OR_RETURN(const std::optional<uint32_t> version, StoredVersion(log_));
  if (!version.has_value()) {
    return absl::DataLossError(
        "the projection version of what is stored is missing; restart "
        "daybookd with --rebuild");
  }
  loaded.projection_version = *version;
  return loaded;
}

absl::Status ReportCache::TakeArrived(State& state) {
  for (const Posting& posting : state.arrived.postings()) {
    if (posting.position < NextPosition(state.size)) continue;
    RETURN_IF_ERROR(state.version->report.Apply(posting));
  }
  state.size = std::max(state.size, state.arrived.size());
  return absl::OkStatus();
}

ReportCache::PostingsBySubject ReportCache::PostingsOfTips(
    const std::vector<PlacedPosting>& postings) {
  PostingsBySubject found;
  absl::MutexLock lock(&mutex_);
  if (states_.empty()) return found;
  for (const PlacedPosting& placed : postings) {
    if (tips_.contains(placed.subject)) {
      found[placed.subject].push_back(&placed.posting);
    } else if (placed.posting.money.empty() && !IsReport(placed.subject)) {
      // Only reports have money.
      DropDepartment(placed.subject);
    }
  }
  return found;
}

bool ReportCache::Grow(State& state, const std::vector<const Posting*>& added,
                       LogSize size, size_t& bytes) {
  absl::MutexLock lock(&state.mutex);
  if (state.loading) {
    state.arrived.Add(added, size);
    return true;
  }
  if (state.version == nullptr) return true;
  // What is being read does not change.
  if (state.version->readers > 0) {
    state.version = std::make_shared<Version>(
        Version{state.version->report, state.version->department});
  }
  ReportState& report = state.version->report;
  absl::Status applied;
  for (const Posting* posting : added) {
    if (posting->position < NextPosition(state.size)) continue;
    applied.Update(report.Apply(*posting));
  }
  state.size = std::max(state.size, size);
  bytes = report.MemoryBytes();
  return applied.ok();
}

void ReportCache::Apply(const std::vector<PlacedPosting>& postings,
                        LogSize size) {
  for (const auto& [subject, added] : PostingsOfTips(postings)) {
    const Key key(std::string(subject), std::nullopt);
    const std::shared_ptr<State> state = Find(key);
    if (state == nullptr) continue;
    size_t bytes = 0;
    if (!Grow(*state, added, size, bytes)) {
      // Loading it again says what is wrong with it.
      Drop(key);
    } else if (bytes > 0) {
      Account(key, *state, bytes);
    }
  }
  applied_.store(size.value(), std::memory_order_release);
}

void ReportCache::Clear() {
  absl::MutexLock lock(&mutex_);
  states_.clear();
  tips_.clear();
  uses_.clear();
  bytes_ = 0;
}

std::shared_ptr<ReportCache::State> ReportCache::FindOrAdd(const Key& key) {
  absl::MutexLock lock(&mutex_);
  const auto [place, added] = states_.try_emplace(key);
  Kept& kept = place->second;
  if (added) {
    kept.state = std::make_shared<State>();
    kept.bytes = state_bytes_min;
    bytes_ += kept.bytes;
    kept.use = uses_.insert(uses_.end(), key);
    if (!key.second.has_value()) tips_.insert(key.first);
  } else {
    uses_.splice(uses_.end(), uses_, kept.use);
  }
  return kept.state;
}

std::shared_ptr<ReportCache::State> ReportCache::Find(const Key& key) const {
  absl::MutexLock lock(&mutex_);
  const auto found = states_.find(key);
  return found == states_.end() ? nullptr : found->second.state;
}

void ReportCache::Account(const Key& key, const State& state, size_t bytes) {
  absl::MutexLock lock(&mutex_);
  const auto kept = states_.find(key);
  if (kept != states_.end() && kept->second.state.get() == &state) {
    bytes_ -= kept->second.bytes;
    kept->second.bytes = state_bytes_min + bytes;
    bytes_ += kept->second.bytes;
  }
  while (bytes_ > bytes_max_ && !uses_.empty()) {
    Erase(states_.find(uses_.front()));
  }
}

void ReportCache::Drop(const Key& key) {
  absl::MutexLock lock(&mutex_);
  const auto kept = states_.find(key);
  if (kept != states_.end()) Erase(kept);
}

void ReportCache::DropDepartment(absl::string_view department) {
  const std::string prefix = absl::StrCat(department, "/");
  auto kept = states_.lower_bound({prefix, std::nullopt});
  while (kept != states_.end() && absl::StartsWith(kept->first.first, prefix)) {
    const auto next = std::next(kept);
    if (!kept->first.second.has_value()) Erase(kept);
    kept = next;
  }
}

void ReportCache::Erase(std::map<Key, Kept>::iterator kept) {
  bytes_ -= kept->second.bytes;
  if (!kept->first.second.has_value()) tips_.erase(kept->first.first);
  uses_.erase(kept->second.use);
  states_.erase(kept);
}

}  // namespace daybook::services
