// SharedResources::Impl: what lies behind SharedResources, for the files of
// storage/ that speak to RocksDB and for tests that replace the Env.
//
// Thread safety: constant once the first log is open.

#ifndef DAYBOOK_STORAGE_SHARED_RESOURCES_H_
#define DAYBOOK_STORAGE_SHARED_RESOURCES_H_

#include <memory>

#include "rocksdb/cache.h"
#include "rocksdb/env.h"
#include "storage/event_log.h"
#include "storage/shared_buffers.h"

namespace daybook::storage {

struct SharedResources::Impl {
  explicit Impl(size_t write_buffer_bytes)
      : write_buffers(write_buffer_bytes) {}

  std::shared_ptr<rocksdb::Cache> block_cache;
  SharedBuffers write_buffers;
  // Swallows RocksDB's own log: libraries do not log.
  std::shared_ptr<rocksdb::Logger> silence;
  // File system and background threads. Never null; outlives this.
  rocksdb::Env* env;
};

}  // namespace daybook::storage

#endif  // DAYBOOK_STORAGE_SHARED_RESOURCES_H_
