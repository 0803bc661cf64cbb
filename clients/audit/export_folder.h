// ExportFolder: the files of an export, each put in place whole.
//
// A file is written beside the others, synced, and renamed: what has a name is
// complete, also after a loss of power, so an export that was broken off goes
// on where it stopped.
//
// Thread safety: Write may be called from any thread, for different paths.

#ifndef DAYBOOK_CLIENTS_AUDIT_EXPORT_FOLDER_H_
#define DAYBOOK_CLIENTS_AUDIT_EXPORT_FOLDER_H_

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"

namespace daybook::audit {

// Puts one file in place, whole or not at all.
//
// Errors: UNAVAILABLE when the disk refuses; what was there is still there.
absl::Status ReplaceFile(const std::filesystem::path& file,
                         absl::string_view bytes);

// Where files are written before they are renamed; left-overs mean nothing.
inline constexpr const char* unfinished_folder = ".unfinished";

class ExportFolder {
 public:
  // Makes the folder where there is none, takes a lock on it, and throws
  // unfinished files away.
  //
  // Errors: FAILED_PRECONDITION when it can not be made or written, or another
  // export is at it.
  static absl::StatusOr<std::unique_ptr<ExportFolder>> Open(
      const std::filesystem::path& path);
  ~ExportFolder();
  ExportFolder(const ExportFolder&) = delete;
  ExportFolder& operator=(const ExportFolder&) = delete;

  bool Has(const std::string& file) const;

  // Puts a file in place, or another in its place.
  //
  // Errors: UNAVAILABLE when the disk refuses; what was there is still there.
  absl::Status Write(const std::string& file, absl::string_view bytes);

  // Errors: UNAVAILABLE when the disk refuses.
  absl::Status Remove(const std::string& file);

  // Syncs the folders of all that was written, so that what is written next is
  // there only where this is.
  //
  // Errors: UNAVAILABLE when the disk refuses.
  absl::Status Sync();

 private:
  ExportFolder(std::filesystem::path path, int lock)
      : path_(std::move(path)), lock_(lock) {}

  const std::filesystem::path path_;
  const int lock_;
  std::atomic<uint64_t> next_name_{0};
  absl::Mutex mutex_;
  std::set<std::filesystem::path> written_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace daybook::audit

#endif  // DAYBOOK_CLIENTS_AUDIT_EXPORT_FOLDER_H_
