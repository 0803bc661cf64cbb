// Small files that a loss of power leaves as they were, or as they were to be.
//
// A file is written beside its place, synced, put there in one step, and the
// folder is synced: nobody ever reads half of it, and what was written before
// is not lost with it.
//
// Thread safety: may be called from any thread; one writer for each file at a
// time.

#ifndef DAYBOOK_SERVICES_PUBLISHER_DURABLE_FILE_H_
#define DAYBOOK_SERVICES_PUBLISHER_DURABLE_FILE_H_

#include <cstddef>
#include <filesystem>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace daybook::services {

// Errors of all, each naming the path:
//   RESOURCE_EXHAUSTED  the disk is full.
//   PERMISSION_DENIED   this user may not.
//   UNAVAILABLE         the file system refused; the file may or may not be
//                       what it was to be. The same may be done again.

// What a file holds, where it is at most `bytes_max` bytes.
//
// Errors: NOT_FOUND; DATA_LOSS when it is longer.
absl::StatusOr<std::string> ReadSmallFile(const std::filesystem::path& path,
                                          size_t bytes_max);

// Puts `content` in the place of the file, which only its owner may read.
absl::Status ReplaceFile(const std::filesystem::path& path,
                         absl::string_view content);

// The same of a file that is not there yet. Errors: ALREADY_EXISTS too.
absl::Status CreateFile(const std::filesystem::path& path,
                        absl::string_view content);

// Gives a file another name in its folder. Errors: NOT_FOUND; ALREADY_EXISTS.
absl::Status RenameFile(const std::filesystem::path& from,
                        const std::filesystem::path& to);

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_PUBLISHER_DURABLE_FILE_H_
