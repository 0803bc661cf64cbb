#include "services/engine/random_bytes.h"

#include <sys/random.h>

#include <cerrno>
#include <cstring>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "core/base/check.h"

namespace daybook::services {

absl::StatusOr<std::string> RandomBytes(size_t count) {
  DAYBOOK_CHECK(count >= 1 && count <= random_bytes_max);
  std::string bytes(count, '\0');
  ssize_t got = 0;
  do {
    got = getrandom(bytes.data(), count, 0);
  } while (got < 0 && errno == EINTR);
  if (got < 0) {
    return absl::UnavailableError(absl::StrCat(
        "the system gave no random bytes: ", std::strerror(errno)));
  }
  DAYBOOK_CHECK(static_cast<size_t>(got) == count);
  return bytes;
}

}  // namespace daybook::services
