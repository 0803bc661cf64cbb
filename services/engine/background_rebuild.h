// BackgroundRebuild: makes facts and lineage of this program's projection
// version from the log, in the next generation, while those of another version
// serve and commits go on.
//
// A thread replays the log in laps: up to where it ends, then what came
// meanwhile. When little is left, or a lap did not halve what is left, it holds
// the ledger's writer, replays the rest, or as much as a hold may, and once
// nothing is left makes the next generation serve. Between two holds one group
// is committed. So it gets there however fast the log grows, and the writer
// never waits for more than one hold.
//
// Thread safety: all methods may be called from any thread.

#ifndef DAYBOOK_SERVICES_ENGINE_BACKGROUND_REBUILD_H_
#define DAYBOOK_SERVICES_ENGINE_BACKGROUND_REBUILD_H_

#include <atomic>
#include <cstddef>
#include <functional>
#include <string>
#include <thread>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "core/base/strong_int.h"
#include "services/engine/entry_replay.h"
#include "services/engine/identities.h"
#include "storage/event_log.h"

namespace daybook::services {

// What became of a rebuild.
struct RebuildOutcome {
  // OK: the new version serves. Otherwise the old one does until the ledger is
  // opened again, and this is why: DATA_LOSS, FAILED_PRECONDITION or
  // UNAVAILABLE, as Rebuild.
  absl::Status status;
  // Entries that were replayed.
  LogSize size{0};
  // How often the writer was held, and how long at most.
  size_t holds = 0;
  absl::Duration longest_hold;
};

struct BackgroundRebuildOptions {
  // Entries that are written at once. With fewer left the writer is held.
  size_t chunk_entries = EntryReplay::chunk_entries_default;

  // Entries that are replayed in one hold, at most. Must be more than a commit
  // group has, so that the log does not grow faster than it is replayed.
  size_t hold_entries_max = 16'384;

  // Called from the rebuild's thread, with the writer not held: before the
  // first chunk, and after each. May be empty.
  std::function<void(LogSize replayed)> on_progress;

  // Called from there at the end, unless the ledger is closed before. May be
  // empty.
  std::function<void(absl::string_view ledger, const RebuildOutcome&)> on_end;
};

class BackgroundRebuild {
 public:
  // What it needs of its ledger, which must outlive it.
  struct Ledger {
    // "ledgers/430203".
    std::string name;
    storage::EventLog& log;
    const Identities& identities;
    // Calls `work` while nothing is committed, and returns its status.
    std::function<absl::Status(absl::FunctionRef<absl::Status()> work)>
        hold_writer;
    // Makes the next generation serve; called in a hold.
    std::function<absl::Status()> switch_generation;
  };

  // Begins at once.
  BackgroundRebuild(Ledger ledger, BackgroundRebuildOptions options);

  // Stops it within a chunk.
  ~BackgroundRebuild();
  BackgroundRebuild(const BackgroundRebuild&) = delete;
  BackgroundRebuild& operator=(const BackgroundRebuild&) = delete;

 private:
  void Run();
  absl::Status Replay();
  // Replays at most what a hold may, and switches when nothing is left.
  absl::Status Hold();
  absl::Status CheckStopped() const;
  absl::Status Progress() const;
  size_t Left() const;

  const Ledger ledger_;
  const BackgroundRebuildOptions options_;
  std::atomic<bool> stopped_ = false;

  // Of the thread.
  EntryReplay replay_;
  bool switched_ = false;
  RebuildOutcome outcome_;

  std::thread thread_;
};

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_ENGINE_BACKGROUND_REBUILD_H_
