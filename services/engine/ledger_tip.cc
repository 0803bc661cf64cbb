#include "services/engine/ledger_tip.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/check.h"
#include "core/base/status_macros.h"
#include "services/engine/entry_codec.h"

namespace daybook::services {
namespace {

using storage::SideWrite;
using storage::Space;

constexpr char answered_time_key[] = "answered_time";

SideWrite AnsweredTime(Space space, int64_t time) {
  return {space, answered_time_key,
          PositionBytes(Position(static_cast<uint64_t>(time)))};
}

}  // namespace

absl::Status LedgerTip::Load(int64_t recorded_time_us) {
  ASSIGN_OR_RETURN(const auto answered,
                   log_.ReadSide(Space::kFact, {answered_time_key}));
  absl::MutexLock lock(&mutex_);
  recorded_time_us_ = recorded_time_us;
  size_ = log_.size();
  if (answered[0].has_value()) {
    ASSIGN_OR_RETURN(const Position time, ParsePosition(*answered[0]));
    answered_time_us_ = static_cast<int64_t>(time.value());
    absl::MutexLock kept(&kept_mutex_);
    kept_time_us_ = answered_time_us_;
  }
  return absl::OkStatus();
}

LogSize LedgerTip::size() const {
  absl::MutexLock lock(&mutex_);
  return size_;
}

bool LedgerTip::WaitForSize(LogSize size, absl::Time deadline) const {
  absl::MutexLock lock(&mutex_);
  const auto reached = [this, size] {
    mutex_.AssertReaderHeld();
    return size_ >= size;
  };
  return mutex_.AwaitWithDeadline(absl::Condition(&reached), deadline);
}

void LedgerTip::WaitForSize(LogSize size,
                            const std::atomic<bool>& given_up) const {
  absl::MutexLock lock(&mutex_);
  const auto done = [this, size, &given_up] {
    mutex_.AssertReaderHeld();
    return size_ >= size || given_up;
  };
  mutex_.Await(absl::Condition(&done));
}

void LedgerTip::Wake() const {
  // Conditions are looked at when a lock is given back.
  absl::MutexLock lock(&mutex_);
}

int64_t LedgerTip::BeginGroup() {
  const int64_t now = absl::ToUnixMicros(clock_.Now());
  absl::MutexLock lock(&mutex_);
  const int64_t last =
      group_times_us_.empty() ? recorded_time_us_ : group_times_us_.back();
  group_times_us_.push_back(
      std::max({now, last + 1, recorded_time_us_ + 1, answered_time_us_ + 1}));
  return group_times_us_.back();
}

void LedgerTip::Grow(int64_t recorded_time_us) {
  absl::MutexLock lock(&mutex_);
  recorded_time_us_ = recorded_time_us;
  size_ = log_.size();
}

void LedgerTip::EndGroup(int64_t recorded_time_us) {
  absl::MutexLock lock(&mutex_);
  DAYBOOK_CHECK(group_times_us_.front() == recorded_time_us);
  group_times_us_.pop_front();
}

absl::StatusOr<std::optional<LogSize>> LedgerTip::AnswerTime(int64_t time) {
  absl::ReleasableMutexLock lock(&mutex_);
  if (time < recorded_time_us_) return std::optional<LogSize>();
  const int64_t now =
      std::max(absl::ToUnixMicros(clock_.Now()), recorded_time_us_);
  if (time > now) {
    // Times are printed in UTC+8, as days are counted.
    const auto text = [](int64_t micros) {
      constexpr int offset_seconds = 8 * 60 * 60;
      return absl::FormatTime(absl::FromUnixMicros(micros),
                              absl::FixedTimeZone(offset_seconds));
    };
    return absl::OutOfRangeError(
        absl::StrCat("known_at.time: ", text(time),
                     " lies in the future; give a time up to ", text(now),
                     ", which the server's clock reads, or none for now"));
  }
  // Groups that begin from here on get later times, so this does not wait for
  // more than those that are on their way, however many come.
  answered_time_us_ = std::max(answered_time_us_, time);
  // A group that has its time already may belong to the answer.
  const auto settled = [this, time] {
    mutex_.AssertReaderHeld();
    return group_times_us_.empty() || group_times_us_.front() > time;
  };
  mutex_.Await(absl::Condition(&settled));
  // While this waited, groups with later times may have been committed.
  if (time < recorded_time_us_) return std::optional<LogSize>();
  const std::optional<LogSize> size = size_;
  // The rest needs no lock.
  lock.Release();
  RETURN_IF_ERROR(Keep(time));
  return size;
}

absl::Status LedgerTip::Keep(int64_t time) {
  absl::MutexLock lock(&kept_mutex_);
  if (time <= kept_time_us_) return absl::OkStatus();
  RETURN_IF_ERROR(log_.WriteSide({AnsweredTime(Space::kFact, time)}));
  kept_time_us_ = time;
  return absl::OkStatus();
}

absl::Status LedgerTip::CarryOver(
    absl::FunctionRef<absl::Status(std::vector<SideWrite>)> switch_generation) {
  absl::MutexLock lock(&kept_mutex_);
  std::vector<SideWrite> writes;
  if (kept_time_us_ > 0) {
    writes.push_back(AnsweredTime(Space::kNextFact, kept_time_us_));
  }
  return switch_generation(std::move(writes));
}

}  // namespace daybook::services
