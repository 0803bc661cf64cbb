// SideCursor::Impl: what lies behind a cursor, for the files of storage/ that
// speak to RocksDB.
//
// Thread safety: thread-compatible.

#ifndef DAYBOOK_STORAGE_SIDE_CURSOR_IMPL_H_
#define DAYBOOK_STORAGE_SIDE_CURSOR_IMPL_H_

#include <memory>
#include <string>

#include "rocksdb/iterator.h"
#include "storage/event_log.h"

namespace daybook::storage {

// What to do when a log's bytes are damaged.
inline constexpr absl::string_view restore_log =
    "restore the log from a backup or a mirror";

struct SideCursor::Impl {
  std::unique_ptr<rocksdb::Iterator> row;
  // "/data/ledgers/430203: side table 'lineage'".
  std::string description;
};

}  // namespace daybook::storage

#endif  // DAYBOOK_STORAGE_SIDE_CURSOR_IMPL_H_
