#include "storage/data_directory.h"

#include <algorithm>
#include <map>
#include <system_error>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "core/base/status_macros.h"
#include "rocksdb/env.h"
#include "storage/claimed_directory.h"
#include "storage/disk_room.h"
#include "storage/rocksdb_status.h"
#include "storage/shared_resources.h"

namespace daybook::storage {
namespace {

constexpr absl::string_view kMark = "daybook data directory, layout 1";
constexpr char kLedgers[] = "ledgers";
constexpr size_t kLedgerIdBytesMax = 32;

// Ends the name of a ledger whose creation is not finished. No id has a dot.
constexpr absl::string_view kUnfinished = ".new";

constexpr absl::string_view kCheckDisk =
    "check the disk and the permissions, then try again";

bool IsLedgerId(absl::string_view id) {
  return !id.empty() && id.size() <= kLedgerIdBytesMax &&
         std::all_of(id.begin(), id.end(), [](char c) {
           return c == '-' ||
                  absl::ascii_isalnum(static_cast<unsigned char>(c));
         });
}

absl::Status FileError(const std::error_code& error,
                       const std::filesystem::path& path) {
  if (!error) return absl::OkStatus();
  return absl::Status(
      error == std::errc::permission_denied
          ? absl::StatusCode::kPermissionDenied
          : absl::StatusCode::kUnavailable,
      absl::StrCat(path.string(), ": ", error.message(), "; ", kCheckDisk));
}

}  // namespace

struct DataDirectory::Impl {
  // One ledger that was asked for. Never removed, so that opening one does not
  // keep others waiting.
  struct Slot {
    absl::Mutex mutex;
    std::unique_ptr<EventLog> log ABSL_GUARDED_BY(mutex);
  };

  Impl(std::unique_ptr<ClaimedDirectory> claimed, DataDirectoryOptions given)
      : options(given),
        directory(std::move(claimed)),
        ledgers(directory->path() / kLedgers) {}

  absl::Status Prepare();
  Slot& SlotOf(absl::string_view ledger_id);
  std::filesystem::path PathOf(absl::string_view ledger_id) const {
    return ledgers / std::string(ledger_id);
  }
  absl::StatusOr<std::unique_ptr<EventLog>> OpenAt(
      const std::filesystem::path& path) {
    EventLogOptions log;
    log.directory = path;
    log.free_bytes_min = options.free_bytes_min;
    return EventLog::Open(log, shared);
  }
  absl::Status Create(absl::string_view ledger_id, absl::string_view genesis);

  // Constant after Open.
  const DataDirectoryOptions options;
  SharedResources shared;
  const std::unique_ptr<ClaimedDirectory> directory;
  const std::filesystem::path ledgers;

