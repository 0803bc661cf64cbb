#include "services/engine/personal_data_eraser.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "core/admission/fact_keys.h"
#include "core/base/status_macros.h"
#include "services/engine/entry_codec.h"

namespace daybook::services {
namespace {

using storage::SideWrite;
using storage::Space;

// Erasures that are applied again at a time.
constexpr size_t erased_at_once = 1'024;

// The key in Space::kPersonal of what this fact says is erased.
absl::StatusOr<std::string> ErasedRow(absl::string_view fact_key) {
  uint64_t position = 0;
  if (absl::SimpleAtoi(fact_key.substr(sizeof(erased_prefix) - 1), &position)) {
    return PositionBytes(Position(position));
  }
  return absl::DataLossError(absl::StrCat("no key of an erasure: ", fact_key,
                                          "; restart daybookd with --rebuild"));
}

// Whether any stood.
absl::StatusOr<bool> DeleteStanding(storage::EventLog& log,
                                    const std::vector<std::string>& keys) {
  ASSIGN_OR_RETURN(const auto values, log.ReadSide(Space::kPersonal, keys));
  std::vector<SideWrite> writes;
  for (size_t i = 0; i < keys.size(); ++i) {
    if (!values[i].has_value()) continue;
    writes.push_back({Space::kPersonal, keys[i], std::nullopt});
  }
  if (writes.empty()) return false;
  RETURN_IF_ERROR(log.WriteSide(writes));
  return true;
}

}  // namespace

PersonalDataEraser::~PersonalDataEraser() {
  stopped_ = true;
  {
    // Whoever waits for the mutex asks anew.
    absl::MutexLock lock(&mutex_);
  }
  if (thread_.joinable()) thread_.join();
}

absl::Status PersonalDataEraser::EraseAgain() {
  std::vector<std::string> all;
  bool left = false;
  const auto fact = log_.NewCursor(Space::kFact);
  fact->Seek(erased_prefix);
  while (fact->valid() && absl::StartsWith(fact->key(), erased_prefix)) {
    std::vector<std::string> keys;
    for (; keys.size() < erased_at_once && fact->valid() &&
           absl::StartsWith(fact->key(), erased_prefix);
         fact->Next()) {
      ASSIGN_OR_RETURN(std::string row, ErasedRow(fact->key()));
      keys.push_back(std::move(row));
    }
    ASSIGN_OR_RETURN(const bool stood, DeleteStanding(log_, keys));
    left |= stood;
    all.insert(all.end(), keys.begin(), keys.end());
  }
  RETURN_IF_ERROR(fact->status());
  if (all.empty()) return absl::OkStatus();
  if (!left) {
    ASSIGN_OR_RETURN(left, log_.HoldsDeleted());
  }
  if (left) Purge(std::move(all));
  return absl::OkStatus();
}

void PersonalDataEraser::Purge(const std::vector<uint64_t>& positions) {
  std::vector<std::string> keys;
  for (const uint64_t position : positions) {
    keys.push_back(PositionBytes(Position(position)));
  }
  Purge(std::move(keys));
}

void PersonalDataEraser::Purge(std::vector<std::string> keys) {
  absl::MutexLock lock(&mutex_);
  keys_.insert(keys_.end(), std::make_move_iterator(keys.begin()),
               std::make_move_iterator(keys.end()));
  if (!thread_.joinable()) thread_ = std::thread([this] { Run(); });
}

void PersonalDataEraser::Run() {
  while (!stopped_) {
    std::vector<std::string> keys;
    {
      absl::MutexLock lock(&mutex_);
      const auto wanted = [this] {
        mutex_.AssertReaderHeld();
        return stopped_ || !keys_.empty();
      };
      mutex_.Await(absl::Condition(&wanted));
      const auto stopped = [this] { return stopped_.load(); };
      mutex_.AwaitWithTimeout(absl::Condition(&stopped), gathered_for);
      keys.swap(keys_);
    }
    if (stopped_) return;
    // Tables are written before the old ones go.
    if (!log_.CheckDiskRoom().ok()) {
      Purge(std::move(keys));
      continue;
    }
    // A disk that refuses this refuses appends too, which say so.
    log_.PurgeDeleted(std::move(keys), stopped_).IgnoreError();
  }
}

}  // namespace daybook::services
