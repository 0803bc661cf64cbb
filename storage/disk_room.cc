#include "storage/disk_room.h"

#include "absl/strings/str_cat.h"
#include "rocksdb/env.h"

namespace daybook::storage {

absl::Status CheckDiskRoom(const std::filesystem::path& directory,
                           uint64_t free_bytes_min, rocksdb::Env& env) {
  constexpr int mib_shift = 20;
  uint64_t free_bytes = 0;
  if (!env.GetFreeSpace(directory, &free_bytes).ok()) return absl::OkStatus();
  if (free_bytes >= free_bytes_min) return absl::OkStatus();
  return absl::ResourceExhaustedError(absl::StrCat(
      "nothing was recorded: the disk is full; of ",
      free_bytes_min >> mib_shift, " MiB that stay free on the disk of ",
      directory.string(), " ", free_bytes >> mib_shift,
      " are left; make room on it, then retry"));
}

}  // namespace daybook::storage
