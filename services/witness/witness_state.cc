#include "services/witness/witness_state.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "core/base/check.h"
#include "core/base/status_macros.h"

namespace daybook::services {
namespace {

namespace fs = std::filesystem;

constexpr mode_t folder_mode = 0700;
constexpr mode_t file_mode = 0644;

absl::Status Refused(const fs::path& path) {
  return absl::UnavailableError(
      absl::StrCat(path.string(), ": ", std::strerror(errno),
                   "; make room, or let this user write there"));
}

// A file that is closed in the end.
class File {
 public:
  File(const fs::path& path, int flags)
      : number_(open(path.c_str(), flags | O_CLOEXEC, file_mode)) {}
  ~File() {
    if (number_ >= 0) close(number_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  int number() const { return number_; }

 private:
  const int number_;
};

absl::Status WriteSynced(const fs::path& path, absl::string_view bytes) {
  const File file(path, O_WRONLY | O_CREAT | O_TRUNC);
  if (file.number() < 0) return Refused(path);
  while (!bytes.empty()) {
    const ssize_t written = write(file.number(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return Refused(path);
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return fsync(file.number()) == 0 ? absl::OkStatus() : Refused(path);
}

absl::Status SyncFolder(const fs::path& folder) {
  const File file(folder, O_RDONLY | O_DIRECTORY);
  if (file.number() < 0 || fsync(file.number()) != 0) return Refused(folder);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<WitnessState>> WitnessState::Open(
    const fs::path& folder) {
  if (mkdir(folder.c_str(), folder_mode) == 0) {
    const fs::path whole = fs::absolute(folder).lexically_normal();
    RETURN_IF_ERROR(SyncFolder(
        (whole.has_filename() ? whole : whole.parent_path()).parent_path()));
  } else if (errno != EEXIST) {
    return Refused(folder);
  }
  const fs::path path = folder / "LOCK";
  const int lock = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, file_mode);
  if (lock < 0) return Refused(path);
  if (flock(lock, LOCK_EX | LOCK_NB) != 0) {
    close(lock);
    return absl::FailedPreconditionError(
        absl::StrCat(folder.string(),
                     ": another witness uses it; stop that one, or give "
                     "this one a folder of its own"));
  }
  return std::unique_ptr<WitnessState>(new WitnessState(folder, lock));
}

WitnessState::~WitnessState() { close(lock_); }

fs::path WitnessState::PathOf(absl::string_view origin_hash) const {
  return folder_ / absl::StrCat(origin_hash, ".checkpoint");
}

absl::StatusOr<std::optional<std::string>> WitnessState::Read(
    absl::string_view origin_hash) const {
  const fs::path path = PathOf(origin_hash);
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file.is_open() && errno == ENOENT) return std::nullopt;
  std::string note{std::istreambuf_iterator<char>(file), {}};
  if (!file.good() && !file.eof()) return Refused(path);
  return note;
}

absl::Status WitnessState::Write(absl::string_view origin_hash,
                                 absl::string_view note) {
  const fs::path path = PathOf(origin_hash);
  const fs::path beside = path.string() + ".tmp";
  RETURN_IF_ERROR(WriteSynced(beside, note));
  if (std::rename(beside.c_str(), path.c_str()) != 0) return Refused(path);
  return SyncFolder(folder_);
}

std::string WitnessState::HashOf(absl::string_view origin) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned size = 0;
  DAYBOOK_CHECK(EVP_Digest(origin.data(), origin.size(), digest.data(), &size,
                           EVP_sha256(), nullptr) == 1);
  return absl::BytesToHexString(
      {reinterpret_cast<const char*>(digest.data()), size});
}

}  // namespace daybook::services
