#include "clients/audit/directory_fetcher.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"

namespace daybook::audit {
namespace {

absl::Status Unreadable(const std::string& path, int error) {
  return absl::DataLossError(
      absl::StrCat(path, " can not be read: ", std::strerror(error)));
}

}  // namespace

absl::StatusOr<std::string> DirectoryFetcher::Read(const std::string& path) {
  const int file =
      open((directory_ / path).c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file < 0) {
    if (errno == ENOENT || errno == ENOTDIR) {
      return absl::NotFoundError(absl::StrCat("there is no file ", path));
    }
    return Unreadable(path, errno);
  }
  const absl::Cleanup close_file = [file] { close(file); };
  struct stat status;
  if (fstat(file, &status) != 0) return Unreadable(path, errno);
  if (!S_ISREG(status.st_mode)) {
    return absl::DataLossError(absl::StrCat(path, " is no file"));
  }
  if (static_cast<size_t>(status.st_size) > fetched_bytes_max) {
    return absl::DataLossError(absl::StrCat(path, " has ", status.st_size,
                                            " bytes, at most ",
                                            fetched_bytes_max, " can be"));
  }
  std::string bytes(static_cast<size_t>(status.st_size), '\0');
  size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t count = read(file, bytes.data() + done, bytes.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return Unreadable(path, errno);
    // It got shorter meanwhile.
    if (count == 0) break;
    done += static_cast<size_t>(count);
  }
  bytes.resize(done);
  return bytes;
}

absl::StatusOr<std::vector<std::string>> DirectoryFetcher::List(
    const std::string& below) const {
  std::vector<std::string> files;
  std::error_code error;
  const std::filesystem::path folder = directory_ / below;
  if (!std::filesystem::is_directory(folder, error)) return files;
  std::filesystem::recursive_directory_iterator entry(folder, error);
  const std::filesystem::recursive_directory_iterator end;
  for (; !error && entry != end; entry.increment(error)) {
    if (entry->is_directory(error)) continue;
    files.push_back(entry->path().lexically_relative(directory_).string());
  }
  if (error) return Unreadable(below, error.value());
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace daybook::audit
