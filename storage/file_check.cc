#include "storage/file_check.h"

#include <algorithm>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "rocksdb/options.h"
#include "rocksdb/sst_file_reader.h"
#include "storage/hash_run.h"
#include "storage/log_options.h"
#include "storage/rocksdb_status.h"
#include "storage/shared_resources.h"
#include "storage/side_cursor_impl.h"
#include "storage/torn_tail.h"

namespace daybook::storage {
namespace {

namespace fs = std::filesystem;

enum class Kind { kTable, kRecords, kRun };

struct File {
  fs::path path;
  Kind kind = Kind::kTable;
  uint64_t bytes = 0;
};

absl::Status Refused(const fs::path& path, const std::error_code& error) {
  return absl::UnavailableError(
      absl::StrCat(path.string(), ": ", error.message(),
                   "; check the disk and the permissions, then try again"));
}

// The files of a directory whose names end so.
absl::Status ListInto(const fs::path& directory, absl::string_view ending,
                      Kind kind, std::vector<File>& files) {
  std::error_code error;
  for (fs::directory_iterator at(directory, error), end; !error && at != end;
       at.increment(error)) {
    if (!absl::EndsWith(at->path().filename().string(), ending)) continue;
    std::error_code gone;
    const uint64_t bytes = at->file_size(gone);
    if (!gone) files.push_back({at->path(), kind, bytes});
  }
  if (error == std::errc::no_such_file_or_directory) return absl::OkStatus();
  return error ? Refused(directory, error) : absl::OkStatus();
}

absl::StatusOr<std::vector<File>> ListFiles(const fs::path& directory,
                                            rocksdb::Env& env) {
  const fs::path database = directory / "rocksdb";
  std::vector<File> files;
  RETURN_IF_ERROR(ListInto(database, ".sst", Kind::kTable, files));
  RETURN_IF_ERROR(ListInto(database, ".log", Kind::kRecords, files));
  RETURN_IF_ERROR(ListInto(directory / "index", ".run", Kind::kRun, files));
  ASSIGN_OR_RETURN(const fs::path manifest, ManifestOf(database, env));
  std::error_code error;
  const uint64_t bytes = fs::file_size(manifest, error);
  if (!error) files.push_back({manifest, Kind::kRecords, bytes});
  std::sort(files.begin(), files.end(),
            [](const File& a, const File& b) { return a.path < b.path; });
  return files;
}

absl::Status CheckTable(const fs::path& path, SharedResources& shared) {
  const rocksdb::Options options(
      MakeDatabaseOptions(false, shared.impl()),
      MakeColumnFamilies(shared.impl()).front().options);
  rocksdb::SstFileReader table(options);
  rocksdb::Status status = table.Open(path);
  rocksdb::ReadOptions reading;
  reading.fill_cache = false;
  if (status.ok()) status = table.VerifyChecksum(reading);
  return ToStatus(status, path.string(), restore_log);
}

absl::Status CheckRun(const fs::path& path) {
  ASSIGN_OR_RETURN(const std::shared_ptr<const HashRun> run,
                   HashRun::Open(path));
  std::string pages(run_chunk_bytes, '\0');
  const uint64_t limit = run->shape().pages() - 1;
  for (uint64_t first = 0; first < limit; first += run_chunk_pages) {
    const auto count =
        static_cast<size_t>(std::min<uint64_t>(run_chunk_pages, limit - first));
    RETURN_IF_ERROR(run->ReadPages(first, count, pages.data()));
  }
  return absl::OkStatus();
}

absl::Status CheckFile(const File& file, SharedResources& shared) {
  switch (file.kind) {
    case Kind::kTable:
      return CheckTable(file.path, shared);
    case Kind::kRecords:
      return CheckRecords(file.path, *shared.impl().env);
    case Kind::kRun:
      return CheckRun(file.path);
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckFiles(const fs::path& directory, SharedResources& shared,
                        absl::FunctionRef<bool(const CheckedFile&)> visit) {
  ASSIGN_OR_RETURN(const std::vector<File> files,
                   ListFiles(directory, *shared.impl().env));
  CheckedFile checked;
  for (const File& file : files) checked.total_bytes += file.bytes;
  for (const File& file : files) {
    checked.path = file.path;
    checked.read_bytes += file.bytes;
    checked.status = CheckFile(file, shared);
    std::error_code error;
    if (!checked.status.ok() && !fs::exists(file.path, error)) continue;
    if (!visit(checked)) break;
  }
  return absl::OkStatus();
}

}  // namespace daybook::storage
