#include "storage/log_options.h"

#include <deque>
#include <memory>
#include <string>

#include "core/base/check.h"
#include "rocksdb/filter_policy.h"
#include "rocksdb/listener.h"
#include "rocksdb/merge_operator.h"
#include "rocksdb/table.h"
#include "storage/shared_resources.h"

namespace daybook::storage {
namespace {

// What a log replays when it opens, at most; bounds the time that takes.
constexpr uint64_t kWalBytesMax = uint64_t{64} << 20;

// RocksDB resumes by itself after a full disk, whatever
// max_bgerror_resume_count says. Here nothing is written after a failure until
// the log is opened again and has read back what is on disk.
class NeverResume : public rocksdb::EventListener {
 public:
  // A compaction that found no room would be an error that writes do not see,
  // until they wait for ever for a compaction that does not come.
  void OnBackgroundError(rocksdb::BackgroundErrorReason,
                         rocksdb::Status* error) override {
    if (error->severity() < rocksdb::Status::kHardError) {
      *error = rocksdb::Status(*error, rocksdb::Status::kHardError);
    }
  }

  void OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason, rocksdb::Status,
                            bool* auto_recovery) override {
    *auto_recovery = false;
  }
};

// Values of the lineage grow at their end.
class AppendBytes : public rocksdb::MergeOperator {
 public:
  bool FullMergeV2(const MergeOperationInput& in,
                   MergeOperationOutput* out) const override {
    size_t bytes = in.existing_value == nullptr ? 0 : in.existing_value->size();
    for (const rocksdb::Slice& more : in.operand_list) bytes += more.size();
    out->new_value.clear();
    out->new_value.reserve(bytes);
    if (in.existing_value != nullptr) {
      out->new_value.append(in.existing_value->data(),
                            in.existing_value->size());
    }
    for (const rocksdb::Slice& more : in.operand_list) {
      out->new_value.append(more.data(), more.size());
    }
    return true;
  }

  bool PartialMergeMulti(const rocksdb::Slice&,
                         const std::deque<rocksdb::Slice>& operands,
                         std::string* result, rocksdb::Logger*) const override {
    result->clear();
    for (const rocksdb::Slice& more : operands) {
      result->append(more.data(), more.size());
    }
    return true;
  }

  const char* Name() const override { return "daybook.append"; }
};

// Safety first; then the latency of one synced write; then memory and files.
void ChooseSafety(rocksdb::DBOptions& options) {
  // Any imperfection of a write-ahead log is an error. The one that a loss of
  // power explains is gone by now: see torn_tail.h. The other modes drop
  // acknowledged writes without a word: point-in-time all those after a flipped
  // bit, tolerate-tail those after a damaged length in the last block.
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kAbsoluteConsistency;
  // A write-ahead log that is missing or too short is an error too.
  options.track_and_verify_wals_in_manifest = true;
  options.paranoid_checks = true;
  options.max_bgerror_resume_count = 0;
  options.listeners.push_back(std::make_shared<NeverResume>());
}

// Measured on ext4 against append + fdatasync of the same bytes to a growing
// file in the same folder: p50 is 1.1 times that. The sync is all of it; what
// follows moved the ratio by less than the noise, so the simplest was taken.
void ChooseLatency(rocksdb::DBOptions& options) {
  // Blocks reserved ahead save nothing, as each sync writes the file's size
  // anyway, and would cost every open log 17 MB of disk.
  options.allow_fallocate = false;
  // Appends are serialised above RocksDB: there is never a second writer that
  // these would help.
  options.enable_pipelined_write = false;
  options.allow_concurrent_memtable_write = false;
  options.enable_write_thread_adaptive_yield = false;
  // Overwriting old logs would save the sync of the size, and leaves records of
  // earlier logs behind the newest; the recovery mode above forbids it.
  options.recycle_log_file_num = 0;
  // Tables reach the disk as they are written, so that a sync of the log does
  // not wait behind megabytes of a flush.
  options.bytes_per_sync = uint64_t{1} << 20;
  options.avoid_unnecessary_blocking_io = true;
}

std::shared_ptr<rocksdb::TableFactory> MakeTable(
    const SharedResources::Impl& shared, size_t block_bytes, bool filtered) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = shared.block_cache;
  table.block_size = block_bytes;
  table.format_version = 5;
  // Counted in the cache, or memory would grow with the ledger.
  table.cache_index_and_filter_blocks = true;
  table.pin_l0_filter_and_index_blocks_in_cache = true;
  if (filtered) {
    table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
    table.optimize_filters_for_memory = true;
    // In parts of a block's size. Whole, the filter of a grown table is larger
    // than a shard of the cache, which then refuses it: every look-up would
    // read it, and sum it up, anew.
    table.index_type =
        rocksdb::BlockBasedTableOptions::IndexType::kTwoLevelIndexSearch;
    table.partition_filters = true;
    table.metadata_block_size = block_bytes;
  }
  return std::shared_ptr<rocksdb::TableFactory>(
      rocksdb::NewBlockBasedTableFactory(table));
}

