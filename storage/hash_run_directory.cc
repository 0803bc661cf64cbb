#include "storage/hash_run_directory.h"

#include <algorithm>
#include <string>
#include <tuple>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "core/base/status_macros.h"
#include "rocksdb/env.h"
#include "storage/claimed_directory.h"
#include "storage/hash_run_writer.h"
#include "storage/rocksdb_status.h"

namespace daybook::storage {
namespace {

constexpr char kSuffix[] = ".run";

// Whether a run is about the log: of [0, log_size), and ending in the entry
// that the log has there.
absl::StatusOr<bool> Belongs(
    const RunShape& shape, LogSize log_size,
    absl::FunctionRef<absl::StatusOr<uint64_t>(Position)> digest_at) {
  if (shape.limit > log_size.value()) return false;
  ASSIGN_OR_RETURN(const uint64_t digest, digest_at(Position(shape.limit - 1)));
  return digest == shape.digest;
}

}  // namespace

absl::Status HashRunDirectory::Create() {
  if (env_.FileExists(path_).ok()) return absl::OkStatus();
  RETURN_IF_ERROR(
      ToUnavailable(env_.CreateDirIfMissing(path_), path_.string()));
  return SyncDirectory(path_.parent_path(), env_);
}

std::filesystem::path HashRunDirectory::PathOf(uint64_t first,
                                               uint64_t limit) const {
  return path_ / absl::StrFormat("%020u-%020u%s", first, limit, kSuffix);
}

absl::StatusOr<std::vector<std::filesystem::path>> HashRunDirectory::Files()
    const {
  std::vector<std::string> names;
  RETURN_IF_ERROR(
      ToUnavailable(env_.GetChildren(path_, &names), path_.string()));
  std::vector<std::filesystem::path> files;
  for (const std::string& name : names) {
    if (absl::EndsWith(name, kSuffix) ||
        absl::EndsWith(name, absl::StrCat(kSuffix, run_temporary_suffix))) {
      files.push_back(path_ / name);
    }
  }
  return files;
}

absl::Status HashRunDirectory::DeleteFile(const std::filesystem::path& path) {
  return ToUnavailable(env_.DeleteFile(path), path.string());
}

absl::Status HashRunDirectory::Delete(const HashRun& run) {
  return DeleteFile(run.path());
}

absl::Status HashRunDirectory::DeleteAll() {
  ASSIGN_OR_RETURN(const std::vector<std::filesystem::path> files, Files());
  for (const std::filesystem::path& file : files) {
    RETURN_IF_ERROR(DeleteFile(file));
  }
  return SyncDirectory(path_, env_);
}

absl::StatusOr<HashRuns> HashRunDirectory::OpenRuns(
    LogSize log_size,
    absl::FunctionRef<absl::StatusOr<uint64_t>(Position)> digest_at) {
  ASSIGN_OR_RETURN(const std::vector<std::filesystem::path> files, Files());
  HashRuns sound;
  for (const std::filesystem::path& file : files) {
    absl::StatusOr<std::shared_ptr<const HashRun>> run =
        absl::DataLossError("not written to its end");
    if (file.extension() == kSuffix) run = HashRun::Open(file);
    if (!run.ok() && !absl::IsDataLoss(run.status())) return run.status();
    bool keep = false;
    if (run.ok() &&
        file == PathOf((*run)->shape().first, (*run)->shape().limit)) {
      ASSIGN_OR_RETURN(keep, Belongs((*run)->shape(), log_size, digest_at));
    }
    if (keep) {
      sound.push_back(*std::move(run));
    } else {
      RETURN_IF_ERROR(DeleteFile(file));
    }
  }
  // A merged run before those that it was made of.
  std::sort(sound.begin(), sound.end(), [](const auto& a, const auto& b) {
    return std::make_tuple(a->shape().first, b->shape().limit) <
           std::make_tuple(b->shape().first, a->shape().limit);
  });
  HashRuns runs;
  uint64_t size = 0;
  for (std::shared_ptr<const HashRun>& run : sound) {
    if (run->shape().first != size) {
      RETURN_IF_ERROR(Delete(*run));
      continue;
    }
    size = run->shape().limit;
    runs.push_back(std::move(run));
  }
  return runs;
}

}  // namespace daybook::storage
