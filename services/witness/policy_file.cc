#include "services/witness/policy_file.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <string>

#include "absl/strings/str_cat.h"

namespace daybook::services {

absl::StatusOr<checkpoint::Policy> ReadPolicyFile(
    const std::filesystem::path& path) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  // One more than it may have tells that it is too long.
  std::string text(checkpoint::policy_bytes_max + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!file.is_open() || file.bad()) {
    return absl::NotFoundError(
        absl::StrCat(path.string(), ": ", std::strerror(errno)));
  }
  text.resize(static_cast<size_t>(file.gcount()));
  absl::StatusOr<checkpoint::Policy> policy = checkpoint::Policy::Parse(text);
  if (policy.ok()) return policy;
  return absl::InvalidArgumentError(
      absl::StrCat(path.string(), ": ", policy.status().message()));
}

}  // namespace daybook::services
