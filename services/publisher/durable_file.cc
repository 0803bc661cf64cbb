#include "services/publisher/durable_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/checkpoint/wipe.h"

namespace daybook::services {
namespace {

namespace fs = std::filesystem;

constexpr mode_t owner_only = S_IRUSR | S_IWUSR;

absl::Status PathError(const fs::path& path) {
  const int error = errno;
  const std::string what =
      absl::StrCat(path.string(), ": ", std::strerror(error));
  switch (error) {
    case ENOENT:
      return absl::NotFoundError(what);
    case EEXIST:
      return absl::AlreadyExistsError(what);
    case ENOSPC:
    case EDQUOT:
      return absl::ResourceExhaustedError(
          absl::StrCat(what, "; make room on the disk, then try again"));
    case EACCES:
    case EPERM:
    case EROFS:
      return absl::PermissionDeniedError(
          absl::StrCat(what, "; let this user read and write it"));
    default:
      return absl::UnavailableError(
          absl::StrCat(what, "; check the disk, then try again"));
  }
}

// An open file, closed in the end.
class File {
 public:
  File(const fs::path& path, int flags)
      : number_(open(path.c_str(), flags | O_CLOEXEC, owner_only)) {}
  ~File() {
    if (number_ >= 0) close(number_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  int number() const { return number_; }

 private:
  const int number_;
};

absl::Status SyncFolderOf(const fs::path& path) {
  const fs::path folder = path.has_parent_path() ? path.parent_path() : ".";
  const File file(folder, O_RDONLY | O_DIRECTORY);
  if (file.number() < 0 || fsync(file.number()) != 0) return PathError(folder);
  return absl::OkStatus();
}

// Writes and syncs a file beside the place of `path`.
absl::StatusOr<fs::path> WriteBeside(const fs::path& path,
                                     absl::string_view content) {
  const fs::path beside = path.string() + ".tmp";
  const File file(beside, O_WRONLY | O_CREAT | O_TRUNC);
  if (file.number() < 0) return PathError(beside);
  // Of a file that was left behind.
  if (fchmod(file.number(), owner_only) != 0) return PathError(beside);
  while (!content.empty()) {
    const ssize_t written =
        write(file.number(), content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return PathError(beside);
    content.remove_prefix(static_cast<size_t>(written));
  }
  if (fsync(file.number()) != 0) return PathError(beside);
  return beside;
}

}  // namespace

absl::StatusOr<std::string> ReadSmallFile(const fs::path& path,
                                          size_t bytes_max) {
  const File file(path, O_RDONLY);
  if (file.number() < 0) return PathError(path);
  // One more than it may have tells that it is too long. It may be a secret, so
  // that it is not to be moved about.
  std::string content(bytes_max + 1, '\0');
  size_t size = 0;
  while (size < content.size()) {
    const ssize_t got =
        read(file.number(), content.data() + size, content.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      absl::Status error = PathError(path);
      checkpoint::Wipe(content);
      return error;
    }
    if (got == 0) break;
    size += static_cast<size_t>(got);
  }
  if (size > bytes_max) {
    checkpoint::Wipe(content);
    return absl::DataLossError(absl::StrCat(
        path.string(), ": it has more than ", bytes_max, " bytes"));
  }
  content.resize(size);
  return content;
}

absl::Status ReplaceFile(const fs::path& path, absl::string_view content) {
  ASSIGN_OR_RETURN(const fs::path beside, WriteBeside(path, content));
  if (std::rename(beside.c_str(), path.c_str()) != 0) return PathError(path);
  return SyncFolderOf(path);
}

absl::Status CreateFile(const fs::path& path, absl::string_view content) {
  ASSIGN_OR_RETURN(const fs::path beside, WriteBeside(path, content));
  absl::Status linked;
  if (link(beside.c_str(), path.c_str()) != 0) linked = PathError(path);
  if (unlink(beside.c_str()) != 0) linked.Update(PathError(beside));
  RETURN_IF_ERROR(linked);
  return SyncFolderOf(path);
}

absl::Status RenameFile(const fs::path& from, const fs::path& to) {
  if (renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(),
                RENAME_NOREPLACE) != 0) {
    return PathError(errno == EEXIST ? to : from);
  }
  return SyncFolderOf(to);
}

}  // namespace daybook::services
