#include "storage/rocksdb_status.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "rocksdb/status.h"

namespace daybook::storage {
namespace {

absl::StatusCode CodeOf(const rocksdb::Status& status) {
  switch (status.code()) {
    case rocksdb::Status::kOk:
      return absl::StatusCode::kOk;
    case rocksdb::Status::kCorruption:
      return absl::StatusCode::kDataLoss;
    case rocksdb::Status::kNotSupported:
      return absl::StatusCode::kFailedPrecondition;
    case rocksdb::Status::kIOError:
      if (status.IsNoSpace()) return absl::StatusCode::kResourceExhausted;
      return status.subcode() == rocksdb::Status::kPathNotFound
                 ? absl::StatusCode::kDataLoss
                 : absl::StatusCode::kUnavailable;
    case rocksdb::Status::kIncomplete:
    case rocksdb::Status::kShutdownInProgress:
    case rocksdb::Status::kTimedOut:
    case rocksdb::Status::kAborted:
    case rocksdb::Status::kBusy:
    case rocksdb::Status::kTryAgain:
      return absl::StatusCode::kUnavailable;
    default:
      return absl::StatusCode::kInternal;
  }
}

}  // namespace

absl::Status ToStatus(const rocksdb::Status& status, absl::string_view what,
                      absl::string_view remedy) {
  if (status.ok()) return absl::OkStatus();
  const std::string after = status.IsNoSpace()
                                ? absl::StrCat(full_disk, ", then try again")
                                : std::string(remedy);
  return absl::Status(CodeOf(status),
                      absl::StrCat(what, ": ", status.ToString(), "; ", after));
}

absl::Status ToUnavailable(const rocksdb::Status& status,
                           absl::string_view path) {
  if (status.ok()) return absl::OkStatus();
  return absl::UnavailableError(
      absl::StrCat(path, ": ", status.ToString(),
                   "; check the disk and the permissions, then try again"));
}

}  // namespace daybook::storage
