// CheckDiskRoom: whether a disk has room for more than what must be written.
//
// A log that runs into the end of its disk does not know what was kept of its
// last write. So appends are refused before: what stays free is for tables that
// are written from memory, for logs that are opened again, and for notes that
// reads make.
//
// Thread safety: may be called from any thread.

#ifndef DAYBOOK_STORAGE_DISK_ROOM_H_
#define DAYBOOK_STORAGE_DISK_ROOM_H_

#include <cstdint>
#include <filesystem>

#include "absl/status/status.h"

namespace rocksdb {
class Env;
}  // namespace rocksdb

namespace daybook::storage {

// Errors: RESOURCE_EXHAUSTED when fewer than `free_bytes_min` bytes are free
// on the disk of `directory`. A disk that does not say has room.
absl::Status CheckDiskRoom(const std::filesystem::path& directory,
                           uint64_t free_bytes_min, rocksdb::Env& env);

}  // namespace daybook::storage

#endif  // DAYBOOK_STORAGE_DISK_ROOM_H_
