// Makes deleted values leave the disk.
//
// RocksDB deletes by writing a mark: the value stays in its table, and in the
// write-ahead log, until both happen to be rewritten. Here they are rewritten
// at once.
//
// Thread safety: may be called from any thread.

#ifndef DAYBOOK_STORAGE_PURGE_H_
#define DAYBOOK_STORAGE_PURGE_H_

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "rocksdb/db.h"
#include "rocksdb/status.h"

namespace daybook::storage {

// Waits until the write-ahead logs before `log` and what the family holds in
// memory to be flushed are gone, then rewrites the tables that hold `keys`,
// until a table keeps nothing deleted under them. Aborted once `stopped` is
// true. Reads and writes go on meanwhile.
rocksdb::Status Purge(rocksdb::DB& db, rocksdb::ColumnFamilyHandle& family,
                      uint64_t log, std::vector<std::string> keys,
                      const std::atomic<bool>& stopped);

// Whether tables of the family hold marks of what was deleted.
rocksdb::Status HoldsDeleted(rocksdb::DB& db,
                             rocksdb::ColumnFamilyHandle& family, bool* holds);

}  // namespace daybook::storage

#endif  // DAYBOOK_STORAGE_PURGE_H_
