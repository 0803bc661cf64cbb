#include "services/engine/background_rebuild.h"

#include <algorithm>
#include <utility>

#include "absl/time/clock.h"
#include "core/base/status_macros.h"
#include "services/engine/rebuild.h"

namespace daybook::services {

BackgroundRebuild::BackgroundRebuild(Ledger ledger,
                                     BackgroundRebuildOptions options)
    : ledger_(std::move(ledger)),
      options_(std::move(options)),
      replay_(ledger_.log, ledger_.identities, ReplayTarget::kNextGeneration,
              options_.chunk_entries),
      thread_([this] { Run(); }) {}

BackgroundRebuild::~BackgroundRebuild() {
  stopped_ = true;
  thread_.join();
}

void BackgroundRebuild::Run() {
  outcome_.status = Replay();
  outcome_.size = replay_.size();
  if (!stopped_ && options_.on_end) options_.on_end(ledger_.name, outcome_);
}

absl::Status BackgroundRebuild::Replay() {
  // What a rebuild that was cut short left.
  RETURN_IF_ERROR(ClearNextGeneration(ledger_.log));
  RETURN_IF_ERROR(Progress());
  for (size_t left = Left(); left > options_.chunk_entries;) {
    RETURN_IF_ERROR(replay_.To(ledger_.log.size(), [this] {
      const absl::Status room = ledger_.log.CheckDiskRoom();
      return room.ok() ? Progress() : room;
    }));
    const size_t left_before = std::exchange(left, Left());
    if (left > left_before / 2) break;
  }
  while (!switched_) {
    RETURN_IF_ERROR(ledger_.hold_writer([this] { return Hold(); }));
    RETURN_IF_ERROR(Progress());
  }
  // What served until now.
  return ClearNextGeneration(ledger_.log);
}

absl::Status BackgroundRebuild::Hold() {
  const absl::Time begin = absl::Now();
  const size_t replayed = std::min(Left(), options_.hold_entries_max);
  RETURN_IF_ERROR(replay_.To(LogSize(replay_.size().value() + replayed),
                             [this] { return CheckStopped(); }));
  if (Left() == 0) {
    RETURN_IF_ERROR(ledger_.switch_generation());
    switched_ = true;
  }
  ++outcome_.holds;
  outcome_.longest_hold = std::max(outcome_.longest_hold, absl::Now() - begin);
  return absl::OkStatus();
}

absl::Status BackgroundRebuild::CheckStopped() const {
  return stopped_ ? absl::CancelledError("the ledger is closed")
                  : absl::OkStatus();
}

absl::Status BackgroundRebuild::Progress() const {
  if (options_.on_progress) options_.on_progress(replay_.size());
  return CheckStopped();
}

size_t BackgroundRebuild::Left() const {
  return ledger_.log.size().value() - replay_.size().value();
}

}  // namespace daybook::services
