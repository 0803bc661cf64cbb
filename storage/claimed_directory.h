// ClaimedDirectory: a directory that carries our mark and is locked while used.
//
//   LAYOUT      what the directory is and the version of its layout. Written
//               last, so a directory that has it was created completely.
//   LAYOUT.new  the same, while the directory is being created.
//   LOCK        empty; flock(2) on it is held by the one user.
//
// A directory that holds other things and no mark is not ours, and nothing in
// it is touched.
//
// Thread safety: Claim may be called from any thread; an object belongs to one.
//
// Bytes on disk: docs/formats/event_log.md.

#ifndef DAYBOOK_STORAGE_CLAIMED_DIRECTORY_H_
#define DAYBOOK_STORAGE_CLAIMED_DIRECTORY_H_

#include <filesystem>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace rocksdb {
class Env;
}  // namespace rocksdb

namespace daybook::storage {

class ClaimedDirectory {
 public:
  // Locks `path`, and makes it when absent. `mark` is what its LAYOUT must say,
  // such as "daybook event log, layout 7"; it and `env` must outlive the
  // object.
  //
  // Errors:
  //   NOT_FOUND            the parent is missing.
  //   FAILED_PRECONDITION  somebody else holds the lock, LAYOUT says something
  //                        else, or there are files that are not ours.
  //   PERMISSION_DENIED, UNAVAILABLE  the file system refused.
  static absl::StatusOr<std::unique_ptr<ClaimedDirectory>> Claim(
      const std::filesystem::path& path, absl::string_view mark,
      rocksdb::Env& env);

  ~ClaimedDirectory();
  ClaimedDirectory(const ClaimedDirectory&) = delete;
  ClaimedDirectory& operator=(const ClaimedDirectory&) = delete;

  // Absolute, without a slash at the end.
  const std::filesystem::path& path() const { return path_; }

  // False while the directory is being created: nothing in it was promised to
  // anybody yet.
  bool complete() const { return complete_; }

  // Makes everything in it durable by name and marks it as complete.
  //
  // Errors: UNAVAILABLE when the file system refused.
  absl::Status MarkComplete();

 private:
  ClaimedDirectory(std::filesystem::path path, absl::string_view mark,
                   rocksdb::Env& env)
      : path_(std::move(path)), mark_(mark), env_(env) {}

  absl::Status Lock();
  absl::Status BeginCreation();

  const std::filesystem::path path_;
  const absl::string_view mark_;
  rocksdb::Env& env_;
  int lock_descriptor_ = -1;
  bool complete_ = false;
};

// Makes the names in a directory durable.
//
// Errors: UNAVAILABLE when the file system refused.
absl::Status SyncDirectory(const std::filesystem::path& path,
                           rocksdb::Env& env);

}  // namespace daybook::storage

#endif  // DAYBOOK_STORAGE_CLAIMED_DIRECTORY_H_
