#include "clients/audit/export_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"

namespace daybook::audit {
namespace {

namespace fs = std::filesystem;

absl::Status Refused(const fs::path& file, int error) {
  return absl::UnavailableError(absl::StrCat(
      file.string(), " can not be written: ", std::strerror(error)));
}

absl::Status WriteAndSync(const fs::path& file, absl::string_view bytes) {
  const int descriptor =
      open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (descriptor < 0) return Refused(file, errno);
  const absl::Cleanup close_file = [descriptor] { close(descriptor); };
  while (!bytes.empty()) {
    const ssize_t count = write(descriptor, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return Refused(file, errno);
    bytes.remove_prefix(static_cast<size_t>(count));
  }
  return fsync(descriptor) == 0 ? absl::OkStatus() : Refused(file, errno);
}

absl::Status SyncFolder(const fs::path& folder) {
  const int descriptor =
      open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return Refused(folder, errno);
  const absl::Cleanup close_folder = [descriptor] { close(descriptor); };
  return fsync(descriptor) == 0 ? absl::OkStatus() : Refused(folder, errno);
}

}  // namespace

absl::Status ReplaceFile(const fs::path& file, absl::string_view bytes) {
  fs::path unfinished = file;
  unfinished += absl::StrCat(".unfinished-", getpid());
  absl::Status status = WriteAndSync(unfinished, bytes);
  std::error_code error;
  if (status.ok()) fs::rename(unfinished, file, error);
  if (error) status = Refused(file, error.value());
  if (!status.ok()) fs::remove(unfinished, error);
  return status;
}

absl::StatusOr<std::unique_ptr<ExportFolder>> ExportFolder::Open(
    const fs::path& path) {
  std::error_code error;
  fs::create_directories(path, error);
  const int lock = open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (lock < 0) {
    return absl::FailedPreconditionError(
        absl::StrCat(path.string(), " can not be made or opened: ",
                     error ? error.message() : std::strerror(errno)));
  }
  std::unique_ptr<ExportFolder> folder(new ExportFolder(path, lock));
  if (flock(lock, LOCK_EX | LOCK_NB) != 0) {
    return absl::FailedPreconditionError(
        absl::StrCat("another export is at ", path.string(), "; wait for it"));
  }
  fs::remove_all(path / unfinished_folder, error);
  fs::create_directories(path / unfinished_folder, error);
  if (error) {
    return absl::FailedPreconditionError(
        absl::StrCat(path.string(), " can not be written: ", error.message()));
  }
  return folder;
}

ExportFolder::~ExportFolder() {
  std::error_code ignored;
  fs::remove_all(path_ / unfinished_folder, ignored);
  close(lock_);
}

bool ExportFolder::Has(const std::string& file) const {
  std::error_code error;
  return fs::is_regular_file(path_ / file, error);
}

absl::Status ExportFolder::Write(const std::string& file,
                                 absl::string_view bytes) {
  const fs::path place = path_ / file;
  const fs::path unfinished =
      path_ / unfinished_folder / absl::StrCat(next_name_++);
  RETURN_IF_ERROR(WriteAndSync(unfinished, bytes));
  std::error_code error;
  fs::create_directories(place.parent_path(), error);
  if (!error) fs::rename(unfinished, place, error);
  if (error) return Refused(place, error.value());
  const absl::MutexLock lock(&mutex_);
  // A new folder is a line of those above it.
  for (fs::path folder = place.parent_path();
       written_.insert(folder).second && folder != path_;
       folder = folder.parent_path()) {
  }
  return absl::OkStatus();
}

absl::Status ExportFolder::Remove(const std::string& file) {
  std::error_code error;
  fs::remove(path_ / file, error);
  if (error) return Refused(path_ / file, error.value());
  return absl::OkStatus();
}

absl::Status ExportFolder::Sync() {
  std::set<fs::path> folders;
  {
    const absl::MutexLock lock(&mutex_);
    folders.swap(written_);
  }
  for (const fs::path& folder : folders) RETURN_IF_ERROR(SyncFolder(folder));
  return absl::OkStatus();
}

}  // namespace daybook::audit
