#include "services/witness/key_file.h"

#include <fcntl.h>
#include <openssl/rand.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "core/base/status_macros.h"
#include "core/checkpoint/wipe.h"

namespace daybook::services {
namespace {

namespace fs = std::filesystem;

constexpr mode_t owner_only = S_IRUSR | S_IWUSR;
// Longer than any key.
constexpr size_t file_bytes_max = 1'024;

absl::Status PathError(const fs::path& path) {
  const std::string what =
      absl::StrCat(path.string(), ": ", std::strerror(errno));
  switch (errno) {
    case ENOENT:
      return absl::NotFoundError(what);
    case EEXIST:
      return absl::AlreadyExistsError(
          absl::StrCat(what, "; it was left as it is"));
    default:
      return absl::UnavailableError(what);
  }
}

absl::Status WriteAll(int file, const fs::path& path, absl::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(file, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return PathError(path);
    text.remove_prefix(static_cast<size_t>(written));
  }
  return fsync(file) == 0 ? absl::OkStatus() : PathError(path);
}

}  // namespace

absl::StatusOr<checkpoint::SignerKey> MakeWitnessKey(const fs::path& path,
                                                     absl::string_view name) {
  std::string drawn(checkpoint::ed25519_seed_bytes, '\0');
  const absl::Cleanup wipe_drawn = [&drawn] { checkpoint::Wipe(drawn); };
  if (RAND_priv_bytes(reinterpret_cast<unsigned char*>(drawn.data()),
                      static_cast<int>(drawn.size())) != 1) {
    return absl::InternalError("libcrypto gives no random numbers");
  }
  ASSIGN_OR_RETURN(auto seed, checkpoint::Ed25519Seed::FromBytes(drawn));
  ASSIGN_OR_RETURN(
      checkpoint::SignerKey key,
      checkpoint::SignerKey::Create(name, checkpoint::KeyType::kCosignature,
                                    std::move(seed)));
  const int file =
      open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, owner_only);
  if (file < 0) return PathError(path);
  const absl::Cleanup close_file = [file] { close(file); };
  std::string text = key.ToPrivateText();
  const absl::Cleanup wipe_text = [&text] { checkpoint::Wipe(text); };
  RETURN_IF_ERROR(WriteAll(file, path, text));
  RETURN_IF_ERROR(WriteAll(file, path, "\n"));
  return key;
}

absl::StatusOr<checkpoint::SignerKey> ReadWitnessKey(const fs::path& path) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return PathError(path);
  const absl::Cleanup close_file = [file] { close(file); };
  struct stat about = {};
  if (fstat(file, &about) != 0) return PathError(path);
  if ((about.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return absl::FailedPreconditionError(
        absl::StrCat(path.string(),
                     ": others than its owner may read this "
                     "key; chmod 600 it, and make a new one "
                     "when they may have"));
  }
  std::string text(file_bytes_max, '\0');
  const absl::Cleanup wipe_text = [&text] { checkpoint::Wipe(text); };
  const ssize_t got = read(file, text.data(), text.size());
  if (got < 0) return PathError(path);
  auto key = checkpoint::SignerKey::Parse(absl::StripSuffix(
      absl::string_view(text).substr(0, static_cast<size_t>(got)), "\n"));
  if (key.ok()) return key;
  return absl::FailedPreconditionError(absl::StrCat(
      path.string(), ": ", key.status().message(), "; make one with --keygen"));
}

}  // namespace daybook::services