  absl::Mutex mutex;
  std::map<std::string, std::unique_ptr<Slot>> slots ABSL_GUARDED_BY(mutex);
};

absl::Status DataDirectory::Impl::Prepare() {
  if (directory->complete()) return absl::OkStatus();
  RETURN_IF_ERROR(ToStatus(shared.impl().env->CreateDirIfMissing(ledgers),
                           ledgers.string(), kCheckDisk));
  return directory->MarkComplete();
}

DataDirectory::Impl::Slot& DataDirectory::Impl::SlotOf(
    absl::string_view ledger_id) {
  absl::MutexLock lock(&mutex);
  std::unique_ptr<Slot>& slot = slots[std::string(ledger_id)];
  if (slot == nullptr) slot = std::make_unique<Slot>();
  return *slot;
}

// Makes the log under another name, with its genesis, and renames it once that
// is durable: what is listed has a genesis. A creation that was cut short was
// never acknowledged, and is begun again from nothing.
absl::Status DataDirectory::Impl::Create(absl::string_view ledger_id,
                                         absl::string_view genesis) {
  rocksdb::Env& env = *shared.impl().env;
  RETURN_IF_ERROR(CheckDiskRoom(ledgers, options.free_bytes_min, env));
  const std::filesystem::path path = PathOf(ledger_id);
  const std::filesystem::path unfinished =
      PathOf(absl::StrCat(ledger_id, kUnfinished));
  std::error_code error;
  std::filesystem::remove_all(unfinished, error);
  RETURN_IF_ERROR(FileError(error, unfinished));
  {
    ASSIGN_OR_RETURN(const std::unique_ptr<EventLog> log, OpenAt(unfinished));
    RETURN_IF_ERROR(
        log->Append(LogSize(0), {std::string(genesis)}, {}).status());
  }
  RETURN_IF_ERROR(
      ToStatus(env.RenameFile(unfinished, path), path.string(), kCheckDisk));
  return SyncDirectory(ledgers, env);
}

absl::StatusOr<std::unique_ptr<DataDirectory>> DataDirectory::Open(
    const std::filesystem::path& path, DataDirectoryOptions options) {
  ASSIGN_OR_RETURN(
      std::unique_ptr<ClaimedDirectory> directory,
      ClaimedDirectory::Claim(path, kMark, *rocksdb::Env::Default()));
  auto impl = std::make_unique<Impl>(std::move(directory), options);
  RETURN_IF_ERROR(impl->Prepare());
  return std::unique_ptr<DataDirectory>(new DataDirectory(std::move(impl)));
}

DataDirectory::DataDirectory(std::unique_ptr<Impl> impl)
    : impl_(std::move(impl)) {}

DataDirectory::~DataDirectory() = default;

absl::StatusOr<std::vector<std::string>> DataDirectory::ListLedgers() const {
  std::vector<std::string> ids;
  std::error_code error;
  std::filesystem::directory_iterator child(impl_->ledgers, error);
  for (; !error && child != std::filesystem::directory_iterator();
       child.increment(error)) {
    std::string name = child->path().filename();
    if (IsLedgerId(name)) ids.push_back(std::move(name));
  }
  RETURN_IF_ERROR(FileError(error, impl_->ledgers));
  std::sort(ids.begin(), ids.end());
  return ids;
}

absl::StatusOr<EventLog*> DataDirectory::OpenLedger(
    absl::string_view ledger_id) {
  std::error_code error;
  if (!IsLedgerId(ledger_id) ||
      !std::filesystem::exists(impl_->PathOf(ledger_id), error)) {
    RETURN_IF_ERROR(FileError(error, impl_->ledgers));
    return absl::NotFoundError(
        absl::StrCat(impl_->ledgers.string(), ": there is no ledger '",
                     absl::CHexEscape(ledger_id.substr(0, kLedgerIdBytesMax)),
                     "'; create it first"));
  }
  Impl::Slot& slot = impl_->SlotOf(ledger_id);
  absl::MutexLock lock(&slot.mutex);
  if (slot.log == nullptr) {
    ASSIGN_OR_RETURN(slot.log, impl_->OpenAt(impl_->PathOf(ledger_id)));
  }
  return slot.log.get();
}

absl::StatusOr<EventLog*> DataDirectory::CreateLedger(
    absl::string_view ledger_id, absl::string_view genesis) {
  if (!IsLedgerId(ledger_id)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "'", absl::CHexEscape(ledger_id.substr(0, kLedgerIdBytesMax)),
        "' is no ledger id; use 1 to ", kLedgerIdBytesMax,
        " letters, digits and hyphens"));
  }
  const std::filesystem::path path = impl_->PathOf(ledger_id);
  Impl::Slot& slot = impl_->SlotOf(ledger_id);
  absl::MutexLock lock(&slot.mutex);
  std::error_code error;
  if (std::filesystem::exists(path, error)) {
    return absl::AlreadyExistsError(
        absl::StrCat(path.string(), ": the ledger '", ledger_id,
                     "' exists; open it, or choose another id"));
  }
  RETURN_IF_ERROR(FileError(error, path));
  RETURN_IF_ERROR(impl_->Create(ledger_id, genesis));
  ASSIGN_OR_RETURN(slot.log, impl_->OpenAt(path));
  return slot.log.get();
}

}  // namespace daybook::storage
