#include "tests/support/fault_file_system.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "core/base/check.h"
#include "rocksdb/system_clock.h"

namespace daybook::testing {
namespace {

constexpr uint64_t kSectorBytes = 512;

std::string DirectoryOf(const std::string& path) {
  return std::filesystem::path(path).parent_path();
}

std::string ReadAll(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

class SleeplessClock : public rocksdb::SystemClockWrapper {
 public:
  SleeplessClock() : SystemClockWrapper(rocksdb::SystemClock::Default()) {}
  const char* Name() const override { return "SleeplessClock"; }
  void SleepForMicroseconds(int) override {}
};

class FaultEnv : public rocksdb::EnvWrapper {
 public:
  explicit FaultEnv(const std::shared_ptr<FaultFileSystem>& files)
      : EnvWrapper(rocksdb::NewCompositeEnv(files)) {
    file_system_ = files;
    system_clock_ = std::make_shared<SleeplessClock>();
  }
};

void WriteAll(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

}  // namespace

class FaultFileSystem::File : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  File(std::string path, std::unique_ptr<rocksdb::FSWritableFile> file,
       FaultFileSystem& system)
      : FSWritableFileOwnerWrapper(std::move(file)),
        path_(std::move(path)),
        system_(system) {}

  using FSWritableFileOwnerWrapper::Append;
  rocksdb::IOStatus Append(const rocksdb::Slice& data,
                           const rocksdb::IOOptions& options,
                           rocksdb::IODebugContext* debug) override {
    const bool fail = system_.MustFail();
    const rocksdb::Slice kept(data.data(),
                              fail ? data.size() / 2 : data.size());
    const rocksdb::IOStatus status = target()->Append(kept, options, debug);
    if (status.ok()) system_.Wrote(path_, kept.size());
    return fail ? system_.Failed(path_) : status;
  }
  rocksdb::IOStatus Append(const rocksdb::Slice& data,
                           const rocksdb::IOOptions& options,
                           const rocksdb::DataVerificationInfo&,
                           rocksdb::IODebugContext* debug) override {
    return Append(data, options, debug);
  }

  rocksdb::IOStatus Truncate(uint64_t size, const rocksdb::IOOptions& options,
                             rocksdb::IODebugContext* debug) override {
    if (system_.MustFail()) return system_.Failed(path_);
    const rocksdb::IOStatus status = target()->Truncate(size, options, debug);
    if (status.ok()) system_.Truncated(path_, size);
    return status;
  }

  rocksdb::IOStatus Sync(const rocksdb::IOOptions&,
                         rocksdb::IODebugContext*) override {
    const bool fail = system_.MustFail();
    system_.Synced(path_, !fail);
    return fail ? system_.Failed(path_) : rocksdb::IOStatus::OK();
  }
  rocksdb::IOStatus Fsync(const rocksdb::IOOptions& options,
                          rocksdb::IODebugContext* debug) override {
    return Sync(options, debug);
  }
  // Promises nothing.
  rocksdb::IOStatus RangeSync(uint64_t, uint64_t, const rocksdb::IOOptions&,
                              rocksdb::IODebugContext*) override {
    return rocksdb::IOStatus::OK();
  }

 private:
  const std::string path_;
  FaultFileSystem& system_;
};

class FaultFileSystem::Directory : public rocksdb::FSDirectoryWrapper {
 public:
  Directory(std::string path, std::unique_ptr<rocksdb::FSDirectory> directory,
            FaultFileSystem& system)
      : FSDirectoryWrapper(std::move(directory)),
        path_(std::filesystem::path(path).lexically_normal()),
        system_(system) {}

  rocksdb::IOStatus Fsync(const rocksdb::IOOptions&,
                          rocksdb::IODebugContext*) override {
    if (system_.MustFail()) return system_.Failed(path_);
    system_.SyncedNames(path_);
    return rocksdb::IOStatus::OK();
  }
  rocksdb::IOStatus FsyncWithDirOptions(
      const rocksdb::IOOptions& options, rocksdb::IODebugContext* debug,
      const rocksdb::DirFsyncOptions&) override {
    return Fsync(options, debug);
  }

