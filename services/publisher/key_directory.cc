#include "services/publisher/key_directory.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "core/base/status_macros.h"
#include "core/checkpoint/wipe.h"
#include "services/publisher/durable_file.h"

namespace daybook::services {
namespace {

namespace fs = std::filesystem;

// Of a file with a key, or with what was signed: more than either takes.
constexpr size_t file_bytes_max = 4'096;

constexpr mode_t folder_mode = S_IRWXU;
constexpr mode_t lock_mode = S_IRUSR | S_IWUSR;
constexpr mode_t others = S_IRWXG | S_IRWXO;

absl::Status SystemError(int error, const fs::path& path) {
  const std::string what =
      absl::StrCat(path.string(), ": ", std::strerror(error));
  switch (error) {
    case ENOENT:
      return absl::NotFoundError(what);
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

absl::StatusOr<int> Lock(const fs::path& folder) {
  const fs::path path = folder / "LOCK";
  const int lock = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, lock_mode);
  if (lock < 0) return SystemError(errno, path);
  if (flock(lock, LOCK_EX | LOCK_NB) == 0) return lock;
  const int error = errno;
  close(lock);
  if (error != EWOULDBLOCK) return SystemError(error, path);
  return absl::FailedPreconditionError(absl::StrCat(
      folder.string(), ": another process signs with these keys; stop it"));
}

// Others may neither read nor change it.
absl::Status CheckOwnerOnly(const fs::path& path) {
  struct stat found = {};
  if (stat(path.c_str(), &found) != 0) return SystemError(errno, path);
  if ((found.st_mode & others) == 0) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat(path.string(),
                   ": others than its owner may use this key; forbid it with: "
                   "chmod 600 ",
                   path.string(), ", and rotate the key if they may have"));
}

absl::StatusOr<checkpoint::SignerKey> ReadKeyFile(const fs::path& path) {
  RETURN_IF_ERROR(CheckOwnerOnly(path));
  ASSIGN_OR_RETURN(std::string text, ReadSmallFile(path, file_bytes_max));
  auto key = checkpoint::SignerKey::Parse(absl::StripSuffix(text, "\n"));
  checkpoint::Wipe(text);
  if (!key.ok()) {
    return absl::FailedPreconditionError(
        absl::StrCat(path.string(), ": ", key.status().message(),
                     "; put the ledger's key there, as keygen has written it"));
  }
  if (key->verifier().type() != checkpoint::KeyType::kEd25519) {
    return absl::FailedPreconditionError(absl::StrCat(
        path.string(), ": it is the key of a witness; put the ledger's there"));
  }
  return key;
}

}  // namespace

absl::StatusOr<std::unique_ptr<KeyDirectory>> KeyDirectory::Open(
    const fs::path& path, Use use) {
  std::error_code error;
  if (!fs::is_directory(path, error)) {
    return absl::NotFoundError(absl::StrCat(
        "there is no folder ", path.string(),
        "; make it and a key with: daybookd keygen --key_dir=", path.string(),
        " LEDGER"));
  }
  int lock = -1;
  if (use == Use::kSigning) {
    ASSIGN_OR_RETURN(lock, Lock(path));
  }
  return std::unique_ptr<KeyDirectory>(new KeyDirectory(path, lock));
}

absl::Status KeyDirectory::Make(const fs::path& path) {
  if (mkdir(path.c_str(), folder_mode) == 0 || errno == EEXIST) {
    return absl::OkStatus();
  }
  return SystemError(errno, path);
}

KeyDirectory::~KeyDirectory() {
  if (lock_ >= 0) close(lock_);
}

fs::path KeyDirectory::KeyPath(absl::string_view ledger_id,
                               KeyRole role) const {
  return path_ /
         absl::StrCat(ledger_id, role == KeyRole::kNext ? ".next.key" : ".key");
}

fs::path KeyDirectory::SignedPath(absl::string_view ledger_id) const {
  return path_ / absl::StrCat(ledger_id, ".signed");
}

absl::StatusOr<checkpoint::SignerKey> KeyDirectory::ReadKey(
    absl::string_view ledger_id, KeyRole role) const {
  return ReadKeyFile(KeyPath(ledger_id, role));
}

absl::StatusOr<std::vector<checkpoint::SignerKey>> KeyDirectory::ReadRetired(
    absl::string_view ledger_id) const {
  std::vector<checkpoint::SignerKey> keys;
  std::error_code error;
  for (fs::directory_iterator file(path_, error), end; !error && file != end;
       file.increment(error)) {
    const std::string name = file->path().filename().string();
    // An id has no dots.
    if (!absl::StartsWith(name, absl::StrCat(ledger_id, ".")) ||
        !absl::EndsWith(name, ".retired.key")) {
      continue;
    }
    ASSIGN_OR_RETURN(checkpoint::SignerKey key, ReadKeyFile(file->path()));
    keys.push_back(std::move(key));
  }
  if (error) return SystemError(error.value(), path_);
  return keys;
}
absl::Status KeyDirectory::CreateKey(absl::string_view ledger_id, KeyRole role,
                                     const checkpoint::SignerKey& key) {
  std::string text = key.ToPrivateText();
  text.push_back('\n');
  absl::Status created = CreateFile(KeyPath(ledger_id, role), text);
  checkpoint::Wipe(text);
  return created;
}

absl::Status KeyDirectory::Retire(absl::string_view ledger_id,
                                  checkpoint::KeyId id) {
  return RenameFile(KeyPath(ledger_id, KeyRole::kCurrent),
                    path_ / absl::StrCat(ledger_id, ".",
                                         absl::Hex(id.value(), absl::kZeroPad8),
                                         ".retired.key"));
}

absl::Status KeyDirectory::Advance(absl::string_view ledger_id) {
  return RenameFile(KeyPath(ledger_id, KeyRole::kNext),
                    KeyPath(ledger_id, KeyRole::kCurrent));
}

absl::StatusOr<std::optional<checkpoint::Checkpoint>> KeyDirectory::ReadSigned(
    absl::string_view ledger_id) const {
  const fs::path path = SignedPath(ledger_id);
  const absl::StatusOr<std::string> text = ReadSmallFile(path, file_bytes_max);
  if (absl::IsNotFound(text.status())) {
    return std::optional<checkpoint::Checkpoint>();
  }
  if (!text.ok() && !absl::IsDataLoss(text.status())) return text.status();
  const absl::StatusOr<checkpoint::Checkpoint> found =
      text.ok() ? checkpoint::ParseCheckpoint(*text) : text.status();
  if (found.ok()) return std::optional<checkpoint::Checkpoint>(*found);
  return absl::FailedPreconditionError(absl::StrCat(
      path.string(),
      ": what was signed last can not be read: ", found.status().message(),
      "; give the last known checkpoint with: daybookd adopt --key_dir=",
      path_.string(), " ", ledger_id, " CHECKPOINT_FILE"));
}

absl::Status KeyDirectory::WriteSigned(
    absl::string_view ledger_id, const checkpoint::Checkpoint& checkpoint) {
  ASSIGN_OR_RETURN(const std::string text,
                   checkpoint::FormatCheckpoint(checkpoint));
  absl::Status written = ReplaceFile(SignedPath(ledger_id), text);
  if (!absl::IsNotFound(written)) return written;
  return absl::UnavailableError(
      absl::StrCat(written.message(), "; put the key directory back"));
}

absl::Status CheckNotBehind(const KeyDirectory& keys,
                            absl::string_view ledger_id,
                            absl::string_view origin, LogSize size) {
  const auto last = keys.ReadSigned(ledger_id);
  // Whoever signs says what is wrong with it.
  if (!last.ok() || !last->has_value() || (*last)->origin != origin ||
      (*last)->head.size <= size) {
    return absl::OkStatus();
  }
  return absl::DataLossError(absl::StrCat(
      "ledgers/", ledger_id, " has ", size.value(), " entries, and ",
      (*last)->head.size.value(),
      " were signed: the data directory is an older copy, or lost entries. "
      "Append what it lacks with: daybookd recover --data_dir=DIR --key_dir=",
      keys.path().string(), " ", ledger_id,
      " EXPORT_DIR; to read it as it is, start daybookd with --read_only"));
}

absl::Status CheckApart(const fs::path& keys, const fs::path& data) {
  std::error_code error;
  const fs::path inner = fs::weakly_canonical(fs::absolute(keys), error);
  const fs::path outer = fs::weakly_canonical(fs::absolute(data), error);
  // "a/b/" ends with an empty part.
  const auto end =
      outer.filename().empty() ? std::prev(outer.end()) : outer.end();
  const bool within =
      std::mismatch(outer.begin(), end, inner.begin(), inner.end()).first ==
      end;
  if (!within) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      "--key_dir: ", keys.string(), " is within the data directory ",
      data.string(),
      "; put it elsewhere, so that no backup of the data holds the keys and "
      "what they have signed"));
}

}  // namespace daybook::services