rocksdb::ColumnFamilyOptions MakeColumnFamily(
    std::shared_ptr<rocksdb::TableFactory> table) {
  rocksdb::ColumnFamilyOptions options;
  options.table_factory = std::move(table);
  options.write_buffer_size = size_t{16} << 20;
  // Small, because each open log holds one for each column family.
  options.arena_block_size = size_t{64} << 10;
  options.compression = rocksdb::kLZ4Compression;
  options.bottommost_compression = rocksdb::kZSTD;
  options.level_compaction_dynamic_level_bytes = true;
  return options;
}

}  // namespace

Family FamilyOf(Space space, uint64_t generation) {
  const bool second = generation % 2 == 1;
  switch (space) {
    case Space::kFact:
      return second ? kSecondFactFamily : kFactFamily;
    case Space::kPersonal:
      return kPersonalFamily;
    case Space::kLineage:
      return second ? kSecondLineageFamily : kLineageFamily;
    case Space::kSource:
      return kSourceFamily;
    case Space::kTree:
      return kTreeFamily;
    case Space::kCheckpoint:
      return kCheckpointFamily;
    case Space::kNextFact:
      return second ? kFactFamily : kSecondFactFamily;
    case Space::kNextLineage:
      return second ? kLineageFamily : kSecondLineageFamily;
  }
  DAYBOOK_CHECK(false);
}

rocksdb::DBOptions MakeDatabaseOptions(bool create,
                                       const SharedResources::Impl& shared) {
  rocksdb::DBOptions options;
  options.create_if_missing = create;
  options.create_missing_column_families = create;
  ChooseSafety(options);
  ChooseLatency(options);

  options.env = shared.env;
  options.write_buffer_manager = shared.write_buffers.manager();
  options.max_total_wal_size = kWalBytesMax;
  options.max_open_files = 512;
  // Tables are opened at their first use; threads to open some of them with the
  // log cost more than they save.
  options.max_file_opening_threads = 1;
  options.max_manifest_file_size = size_t{4} << 20;
  options.manifest_preallocation_size = size_t{64} << 10;
  // Neither log files nor statistics.
  options.info_log = shared.silence;
  options.keep_log_file_num = 1;
  options.stats_dump_period_sec = 0;
  options.stats_persist_period_sec = 0;
  options.skip_stats_update_on_db_open = true;
  return options;
}

std::vector<rocksdb::ColumnFamilyDescriptor> MakeColumnFamilies(
    const SharedResources::Impl& shared) {
  // Entries are read in order and compress in large blocks; side tables are
  // asked for single keys, most of which are absent.
  const auto entries =
      MakeColumnFamily(MakeTable(shared, size_t{32} << 10, false));
  auto side = MakeColumnFamily(MakeTable(shared, size_t{8} << 10, true));
  // The same keys again and again, in each group: searching their places in a
  // small buffer, which the processor's cache holds, is twice as quick.
  side.write_buffer_size = size_t{2} << 20;
  auto lineage = MakeColumnFamily(MakeTable(shared, size_t{8} << 10, false));
  lineage.write_buffer_size = size_t{4} << 20;
  lineage.merge_operator = std::make_shared<AppendBytes>();
  // A report as known at any size reads a block here and there; Zstandard would
  // take most of that time to save a tenth of a percent of the disk.
  lineage.bottommost_compression = rocksdb::kLZ4Compression;
  return {{rocksdb::kDefaultColumnFamilyName, side},
          {"entries", entries},
          {"fact", side},
          {"personal", side},
          {"lineage", lineage},
          {"fact2", side},
          {"lineage2", lineage},
          {"source", side},
          {"tree", side},
          {"checkpoint", side}};
}

rocksdb::WriteOptions DurableWrite() {
  rocksdb::WriteOptions options;
  options.sync = true;
  return options;
}

}  // namespace daybook::storage
