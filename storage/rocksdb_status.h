// ToStatus: the one place where RocksDB's errors become ours.
//
// Thread safety: may be called from any thread.

#ifndef DAYBOOK_STORAGE_ROCKSDB_STATUS_H_
#define DAYBOOK_STORAGE_ROCKSDB_STATUS_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace rocksdb {
class Status;
}  // namespace rocksdb

namespace daybook::storage {

// What to do when RocksDB says NoSpace.
inline constexpr char full_disk[] = "the disk is full: make room on it";

// OK for OK. `what` begins the message and names the file or position;
// `remedy` ends it.
//
//   DATA_LOSS            bytes fail their checksum, or a file is missing.
//   FAILED_PRECONDITION  written by a RocksDB whose format this one can not
//                        read.
//   RESOURCE_EXHAUSTED   the disk is full; the message says so instead of
//                        `remedy`.
//   UNAVAILABLE          the file system refused.
//   INTERNAL             anything else.
absl::Status ToStatus(const rocksdb::Status& status, absl::string_view what,
                      absl::string_view remedy);

// Of a file that is derived from others: UNAVAILABLE for any error, also where
// a file is missing, because nothing is lost.
absl::Status ToUnavailable(const rocksdb::Status& status,
                           absl::string_view path);

}  // namespace daybook::storage

#endif  // DAYBOOK_STORAGE_ROCKSDB_STATUS_H_