 private:
  const std::string path_;
  FaultFileSystem& system_;
};

void FaultFileSystem::FailAfter(uint64_t count, Failure failure) {
  const std::lock_guard lock(mutex_);
  remaining_ = count;
  failure_ = failure;
  failed_ = false;
}

void FaultFileSystem::StopFailing() {
  const std::lock_guard lock(mutex_);
  remaining_ = std::numeric_limits<uint64_t>::max();
}

bool FaultFileSystem::failed() const {
  const std::lock_guard lock(mutex_);
  return failed_;
}

rocksdb::IOStatus FaultFileSystem::Failed(const std::string& path) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  constexpr char why[] = "injected fault";
  return failure_ == Failure::kFull ? rocksdb::IOStatus::NoSpace(why, path)
                                    : rocksdb::IOStatus::IOError(why, path);
}

bool FaultFileSystem::MustFail() {
  const std::lock_guard lock(mutex_);
  if (remaining_ > 0) {
    --remaining_;
    return false;
  }
  if (failure_ == Failure::kOnce) {
    remaining_ = std::numeric_limits<uint64_t>::max();
  }
  failed_ = true;
  return true;
}

void FaultFileSystem::Wrote(const std::string& path, uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  files_[path].written += bytes;
}

void FaultFileSystem::Truncated(const std::string& path, uint64_t size) {
  const std::lock_guard lock(mutex_);
  FileState& state = files_[path];
  state.written = size;
  // That a cut may be undone is not modelled.
  state.synced = std::min(state.synced, size);
}

void FaultFileSystem::Synced(const std::string& path, bool succeeded) {
  const std::lock_guard lock(mutex_);
  FileState& state = files_[path];
  if (!succeeded) {
    state.forgotten.emplace_back(state.synced, state.written);
  } else {
    state.synced = state.written;
  }
}

void FaultFileSystem::SyncedNames(const std::string& directory) {
  const std::lock_guard lock(mutex_);
  std::erase_if(unsynced_names_, [&](const std::string& path) {
    return DirectoryOf(path) == directory;
  });
  std::erase_if(unsynced_renames_, [&](const Rename& rename) {
    return DirectoryOf(rename.to) == directory;
  });
}

void FaultFileSystem::Lose(const std::string& path, const FileState& state,
                           Unsynced unsynced) {
  std::string bytes = ReadAll(path);
  for (const auto& [begin, end] : state.forgotten) {
    if (begin >= state.synced) continue;
    std::fill(bytes.begin() + static_cast<std::ptrdiff_t>(begin),
              bytes.begin() +
                  static_cast<std::ptrdiff_t>(std::min(end, state.synced)),
              '\0');
  }
  const uint64_t half = state.synced + (state.written - state.synced) / 2;
  switch (unsynced) {
    case Unsynced::kGone:
      bytes.resize(state.synced);
      break;
    case Unsynced::kHalfThere:
      bytes.resize(half);
      break;
    case Unsynced::kZeroed: {
      // A sector is whole or absent; the one that holds synced bytes is there.
      const uint64_t kept =
          (half + kSectorBytes - 1) / kSectorBytes * kSectorBytes;
      if (kept < bytes.size()) {
        std::fill(bytes.begin() + static_cast<std::ptrdiff_t>(kept),
                  bytes.end(), '\0');
      }
      break;
    }
  }
  WriteAll(path, bytes);
}

void FaultFileSystem::LosePower(Unsynced unsynced) {
  const std::lock_guard lock(mutex_);
  for (const auto& [path, state] : files_) {
    DAYBOOK_CHECK(std::filesystem::file_size(path) == state.written);
    if (state.synced != state.written || !state.forgotten.empty()) {
      Lose(path, state, unsynced);
    }
  }
  for (auto rename = unsynced_renames_.rbegin();
       rename != unsynced_renames_.rend(); ++rename) {
    std::filesystem::rename(rename->to, rename->from);
    if (rename->replaced.has_value()) WriteAll(rename->to, *rename->replaced);
  }
  for (const std::string& path : unsynced_names_) {
    std::filesystem::remove(path);
  }
  files_.clear();
  unsynced_renames_.clear();
  unsynced_names_.clear();
}

rocksdb::IOStatus FaultFileSystem::NewWritableFile(
    const std::string& path, const rocksdb::FileOptions& options,
    std::unique_ptr<rocksdb::FSWritableFile>* file,
    rocksdb::IODebugContext* debug) {
  if (MustFail()) return Failed(path);
  const bool existed = std::filesystem::exists(path);
  const rocksdb::IOStatus status =
      target()->NewWritableFile(path, options, file, debug);
  if (!status.ok()) return status;
  *file = std::make_unique<File>(path, std::move(*file), *this);
  const std::lock_guard lock(mutex_);
  files_[path] = FileState();
  if (!existed) unsynced_names_.insert(path);
  return status;
}

rocksdb::IOStatus FaultFileSystem::ReopenWritableFile(
    const std::string& path, const rocksdb::FileOptions& options,
    std::unique_ptr<rocksdb::FSWritableFile>* file,
    rocksdb::IODebugContext* debug) {
  if (MustFail()) return Failed(path);
  const uint64_t size = std::filesystem::file_size(path);
  const rocksdb::IOStatus status =
      target()->ReopenWritableFile(path, options, file, debug);
  if (!status.ok()) return status;
  *file = std::make_unique<File>(path, std::move(*file), *this);
  const std::lock_guard lock(mutex_);
  files_.try_emplace(path, FileState{size, size, {}});
  return status;
}

rocksdb::IOStatus FaultFileSystem::NewDirectory(
    const std::string& path, const rocksdb::IOOptions& options,
    std::unique_ptr<rocksdb::FSDirectory>* directory,
    rocksdb::IODebugContext* debug) {
  const rocksdb::IOStatus status =
      target()->NewDirectory(path, options, directory, debug);
  if (status.ok()) {
    *directory =
        std::make_unique<Directory>(path, std::move(*directory), *this);
  }
  return status;
}

rocksdb::IOStatus FaultFileSystem::RenameFile(const std::string& from,
                                              const std::string& to,
                                              const rocksdb::IOOptions& options,
                                              rocksdb::IODebugContext* debug) {
  if (MustFail()) return Failed(to);
  Rename rename = {from, to, std::nullopt};
  if (std::filesystem::is_regular_file(to)) rename.replaced = ReadAll(to);
  const rocksdb::IOStatus status =
      target()->RenameFile(from, to, options, debug);
  if (!status.ok()) return status;
  const std::lock_guard lock(mutex_);
  unsynced_renames_.push_back(std::move(rename));
  if (auto state = files_.extract(from); !state.empty()) {
    files_.insert_or_assign(to, std::move(state.mapped()));
  }
  return status;
}

rocksdb::IOStatus FaultFileSystem::DeleteFile(const std::string& path,
                                              const rocksdb::IOOptions& options,
                                              rocksdb::IODebugContext* debug) {
  if (MustFail()) return Failed(path);
  const rocksdb::IOStatus status = target()->DeleteFile(path, options, debug);
  if (!status.ok()) return status;
  const std::lock_guard lock(mutex_);
  files_.erase(path);
  unsynced_names_.erase(path);
  std::erase_if(unsynced_renames_,
                [&](const Rename& rename) { return rename.to == path; });
  return status;
}

rocksdb::IOStatus FaultFileSystem::CreateDirIfMissing(
    const std::string& path, const rocksdb::IOOptions& options,
    rocksdb::IODebugContext* debug) {
  if (MustFail()) return Failed(path);
  return target()->CreateDirIfMissing(path, options, debug);
}

std::unique_ptr<rocksdb::Env> MakeFaultEnv(
    const std::shared_ptr<FaultFileSystem>& files) {
  return std::make_unique<FaultEnv>(files);
}

}  // namespace daybook::testing
