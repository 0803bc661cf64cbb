// CutTornTail: tells a write torn by a loss of power from damage, in the
// write-ahead logs and the manifest of a RocksDB that is not open.
//
// Each append is synced before the next one starts, so a loss of power can tear
// the last record of the last log and nothing else, and that record was never
// acknowledged. The same holds for the manifest. It is cut off here, so that
// RocksDB can then be told to take any other imperfection as an error
// (kAbsoluteConsistency). What a loss of power does not explain was
// acknowledged, and is reported and left untouched.
//
// Thread safety: the caller holds the lock of the log's directory.
//
// Bytes on disk: docs/formats/event_log.md.

#ifndef DAYBOOK_STORAGE_TORN_TAIL_H_
#define DAYBOOK_STORAGE_TORN_TAIL_H_

#include <filesystem>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace rocksdb {
class Env;
}  // namespace rocksdb

namespace daybook::storage {

// `directory` is RocksDB's.
//
// Errors:
//   DATA_LOSS    a record is damaged; the message names file and byte. Restore
//                the log from a backup.
//   UNAVAILABLE  the file system refused.
absl::Status CutTornTail(const std::filesystem::path& directory,
                         rocksdb::Env& env);

// Reads one write-ahead log or manifest of a RocksDB that is open. What looks
// torn at its end may be a record that is being written.
//
// Errors: as CutTornTail; nothing is cut off.
absl::Status CheckRecords(const std::filesystem::path& path, rocksdb::Env& env);

// The manifest that RocksDB uses.
//
// Errors: DATA_LOSS when nothing names it.
absl::StatusOr<std::filesystem::path> ManifestOf(
    const std::filesystem::path& directory, rocksdb::Env& env);

}  // namespace daybook::storage

#endif  // DAYBOOK_STORAGE_TORN_TAIL_H_
