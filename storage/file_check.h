// CheckFiles: reads the files of a log that is open, and sums up every block of
// them.
//
// RocksDB verifies a block when somebody needs it, and a byte that nobody asks
// for may be wrong for years. This asks for all: tables, write-ahead logs, the
// manifest, and the runs of the index of hashes.
//
// Thread safety: a pure function on files; the log may be written to meanwhile.

#ifndef DAYBOOK_STORAGE_FILE_CHECK_H_
#define DAYBOOK_STORAGE_FILE_CHECK_H_

#include <cstdint>
#include <filesystem>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "storage/event_log.h"

namespace daybook::storage {

// A file that was read.
struct CheckedFile {
  std::filesystem::path path;
  // Of all files together, and of those that are read by now.
  uint64_t total_bytes = 0;
  uint64_t read_bytes = 0;
  // DATA_LOSS when it is damaged, UNAVAILABLE when it can not be read.
  absl::Status status;
};

// Reads the files of the log in `directory`, and calls `visit` after each,
// until it answers false. A file that is gone by the time it is read was
// replaced by others, and is passed by.
//
// Errors: UNAVAILABLE when the directory can not be read.
absl::Status CheckFiles(const std::filesystem::path& directory,
                        SharedResources& shared,
                        absl::FunctionRef<bool(const CheckedFile&)> visit);

}  // namespace daybook::storage

#endif  // DAYBOOK_STORAGE_FILE_CHECK_H_
