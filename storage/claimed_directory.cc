#include "storage/claimed_directory.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "core/base/check.h"
#include "core/base/status_macros.h"
#include "rocksdb/env.h"
#include "storage/rocksdb_status.h"

namespace daybook::storage {
namespace {

constexpr char kLayout[] = "LAYOUT";
constexpr char kLayoutNew[] = "LAYOUT.new";
constexpr char kLock[] = "LOCK";

constexpr absl::string_view kCheckDisk =
    "check the disk and the permissions, then try again";

// Errors are about a path, by errno.
absl::Status PathError(int error, const std::filesystem::path& path) {
  if (error == ENOSPC) {
    return absl::ResourceExhaustedError(
        absl::StrCat(path.string(), ": ", std::strerror(error), "; ", full_disk,
                     ", then try again"));
  }
  const bool refused = error == EACCES || error == EPERM || error == EROFS;
  return absl::Status(
      refused ? absl::StatusCode::kPermissionDenied
              : absl::StatusCode::kUnavailable,
      absl::StrCat(path.string(), ": ", std::strerror(error), "; ",
                   refused ? "let this user read and write it" : kCheckDisk));
}

std::string LayoutText(absl::string_view mark) {
  return absl::StrCat(mark, "\n");
}

// "a/b/" and "./a/b" as "/…/a/b", so that a parent is a parent.
absl::StatusOr<std::filesystem::path> Normalized(
    const std::filesystem::path& path) {
  std::error_code error;
  std::filesystem::path absolute =
      std::filesystem::absolute(path, error).lexically_normal();
  if (error) return PathError(error.value(), path);
  return absolute.has_filename() ? absolute : absolute.parent_path();
}

// Names in the directory, without "." and "..".
absl::StatusOr<std::vector<std::string>> NamesIn(
    const std::filesystem::path& path, rocksdb::Env& env) {
  std::vector<std::string> names;
  RETURN_IF_ERROR(
      ToStatus(env.GetChildren(path, &names), path.string(), kCheckDisk));
  std::erase_if(names,
                [](const auto& name) { return name == "." || name == ".."; });
  return names;
}

absl::StatusOr<std::string> ReadSmallFile(const std::filesystem::path& path,
                                          rocksdb::Env& env) {
  std::string text;
  RETURN_IF_ERROR(ToStatus(rocksdb::ReadFileToString(&env, path, &text),
                           path.string(), kCheckDisk));
  return text;
}

enum class State { kEmpty, kBegun, kComplete };

absl::Status UnknownLayout(const std::filesystem::path& path,
                           absl::string_view found, absl::string_view mark) {
  constexpr size_t shown_bytes_max = 64;
  const size_t line_bytes = std::min(found.find('\n'), shown_bytes_max);
  return absl::FailedPreconditionError(absl::StrCat(
      path.string(), ": found '", absl::CHexEscape(found.substr(0, line_bytes)),
      "', and this program supports '", mark,
      "'; use the program that wrote it, or migrate it"));
}

// How far the creation of an existing directory came.
//
// Errors: FAILED_PRECONDITION when it is not ours.
absl::StatusOr<State> Inspect(const std::filesystem::path& path,
                              absl::string_view mark, rocksdb::Env& env) {
  ASSIGN_OR_RETURN(const std::vector<std::string> names, NamesIn(path, env));
  State state = State::kEmpty;
  std::string stranger;
  for (const std::string& name : names) {
    if (name == kLayout) {
      ASSIGN_OR_RETURN(const std::string text,
                       ReadSmallFile(path / kLayout, env));
      if (text == LayoutText(mark)) return State::kComplete;
      return UnknownLayout(path / kLayout, text, mark);
    }
    if (name == kLayoutNew) {
      ASSIGN_OR_RETURN(const std::string text,
                       ReadSmallFile(path / kLayoutNew, env));
      if (text == LayoutText(mark)) state = State::kBegun;
    } else if (name != kLock) {
      stranger = name;
    }
  }
  if (state == State::kBegun || stranger.empty()) return state;
  return absl::FailedPreconditionError(
      absl::StrCat(path.string(), ": holds '", absl::CHexEscape(stranger),
                   "' and no LAYOUT, so it is no '", mark,
                   "' and is left alone; name an empty or absent directory"));
}

// Creates the directory when it is absent.
absl::Status MakeDirectory(const std::filesystem::path& path,
                           rocksdb::Env& env) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) {
    return ::access(path.c_str(), R_OK | W_OK | X_OK) == 0
               ? absl::OkStatus()
               : PathError(errno, path);
  }
  if (std::filesystem::exists(path, error)) {
    return absl::FailedPreconditionError(
        absl::StrCat(path.string(), ": is no directory; name another path"));
  }
  const std::filesystem::path parent = path.parent_path();
  if (::access(parent.c_str(), W_OK | X_OK) != 0) {
    if (errno != ENOENT && errno != ENOTDIR) return PathError(errno, parent);
    return absl::NotFoundError(absl::StrCat(
        parent.string(), ": there is no such directory; create it first"));
  }
  return ToStatus(env.CreateDirIfMissing(path), path.string(), kCheckDisk);
}

}  // namespace

