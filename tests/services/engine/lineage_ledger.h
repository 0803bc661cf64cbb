// LineageLedger: a log with its lineage, grown by groups of random events, and
// beside it the rows that every bucket must have.
//
// Its file system fails when told to, and never syncs.
//
// Thread safety: Append, Reopen and Settle from one thread; the checks from any
// meanwhile, but for Reopen.

#ifndef DAYBOOK_TESTS_SERVICES_ENGINE_LINEAGE_LEDGER_H_
#define DAYBOOK_TESTS_SERVICES_ENGINE_LINEAGE_LEDGER_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "core/report/posting.h"
#include "daybook/v1/entry.pb.h"
#include "rocksdb/env.h"
#include "services/engine/lineage.h"
#include "services/engine/placed_posting.h"
#include "storage/event_log.h"
#include "tests/support/fault_file_system.h"
#include "tests/support/luck.h"
#include "tests/support/temporary_directory.h"

namespace daybook::services {

class LineageLedger {
 public:
  // Subject and number.
  using BucketId = std::pair<std::string, uint32_t>;

  struct Load {
    uint64_t reports = 3;
    uint64_t lines = 10;
    // Of 100 events.
    uint64_t reversals = 5;
    uint64_t late = 5;
    uint64_t statements = 2;
  };

  LineageLedger(const Load& load, const PendingLineageLimits& limits,
                uint64_t seed);
  ~LineageLedger();

  // A group of random events. On an error it is taken back.
  absl::Status Append(size_t count) ABSL_LOCKS_EXCLUDED(mutex_);

  // A group that is noted, but for no reason of the disk's not written.
  void Abandon(size_t count) ABSL_LOCKS_EXCLUDED(mutex_);

  // Opens the log again, settled before or as after a crash.
  void Reopen(bool settled, const PendingLineageLimits& limits);

  LogSize size() const { return log_->size(); }
  storage::EventLog& log() { return *log_; }
  Lineage& lineage() { return *lineage_; }
  testing::FaultFileSystem& files() { return *files_; }

  std::vector<BucketId> Buckets() const ABSL_LOCKS_EXCLUDED(mutex_);

  // Whether the bucket as known at a size is a fold of its rows before it.
  bool IsFold(const BucketId& bucket, LogSize size) const
      ABSL_LOCKS_EXCLUDED(mutex_);

  // Whether a walk over a subject's blocks, forward and by seeking back, finds
  // each as it must be when nothing comes meanwhile.
  bool WalksRight(const std::string& subject) const ABSL_LOCKS_EXCLUDED(mutex_);

  // Blocks as they must be stored, by key.
  std::map<std::string, std::string> Blocks() const ABSL_LOCKS_EXCLUDED(mutex_);
  std::map<std::string, std::string> StoredBlocks() const;

 private:
  struct Group {
    std::vector<std::string> entries;
    std::vector<PlacedPosting> postings;
    std::vector<storage::SideWrite> writes;
  };

  struct Model {
    // By position; the genesis is not an event.
    std::vector<v1::Entry> entries;
    std::map<std::string, uint32_t> numbers;
    std::map<std::string, uint32_t> counts;
    std::map<BucketId, std::vector<MoneyRow>> rows;
  };

  void Open(const PendingLineageLimits& limits);
  v1::Entry AnyEntry() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  Group Make(size_t count) ABSL_LOCKS_EXCLUDED(mutex_);
  void Place(PlacedPosting& placed, Group& group)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const Load load_;
  testing::Luck luck_;
  const std::shared_ptr<testing::FaultFileSystem> files_;
  const std::unique_ptr<rocksdb::Env> env_;
  storage::SharedResources shared_;
  testing::TemporaryDirectory temporary_;
  std::unique_ptr<storage::EventLog> log_;
  std::unique_ptr<Lineage> lineage_;

  mutable absl::Mutex mutex_;
  // With the group that is being appended.
  Model model_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace daybook::services

#endif  // DAYBOOK_TESTS_SERVICES_ENGINE_LINEAGE_LEDGER_H_
