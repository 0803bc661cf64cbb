// DataDirectory: the folder that a server keeps its ledgers in.
//
//   LOCK             held exclusively by the one process that uses the folder
//   LAYOUT           "daybook data directory, layout 1"
//   ledgers/430203/  one EventLog
//
// Ledgers open lazily, each at its first use, and stay open.
//
// Thread safety: all methods may be called from any thread.
//
// Bytes on disk: docs/formats/event_log.md.

#ifndef DAYBOOK_STORAGE_DATA_DIRECTORY_H_
#define DAYBOOK_STORAGE_DATA_DIRECTORY_H_

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "storage/event_log.h"

namespace daybook::storage {

struct DataDirectoryOptions {
  // What stays free on the disk, for each ledger; see EventLogOptions.
  uint64_t free_bytes_min = EventLogOptions().free_bytes_min;
};

class DataDirectory {
 public:
  // Opens the folder and locks it until destroyed. An absent or empty folder is
  // made into a data directory; its parent must exist.
  //
  // Errors (each message names the path and the remedy):
  //   NOT_FOUND            the parent is missing.
  //   FAILED_PRECONDITION  another process uses it, its layout is unknown, or
  //                        it holds other things and is no data directory.
  //   RESOURCE_EXHAUSTED   it is to be made, and the disk is full.
  //   PERMISSION_DENIED, UNAVAILABLE  the file system refused.
  static absl::StatusOr<std::unique_ptr<DataDirectory>> Open(
      const std::filesystem::path& path, DataDirectoryOptions options = {});

  ~DataDirectory();
  DataDirectory(const DataDirectory&) = delete;
  DataDirectory& operator=(const DataDirectory&) = delete;

  // Ids of the ledgers in it, in byte order.
  //
  // Errors: UNAVAILABLE when the folder can not be read.
  absl::StatusOr<std::vector<std::string>> ListLedgers() const;

  // The log of a ledger that exists, opened at its first use. It stays open,
  // and valid, as long as this object.
  //
  // Errors: NOT_FOUND when there is none; otherwise as EventLog::Open. A log
  // that failed to open is tried again at the next call.
  absl::StatusOr<EventLog*> OpenLedger(absl::string_view ledger_id);

  // Creates a log whose first entry is `genesis`. A creation that was cut short
  // by a crash is not listed, and is begun again here.
  // `ledger_id` must be 1 to 32 of [0-9A-Za-z-].
  //
  // Errors: ALREADY_EXISTS; INVALID_ARGUMENT for another id; otherwise as
  // EventLog::Open, CheckDiskRoom and Append.
  absl::StatusOr<EventLog*> CreateLedger(absl::string_view ledger_id,
                                         absl::string_view genesis);

 private:
  struct Impl;

  explicit DataDirectory(std::unique_ptr<Impl> impl);

  const std::unique_ptr<Impl> impl_;
};

}  // namespace daybook::storage

#endif  // DAYBOOK_STORAGE_DATA_DIRECTORY_H_