absl::Status SyncDirectory(const std::filesystem::path& path,
                           rocksdb::Env& env) {
  std::unique_ptr<rocksdb::Directory> directory;
  RETURN_IF_ERROR(
      ToStatus(env.NewDirectory(path, &directory), path.string(), kCheckDisk));
  return ToStatus(directory->Fsync(), path.string(), kCheckDisk);
}

absl::StatusOr<std::unique_ptr<ClaimedDirectory>> ClaimedDirectory::Claim(
    const std::filesystem::path& path, absl::string_view mark,
    rocksdb::Env& env) {
  ASSIGN_OR_RETURN(std::filesystem::path normalized, Normalized(path));
  RETURN_IF_ERROR(MakeDirectory(normalized, env));
  // Looked at twice: before the lock file is created, because a directory that
  // is not ours must stay as it is; and under the lock, because another process
  // may have finished the creation meanwhile.
  RETURN_IF_ERROR(Inspect(normalized, mark, env).status());
  std::unique_ptr<ClaimedDirectory> claimed(
      new ClaimedDirectory(std::move(normalized), mark, env));
  RETURN_IF_ERROR(claimed->Lock());
  ASSIGN_OR_RETURN(const State state, Inspect(claimed->path_, mark, env));
  claimed->complete_ = state == State::kComplete;
  // What was begun is not begun again: a second write of LAYOUT.new that is cut
  // short would leave files without a mark.
  if (state == State::kEmpty) RETURN_IF_ERROR(claimed->BeginCreation());
  return claimed;
}

ClaimedDirectory::~ClaimedDirectory() {
  if (lock_descriptor_ >= 0) ::close(lock_descriptor_);
}

// flock(2) and not fcntl(2): it also keeps this process from opening the same
// directory twice, under any spelling of its path.
absl::Status ClaimedDirectory::Lock() {
  const std::filesystem::path lock = path_ / kLock;
  lock_descriptor_ = ::open(lock.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (lock_descriptor_ < 0) return PathError(errno, lock);
  if (::flock(lock_descriptor_, LOCK_EX | LOCK_NB) == 0) {
    return absl::OkStatus();
  }
  if (errno != EWOULDBLOCK) return PathError(errno, lock);
  return absl::FailedPreconditionError(
      absl::StrCat("another process uses ", path_.string(),
                   "; stop it, or name another directory"));
}

absl::Status ClaimedDirectory::BeginCreation() {
  const std::filesystem::path layout = path_ / kLayoutNew;
  RETURN_IF_ERROR(ToStatus(
      rocksdb::WriteStringToFile(&env_, LayoutText(mark_), layout, true),
      layout.string(), kCheckDisk));
  RETURN_IF_ERROR(SyncDirectory(path_, env_));
  return SyncDirectory(path_.parent_path(), env_);
}

absl::Status ClaimedDirectory::MarkComplete() {
  DAYBOOK_CHECK(!complete_);
  RETURN_IF_ERROR(SyncDirectory(path_, env_));
  RETURN_IF_ERROR(ToStatus(env_.RenameFile(path_ / kLayoutNew, path_ / kLayout),
                           (path_ / kLayout).string(), kCheckDisk));
  RETURN_IF_ERROR(SyncDirectory(path_, env_));
  complete_ = true;
  return absl::OkStatus();
}

}  // namespace daybook::storage
