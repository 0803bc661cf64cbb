#include "storage/purge.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "rocksdb/options.h"
#include "rocksdb/table_properties.h"
#include "rocksdb/transaction_log.h"

namespace daybook::storage {
namespace {

constexpr absl::Duration asked_every = absl::Milliseconds(10);

// Keys with no more rows between them than a table may hold are rewritten
// together: a table once, not once for each key.
constexpr uint64_t rewritten_bytes_max = uint64_t{64} << 20;

// Whether the first write-ahead log that is left is `log` or a later one.
rocksdb::Status LogsAreGone(rocksdb::DB& db, uint64_t log, bool* gone) {
  rocksdb::VectorLogPtr logs;
  const rocksdb::Status status = db.GetSortedWalFiles(logs);
  *gone = status.ok() &&
          std::all_of(logs.begin(), logs.end(), [log](const auto& file) {
            return file->LogNumber() >= log;
          });
  return status;
}

rocksdb::Status AwaitFlush(rocksdb::DB& db, rocksdb::ColumnFamilyHandle& family,
                           uint64_t log, const std::atomic<bool>& stopped) {
  while (!stopped) {
    uint64_t errors = 0;
    uint64_t unflushed = 0;
    db.GetIntProperty(rocksdb::DB::Properties::kBackgroundErrors, &errors);
    if (errors > 0) {
      return rocksdb::Status::IOError("what is in memory can not be flushed");
    }
    db.GetIntProperty(&family, rocksdb::DB::Properties::kNumImmutableMemTable,
                      &unflushed);
    bool gone = false;
    const rocksdb::Status status = LogsAreGone(db, log, &gone);
    if (!status.ok()) return status;
    if (unflushed == 0 && gone) return status;
    absl::SleepFor(asked_every);
  }
  return rocksdb::Status::Aborted("the log is being closed");
}

uint64_t BytesBetween(rocksdb::DB& db, rocksdb::ColumnFamilyHandle& family,
                      const std::string& first, const std::string& last) {
  const rocksdb::Range range(first, last);
  uint64_t bytes = 0;
  db.GetApproximateSizes(&family, &range, 1, &bytes);
  return bytes;
}

}  // namespace

rocksdb::Status Purge(rocksdb::DB& db, rocksdb::ColumnFamilyHandle& family,
                      uint64_t log, std::vector<std::string> keys,
                      const std::atomic<bool>& stopped) {
  rocksdb::Status status = AwaitFlush(db, family, log, stopped);
  rocksdb::CompactRangeOptions how;
  how.exclusive_manual_compaction = false;
  how.canceled = const_cast<std::atomic<bool>*>(&stopped);
  std::sort(keys.begin(), keys.end());
  for (size_t i = 0; i < keys.size() && status.ok();) {
    const size_t first = i++;
    while (i < keys.size() && BytesBetween(db, family, keys[first], keys[i]) <=
                                  rewritten_bytes_max) {
      ++i;
    }
    const rocksdb::Slice begin = keys[first];
    const rocksdb::Slice end = keys[i - 1];
    status = db.CompactRange(how, &family, &begin, &end);
  }
  return status;
}

rocksdb::Status HoldsDeleted(rocksdb::DB& db,
                             rocksdb::ColumnFamilyHandle& family, bool* holds) {
  rocksdb::TablePropertiesCollection tables;
  const rocksdb::Status status = db.GetPropertiesOfAllTables(&family, &tables);
  *holds = std::any_of(tables.begin(), tables.end(), [](const auto& table) {
    return table.second->num_deletions > 0;
  });
  return status;
}

}  // namespace daybook::storage
