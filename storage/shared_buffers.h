// SharedBuffers: the write buffers of all open logs together, within one number
// of bytes.
//
// RocksDB counts what its databases hold in memory together, and when that is
// too much it flushes the one that is being written to. Logs that were written
// to and rest would then keep their share for ever, and each write of another
// one would flush the little that this one has. So before it comes to that, the
// log that was not written to for the longest time is flushed.
//
// Thread safety: all methods may be called from any thread.

#ifndef DAYBOOK_STORAGE_SHARED_BUFFERS_H_
#define DAYBOOK_STORAGE_SHARED_BUFFERS_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "rocksdb/write_buffer_manager.h"

namespace daybook::storage {

class SharedBuffers {
 public:
  // One log, from when it is open until it is closed.
  class Share {
   public:
    // `flush` begins to flush the log, or answers false when it is being
    // written to. It is called by the threads of other logs, and must wait for
    // none of them. `buffers` must outlive the share.
    Share(SharedBuffers& buffers, std::function<bool()> flush);
    ~Share();
    Share(const Share&) = delete;
    Share& operator=(const Share&) = delete;

    // The log was written to. Flushes another one when that is due.
    void Wrote();

   private:
    friend class SharedBuffers;

    SharedBuffers& buffers_;
    const std::function<bool()> flush_;
    // Number of the last write; 0: none since it was flushed.
    std::atomic<uint64_t> written_{0};
  };

  // For what logs hold together; one that holds nothing takes some 17 KB.
  explicit SharedBuffers(size_t bytes)
      : manager_(std::make_shared<rocksdb::WriteBufferManager>(bytes)) {}

  // What RocksDB counts with.
  const std::shared_ptr<rocksdb::WriteBufferManager>& manager() const {
    return manager_;
  }

 private:
  // RocksDB flushes a log that is written to from 7 of 8 parts on.
  bool RunShort() const {
    return manager_->mutable_memtable_memory_usage() >=
           manager_->buffer_size() / 4 * 3;
  }
  // Flushes the log that rests longest, but for `writer`, if there is one.
  void MakeRoom(const Share& writer);

  const std::shared_ptr<rocksdb::WriteBufferManager> manager_;
  std::atomic<uint64_t> writes_{0};

  absl::Mutex mutex_;
  std::set<Share*> shares_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace daybook::storage

#endif  // DAYBOOK_STORAGE_SHARED_BUFFERS_H_
