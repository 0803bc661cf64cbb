// FaultFileSystem: a file system whose n-th operation fails, and which can lose
// what was not synced, as a machine does without power.
//
// What it models: bytes that were written and not synced; names that were
// created or renamed in a directory that was not synced; a failed write that
// left half of its bytes; and a failed sync after which the kernel has
// forgotten what it should have written, so that later syncs succeed over a
// hole. What it does not: loss of directories, and of deletions.
//
// Syncs reach this object only, never the disk, so tests are fast.
//
// Thread safety: all methods may be called from any thread; LosePower when no
// file is open.

#ifndef DAYBOOK_TESTS_SUPPORT_FAULT_FILE_SYSTEM_H_
#define DAYBOOK_TESTS_SUPPORT_FAULT_FILE_SYSTEM_H_

#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "rocksdb/env.h"
#include "rocksdb/file_system.h"

namespace daybook::testing {

class FaultFileSystem : public rocksdb::FileSystemWrapper {
 public:
  enum class Failure {
    // One operation, as a passing error of a cable does.
    kOnce,
    // That operation and all after it, as a disk that is gone does.
    kFromThenOn,
    // The same, and they say that the disk is full.
    kFull,
  };

  // What becomes of bytes that were written and not synced.
  enum class Unsynced {
    kGone,
    // The first half of them is on the disk.
    kHalfThere,
    // The file has its full size, and the later sectors read as zeros.
    kZeroed,
  };

  FaultFileSystem() : FileSystemWrapper(rocksdb::FileSystem::Default()) {}

  const char* Name() const override { return "FaultFileSystem"; }

  // Fails the operation that follows `count` successful ones from now on.
  void FailAfter(uint64_t count, Failure failure);

  // Nothing fails from now on.
  void StopFailing();

  // Whether an operation has failed since FailAfter.
  bool failed() const;

  void LosePower(Unsynced unsynced);

  rocksdb::IOStatus NewWritableFile(
      const std::string& path, const rocksdb::FileOptions& options,
      std::unique_ptr<rocksdb::FSWritableFile>* file,
      rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus ReopenWritableFile(
      const std::string& path, const rocksdb::FileOptions& options,
      std::unique_ptr<rocksdb::FSWritableFile>* file,
      rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus NewDirectory(
      const std::string& path, const rocksdb::IOOptions& options,
      std::unique_ptr<rocksdb::FSDirectory>* directory,
      rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus RenameFile(const std::string& from, const std::string& to,
                               const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus DeleteFile(const std::string& path,
                               const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus CreateDirIfMissing(const std::string& path,
                                       const rocksdb::IOOptions& options,
                                       rocksdb::IODebugContext* debug) override;

 private:
  class File;
  class Directory;

  struct FileState {
    uint64_t written = 0;
    uint64_t synced = 0;
    // Ranges whose sync failed: the disk never gets them.
    std::vector<std::pair<uint64_t, uint64_t>> forgotten;
  };

  struct Rename {
    std::string from;
    std::string to;
    std::optional<std::string> replaced;
  };

  // Counts one operation, and says whether it must fail.
  bool MustFail();
  // What one says that must.
  rocksdb::IOStatus Failed(const std::string& path) const;

  void Wrote(const std::string& path, uint64_t bytes);
  void Truncated(const std::string& path, uint64_t size);
  void Synced(const std::string& path, bool succeeded);
  void SyncedNames(const std::string& directory);
  static void Lose(const std::string& path, const FileState& state,
                   Unsynced unsynced);

  mutable std::mutex mutex_;
  // Guarded by mutex_.
  uint64_t remaining_ = std::numeric_limits<uint64_t>::max();
  Failure failure_ = Failure::kOnce;
  bool failed_ = false;
  std::map<std::string, FileState> files_;
  std::set<std::string> unsynced_names_;
  std::vector<Rename> unsynced_renames_;
};

// An Env over `files`, with the threads of the default one. It does not sleep:
// RocksDB waits a second after a failed flush.
std::unique_ptr<rocksdb::Env> MakeFaultEnv(
    const std::shared_ptr<FaultFileSystem>& files);

}  // namespace daybook::testing

#endif  // DAYBOOK_TESTS_SUPPORT_FAULT_FILE_SYSTEM_H_
