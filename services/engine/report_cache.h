// ReportCache: the states of reports that were read lately, within a byte
// budget.
//
// A state is of the tip, and then grows with each commit, or of a past size,
// and then never changes. What is not here is loaded from the lineage when it
// is asked for, so opening a ledger costs the same whatever its size.
//
// Thread safety: all methods may be called from any thread; Apply from one at a
// time.

#ifndef DAYBOOK_SERVICES_ENGINE_REPORT_CACHE_H_
#define DAYBOOK_SERVICES_ENGINE_REPORT_CACHE_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "core/base/strong_int.h"
#include "core/budget/resource_name.h"
#include "core/report/department_state.h"
#include "core/report/report_state.h"
#include "services/engine/arrived_postings.h"
#include "services/engine/lineage.h"
#include "services/engine/placed_posting.h"
#include "storage/event_log.h"

namespace daybook::services {

// A report with its department, as known at a size.
struct ReportSnapshot {
  const ReportState& report;
  const DepartmentState& department;
  // All of the report's entries before this size are in it, and none after.
  LogSize size{0};
  // By which it was made.
  uint32_t projection_version = 0;
};

class ReportCache {
 public:
  // Both must outlive the cache.
  ReportCache(const storage::EventLog& log, const Lineage& lineage,
              size_t bytes_max)
      : log_(log),
        lineage_(lineage),
        bytes_max_(bytes_max),
        applied_(log.size().value()) {}
  ReportCache(const ReportCache&) = delete;
  ReportCache& operator=(const ReportCache&) = delete;

  // Calls `read` with the report as known at `known_at`, or at the tip. What it
  // is given does not change during the call, and no commit waits for it, nor
  // for its loading: one that concerns the report goes on with a copy, or
  // leaves what it adds for the end of the loading. `read` finds a report that
  // is not opened, and a department without a name, where there is none.
  //
  // Errors: DATA_LOSS when stored lineage is damaged.
  absl::Status Read(const ResourceName& report, std::optional<LogSize> known_at,
                    absl::FunctionRef<void(const ReportSnapshot&)> read);

  // Grows the states of the tip by what was committed. `size` is that after the
  // commit.
  void Apply(const std::vector<PlacedPosting>& postings, LogSize size);

  // Lets go of all states. Those of a generation that does not serve any more
  // are not read either way.
  void Clear();

 private:
  // A size in the key of a past state; the tip's is absent, and comes first.
  using Key = std::pair<std::string, std::optional<LogSize>>;

  using PostingsBySubject =
      absl::flat_hash_map<absl::string_view, std::vector<const Posting*>>;

  // What readers hold. It grows only while none does.
  struct Version {
    ReportState report;
    DepartmentState department;
    // Guarded by the mutex of its state.
    int readers = 0;
  };

  struct State {
    absl::Mutex mutex;
    // Null until it is loaded.
    std::shared_ptr<Version> version ABSL_GUARDED_BY(mutex);
    LogSize size ABSL_GUARDED_BY(mutex){0};
    // The log's that it was loaded from, and its version.
    uint64_t generation ABSL_GUARDED_BY(mutex) = 0;
    uint32_t projection_version ABSL_GUARDED_BY(mutex) = 0;
    // While a reader loads it without the mutex, what is committed is put
    // aside.
    bool loading ABSL_GUARDED_BY(mutex) = false;
    ArrivedPostings arrived ABSL_GUARDED_BY(mutex);
  };

  struct Loaded {
    std::shared_ptr<Version> version;
    LogSize size{0};
    uint32_t projection_version = 0;
  };

  struct Kept {
    std::shared_ptr<State> state;
    size_t bytes = 0;
    std::list<Key>::iterator use;
  };

  struct Held {
    // Null when the state is of a generation that does not serve any more.
    std::shared_ptr<Version> version;
    LogSize size{0};
    uint32_t projection_version = 0;
  };

  // Counts a reader in, loading the state first where it is not.
  absl::StatusOr<Held> Hold(const ResourceName& report, const Key& key,
                            State& state) ABSL_LOCKS_EXCLUDED(state.mutex);
  std::shared_ptr<State> FindOrAdd(const Key& key) ABSL_LOCKS_EXCLUDED(mutex_);
  std::shared_ptr<State> Find(const Key& key) const ABSL_LOCKS_EXCLUDED(mutex_);
  absl::Status Load(const ResourceName& name, const Key& key, State& state)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(state.mutex);
  absl::StatusOr<Loaded> ReadLog(const ResourceName& name,
                                 std::optional<LogSize> known_at) const;
  // Those of reports of which there is a state of the tip, by report; lets go
  // of the states that a posting of their department changes.
  PostingsBySubject PostingsOfTips(const std::vector<PlacedPosting>& postings)
      ABSL_LOCKS_EXCLUDED(mutex_);
  // False when the state can not take them. `bytes` is what it takes then, and
  // unchanged while it is not loaded.
  static bool Grow(State& state, const std::vector<const Posting*>& added,
                   LogSize size, size_t& bytes)
      ABSL_LOCKS_EXCLUDED(state.mutex);
  // Adds what was put aside.
  static absl::Status TakeArrived(State& state)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(state.mutex);
  // Takes note of what `state` takes, and lets go of what is over the budget.
  void Account(const Key& key, const State& state, size_t bytes)
      ABSL_LOCKS_EXCLUDED(mutex_);
  void Drop(const Key& key) ABSL_LOCKS_EXCLUDED(mutex_);
  // Lets go of the states of all reports of a department.
  void DropDepartment(absl::string_view department)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Erase(std::map<Key, Kept>::iterator kept)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const storage::EventLog& log_;
  const Lineage& lineage_;
  const size_t bytes_max_;
  // Size of the ledger whose entries are in all states of the tip.
  std::atomic<uint64_t> applied_;

  mutable absl::Mutex mutex_;
  std::map<Key, Kept> states_ ABSL_GUARDED_BY(mutex_);
  // Reports of which there is a state of the tip.
  absl::flat_hash_set<std::string> tips_ ABSL_GUARDED_BY(mutex_);
  // The least lately used first.
  std::list<Key> uses_ ABSL_GUARDED_BY(mutex_);
  size_t bytes_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_ENGINE_REPORT_CACHE_H_
