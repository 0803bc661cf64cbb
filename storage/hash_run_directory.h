// HashRunDirectory: the files of an index, by name.
//
//   FIRST-LIMIT.run       a run of the positions [FIRST, LIMIT), 20 digits each
//   FIRST-LIMIT.run.new   one that is being written
//
// Thread safety: thread-compatible.
//
// Bytes on disk: docs/formats/hash_run.md.

#ifndef DAYBOOK_STORAGE_HASH_RUN_DIRECTORY_H_
#define DAYBOOK_STORAGE_HASH_RUN_DIRECTORY_H_

#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/base/strong_int.h"
#include "storage/hash_run.h"

namespace rocksdb {
class Env;
}  // namespace rocksdb

namespace daybook::storage {

// Runs that cover positions from 0 on, without gaps, in their order.
using HashRuns = std::vector<std::shared_ptr<const HashRun>>;

class HashRunDirectory {
 public:
  // `env` must outlive the object.
  HashRunDirectory(std::filesystem::path path, rocksdb::Env& env)
      : path_(std::move(path)), env_(env) {}

  // Creates the directory when it is missing.
  //
  // Errors, of all methods: UNAVAILABLE when the file system refused.
  absl::Status Create();

  // Opens the runs that continue each other from position 0 on and belong to a
  // log of `log_size` entries with these digests, and deletes all others, with
  // what was not written to its end. Errors of `digest_at` are passed on.
  absl::StatusOr<HashRuns> OpenRuns(
      LogSize log_size,
      absl::FunctionRef<absl::StatusOr<uint64_t>(Position)> digest_at);

  // Deletes all runs, also those that are written.
  absl::Status DeleteAll();

  absl::Status Delete(const HashRun& run);

  // Where the run of [first, limit) lies.
  std::filesystem::path PathOf(uint64_t first, uint64_t limit) const;

  rocksdb::Env& env() const { return env_; }

 private:
  absl::StatusOr<std::vector<std::filesystem::path>> Files() const;
  absl::Status DeleteFile(const std::filesystem::path& path);

  const std::filesystem::path path_;
  rocksdb::Env& env_;
};

}  // namespace daybook::storage

#endif  // DAYBOOK_STORAGE_HASH_RUN_DIRECTORY_H_
