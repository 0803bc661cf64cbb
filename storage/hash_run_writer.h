// HashRunWriter: makes the file of a HashRun, from left to right and in bounded
// memory.
//
// The file has a temporary name until all of it is synced, so one with a proper
// name was written completely.
//
// Thread safety: thread-compatible.
//
// Bytes on disk: docs/formats/hash_run.md.

#ifndef DAYBOOK_STORAGE_HASH_RUN_WRITER_H_
#define DAYBOOK_STORAGE_HASH_RUN_WRITER_H_

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/base/strong_int.h"
#include "storage/hash_run_format.h"

namespace rocksdb {
class Env;
class WritableFile;
}  // namespace rocksdb

namespace daybook::storage {

// What a file is called while it is written.
inline constexpr char run_temporary_suffix[] = ".new";

class HashRunWriter {
 public:
  // Begins the file `path`. Of the shape, the positions and the digest are
  // given; there is at least one position. `env` must outlive the writer.
  //
  // Errors, of all methods: UNAVAILABLE when the file system refused. The
  // writer is of no use then; another may begin the same file again.
  static absl::StatusOr<std::unique_ptr<HashRunWriter>> Create(
      const std::filesystem::path& path, const RunShape& shape,
      rocksdb::Env& env);

  // Removes what is not finished.
  ~HashRunWriter();
  HashRunWriter(const HashRunWriter&) = delete;
  HashRunWriter& operator=(const HashRunWriter&) = delete;

  // Adds an entry; hashes ascend, and may be equal.
  absl::Status Add(uint64_t hash, Position position);

  // Makes the file durable under its name. All positions were added.
  absl::Status Finish();

 private:
  HashRunWriter(const std::filesystem::path& path, const RunShape& shape,
                rocksdb::Env& env);

  // The page that is being filled.
  char* Page() { return &buffer_[buffered_ * run_page_bytes]; }

  // Ends the page, and begins the next with zeros.
  absl::Status EndDataPage();
  absl::Status EndPage();
  absl::Status WriteBuffer();
  absl::Status WriteFilter();
  // Adds the hashes of a data page.
  absl::Status AddToFilter(const char* page);

  const std::filesystem::path path_;
  const std::string temporary_;
  rocksdb::Env& env_;
  RunShape shape_;
  std::unique_ptr<rocksdb::WritableFile> file_;
  bool finished_ = false;

  // Entries of the page that is being filled.
  uint32_t page_entries_ = 0;
  uint64_t entries_ = 0;
  uint64_t last_hash_ = 0;
  // Pages that were ended; those of them in the buffer come last.
  uint64_t pages_ = 0;
  size_t buffered_ = 0;
  std::string buffer_;
};

}  // namespace daybook::storage

#endif  // DAYBOOK_STORAGE_HASH_RUN_WRITER_H_
