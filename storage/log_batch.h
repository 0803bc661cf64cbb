// What an append to a log writes, as one batch of RocksDB's.
//
// Thread safety: pure functions.
//
// Bytes on disk: docs/formats/event_log.md.

#ifndef DAYBOOK_STORAGE_LOG_BATCH_H_
#define DAYBOOK_STORAGE_LOG_BATCH_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "rocksdb/db.h"
#include "rocksdb/write_batch.h"
#include "storage/event_log.h"

namespace daybook::storage {

// Key of the size row in the meta family.
inline constexpr char size_key[] = "size";

// What is written, and where it goes.
struct LogBatch {
  // Size of the log without it.
  uint64_t first = 0;
  const std::vector<std::string>& entries;
  const std::vector<SideWrite>& side_writes;
  // In the order of Family.
  const std::vector<rocksdb::ColumnFamilyHandle*>& families;
  uint64_t generation = 0;
};

// Bytes that it needs, so that it is allocated once.
size_t BatchBytes(const LogBatch& what);

// Puts blocks of entries, side writes and the new size into `batch`. A side
// write that its space does not take is a bug of the caller.
rocksdb::Status FillBatch(const LogBatch& what, rocksdb::WriteBatch& batch);

}  // namespace daybook::storage

#endif  // DAYBOOK_STORAGE_LOG_BATCH_H_
