#include "storage/event_log.h"

#include <atomic>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "core/base/check.h"
#include "core/base/status_macros.h"
#include "rocksdb/db.h"
#include "rocksdb/transaction_log.h"
#include "rocksdb/write_batch.h"
#include "storage/claimed_directory.h"
#include "storage/disk_room.h"
#include "storage/entry_block.h"
#include "storage/file_check.h"
#include "storage/log_batch.h"
#include "storage/log_options.h"
#include "storage/number_codec.h"
#include "storage/purge.h"
#include "storage/rocksdb_status.h"
#include "storage/shared_resources.h"
#include "storage/side_cursor_impl.h"
#include "storage/torn_tail.h"

namespace daybook::storage {
namespace {

constexpr absl::string_view kMark = "daybook event log, layout 7";
constexpr char kDatabase[] = "rocksdb";
constexpr char kIndex[] = "index";
constexpr char kGenerationKey[] = "generation";

// A scan longer than this does not push everything else out of the cache.
constexpr uint64_t kCachedScanMax = 4'096;

// Whether it can be made anew from the entries.
bool IsDerived(Space space) {
  return space == Space::kLineage || space == Space::kNextLineage ||
         space == Space::kFact || space == Space::kNextFact;
}

std::string DescribeKey(const std::optional<uint64_t>& number) {
  return number.has_value() ? absl::StrCat(*number) : "a malformed key";
}

}  // namespace

struct EventLog::Impl {
  Impl(EventLogOptions given, std::unique_ptr<ClaimedDirectory> claimed,
       SharedResources& shared_by_all)
      : options(std::move(given)),
        directory(std::move(claimed)),
        shared(shared_by_all) {}
  ~Impl();

  absl::Status OpenDatabase();
  absl::Status FindSize();
  absl::Status FindGeneration();
  // A number of the meta family; 0 when it was never written.
  absl::StatusOr<uint64_t> ReadNumber(const char* key) const;
  absl::Status CheckEnds(uint64_t stated_size) const;
  absl::Status CheckEntries(const std::vector<std::string>& entries) const;
  LogBatch BatchOf(const std::vector<std::string>& entries,
                   const std::vector<SideWrite>& side_writes) const {
    return {size.load(std::memory_order_acquire), entries, side_writes,
            families, generation.load()};
  }
  // One synced write of all this.
  absl::Status Commit(const std::vector<std::string>& entries,
                      const std::vector<SideWrite>& side_writes)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(append_mutex);
  absl::Status Write(rocksdb::WriteBatch& batch)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(append_mutex);
  // Begins to flush the write buffers; false when the log is being written to.
  bool FlushWhileResting() ABSL_LOCKS_EXCLUDED(append_mutex);
  void BeginFlush() ABSL_EXCLUSIVE_LOCKS_REQUIRED(append_mutex);
  rocksdb::ColumnFamilyHandle* HandleOf(Space space) const {
    return families[FamilyOf(space, generation.load())];
  }

  // "/data/ledgers/430203: entry 7".
  std::string Describe(uint64_t position) const {
    return absl::StrCat(directory->path().string(), ": entry ", position);
  }

  // Constant after Open.
  const EventLogOptions options;
  const std::unique_ptr<ClaimedDirectory> directory;
  SharedResources& shared;
  std::vector<rocksdb::ColumnFamilyHandle*> families;
  std::unique_ptr<rocksdb::DB> db;

  // Written only by Append, after the sync; read by anyone.
  std::atomic<uint64_t> size{0};
  // Written only by SwitchGeneration, after the sync.
  std::atomic<uint64_t> generation{0};

  absl::Mutex append_mutex;
  // The first failure; OK until then.
  absl::Status append_failure ABSL_GUARDED_BY(append_mutex);
  std::optional<SharedBuffers::Share> buffers;
};

EventLog::Impl::~Impl() {
  buffers.reset();
  for (rocksdb::ColumnFamilyHandle* family : families) {
    db->DestroyColumnFamilyHandle(family);
  }
  // The result does not matter: all that was acknowledged is synced.
  if (db != nullptr) db->Close().PermitUncheckedError();
}

absl::Status EventLog::Impl::OpenDatabase() {
  const std::filesystem::path path = directory->path() / kDatabase;
  const bool create = !directory->complete();
  if (!create) RETURN_IF_ERROR(CutTornTail(path, *shared.impl().env));
  rocksdb::DB* opened = nullptr;
  const rocksdb::Status status =
      rocksdb::DB::Open(MakeDatabaseOptions(create, shared.impl()), path,
                        MakeColumnFamilies(shared.impl()), &families, &opened);
  db.reset(opened);
  // How RocksDB says that CURRENT or a column family is missing.
  if (status.IsInvalidArgument()) {
    return absl::DataLossError(absl::StrCat(
        path.string(), ": ", status.ToString(), "; ", restore_log));
  }
  return ToStatus(status, path.string(), restore_log);
}

absl::StatusOr<uint64_t> EventLog::Impl::ReadNumber(const char* key) const {
  std::string row;
  const rocksdb::Status status =
      db->Get(rocksdb::ReadOptions(), families[kMetaFamily], key, &row);
  if (status.IsNotFound()) return 0;
  RETURN_IF_ERROR(ToStatus(
      status, absl::StrCat(directory->path().string(), ": the ", key, " row"),
      restore_log));
  const std::optional<uint64_t> number = DecodeNumber(row);
  if (number.has_value()) return *number;
  return absl::DataLossError(absl::StrCat(directory->path().string(), ": the ",
                                          key, " row has ", row.size(),
                                          " bytes, not 8; ", restore_log));
}

absl::Status EventLog::Impl::FindSize() {
  ASSIGN_OR_RETURN(const uint64_t stated, ReadNumber(size_key));
  RETURN_IF_ERROR(CheckEnds(stated));
  size.store(stated, std::memory_order_release);
  return absl::OkStatus();
}

absl::Status EventLog::Impl::FindGeneration() {
  ASSIGN_OR_RETURN(const uint64_t stated, ReadNumber(kGenerationKey));
  generation.store(stated);
  return absl::OkStatus();
}

// Entries in between are checked by whoever scans them: opening costs the same
// whatever the size.
absl::Status EventLog::Impl::CheckEnds(uint64_t stated_size) const {
  const std::unique_ptr<rocksdb::Iterator> row(
      db->NewIterator(rocksdb::ReadOptions(), families[kEntriesFamily]));
  std::string found = "none";
  row->SeekToFirst();
  if (row->Valid()) {
    const std::optional<uint64_t> first = DecodeNumber(row->key());
    row->SeekToLast();
    if (row->Valid()) {
      std::optional<uint64_t> end = DecodeNumber(row->key());
      const std::optional<uint64_t> count = CountInBlock(
          absl::string_view(row->value().data(), row->value().size()));
      if (end.has_value()) *end += count.value_or(0);
      if (first == 0 && count.has_value() && end == stated_size) {
        return absl::OkStatus();
      }
      found =
          absl::StrCat(DescribeKey(first), " up to before ", DescribeKey(end));
    }
  }
  RETURN_IF_ERROR(ToStatus(
      row->status(), absl::StrCat(directory->path().string(), ": the entries"),
      restore_log));
  if (stated_size == 0 && found == "none") return absl::OkStatus();
  return absl::DataLossError(
      absl::StrCat(directory->path().string(), ": the size row says ",
                   stated_size, " entries, found ", found, "; ", restore_log));
}

absl::StatusOr<std::unique_ptr<EventLog>> EventLog::Open(
    const EventLogOptions& options, SharedResources& shared) {
  ASSIGN_OR_RETURN(
      std::unique_ptr<ClaimedDirectory> directory,
      ClaimedDirectory::Claim(options.directory, kMark, *shared.impl().env));
  auto impl = std::make_unique<Impl>(options, std::move(directory), shared);
  RETURN_IF_ERROR(impl->OpenDatabase());
  RETURN_IF_ERROR(impl->FindSize());
  RETURN_IF_ERROR(impl->FindGeneration());
  impl->buffers.emplace(shared.impl().write_buffers, [log = impl.get()] {
    return log->FlushWhileResting();
  });
  if (!impl->directory->complete()) {
    RETURN_IF_ERROR(impl->directory->MarkComplete());
  }
  return std::unique_ptr<EventLog>(new EventLog(std::move(impl)));
}

EventLog::EventLog(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

EventLog::~EventLog() = default;

absl::Status EventLog::Impl::CheckEntries(
    const std::vector<std::string>& entries) const {
  const std::string path = directory->path().string();
  if (entries.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, ": no entries to append; give at least one"));
  }
  if (entries.size() > options.entries_max) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, ": ", entries.size(), " entries, at most ",
                     options.entries_max, " at once; split them"));
  }
  for (size_t i = 0; i < entries.size(); ++i) {
    if (entries[i].size() <= options.entry_bytes_max) continue;
    return absl::InvalidArgumentError(absl::StrCat(
        path, ": entry ", i, " of the append has ", entries[i].size(),
        " bytes, at most ", options.entry_bytes_max, "; shorten it"));
  }
  return absl::OkStatus();
}

absl::Status EventLog::CheckDiskRoom() const {
  return storage::CheckDiskRoom(impl_->directory->path(),
                                impl_->options.free_bytes_min,
                                *impl_->shared.impl().env);
}

absl::StatusOr<Position> EventLog::Append(
    LogSize expected_size, const std::vector<std::string>& entries,
    const std::vector<SideWrite>& side_writes) {
  RETURN_IF_ERROR(impl_->CheckEntries(entries));
  absl::MutexLock lock(&impl_->append_mutex);
  const LogSize size = this->size();
  if (size != expected_size) {
    return absl::AbortedError(
        absl::StrCat(impl_->directory->path().string(), ": the size is ",
                     size.value(), ", not ", expected_size.value(),
                     "; read the new entries, decide again, retry"));
  }
  RETURN_IF_ERROR(impl_->Commit(entries, side_writes));
  return NextPosition(size);
}

absl::Status EventLog::WriteSide(const std::vector<SideWrite>& side_writes) {
  absl::MutexLock lock(&impl_->append_mutex);
  return impl_->Commit({}, side_writes);
}

absl::Status EventLog::Impl::Commit(const std::vector<std::string>& entries,
                                    const std::vector<SideWrite>& side_writes) {
  const LogBatch what = BatchOf(entries, side_writes);
  rocksdb::WriteBatch batch(BatchBytes(what));
  const rocksdb::Status filled = FillBatch(what, batch);
  DAYBOOK_CHECK(filled.ok());
  RETURN_IF_ERROR(Write(batch));
  size.store(what.first + entries.size(), std::memory_order_release);
  return absl::OkStatus();
}

absl::Status EventLog::Impl::Write(rocksdb::WriteBatch& batch) {
  RETURN_IF_ERROR(append_failure);
  const rocksdb::Status status = db->Write(DurableWrite(), &batch);
  if (status.ok()) {
    buffers->Wrote();
    return absl::OkStatus();
  }
  append_failure = absl::UnavailableError(absl::StrCat(
      Describe(size.load(std::memory_order_acquire)), ": ", status.ToString(),
      "; whether it was kept is unknown, and nothing more is accepted: ",
      status.IsNoSpace() ? full_disk : "check the disk",
      ", then open the log again"));
  return append_failure;
}

bool EventLog::Impl::FlushWhileResting() {
  if (!append_mutex.TryLock()) return false;
  BeginFlush();
  append_mutex.Unlock();
  return true;
}

void EventLog::Impl::BeginFlush() {
  rocksdb::FlushOptions how;
  how.wait = false;
  how.allow_write_stall = true;
  // Behind a write that failed there must be no newer write-ahead log. When
  // this fails, the next write says so.
  if (append_failure.ok()) {
    db->Flush(how, families).PermitUncheckedError();
  }
}

absl::StatusOr<bool> EventLog::HoldsDeleted() const {
  bool holds = false;
  RETURN_IF_ERROR(ToStatus(
      storage::HoldsDeleted(*impl_->db, *impl_->HandleOf(Space::kPersonal),
                            &holds),
      absl::StrCat(impl_->directory->path().string(), ": personal data"),
      restore_log));
  return holds;
}

absl::Status EventLog::PurgeDeleted(std::vector<std::string> keys,
                                    const std::atomic<bool>& stopped) {
  std::unique_ptr<rocksdb::LogFile> log;
  rocksdb::Status status;
  {
    absl::MutexLock lock(&impl_->append_mutex);
    RETURN_IF_ERROR(impl_->append_failure);
    impl_->BeginFlush();
    status = impl_->db->GetCurrentWalFile(&log);
  }
  if (status.ok()) {
    status = Purge(*impl_->db, *impl_->HandleOf(Space::kPersonal),
                   log->LogNumber(), std::move(keys), stopped);
  }
  if (stopped) return absl::CancelledError("the log is being closed");
  return ToStatus(
      status,
      absl::StrCat(impl_->directory->path().string(), ": personal data"),
      "restart daybookd, which tries again");
}

absl::Status EventLog::ClearSide(Space space, absl::string_view first,
                                 absl::string_view limit) {
  DAYBOOK_CHECK(IsDerived(space));
  rocksdb::WriteBatch batch;
  absl::MutexLock lock(&impl_->append_mutex);
  const rocksdb::Status filled = batch.DeleteRange(
      impl_->HandleOf(space), rocksdb::Slice(first.data(), first.size()),
      rocksdb::Slice(limit.data(), limit.size()));
  DAYBOOK_CHECK(filled.ok());
  return impl_->Write(batch);
}

absl::Status EventLog::SwitchGeneration(
    const std::vector<SideWrite>& side_writes) {
  absl::MutexLock lock(&impl_->append_mutex);
  const uint64_t next = impl_->generation.load() + 1;
  rocksdb::WriteBatch batch;
  rocksdb::Status filled = FillBatch(impl_->BatchOf({}, side_writes), batch);
  DAYBOOK_CHECK(filled.ok());
  filled = batch.Put(impl_->families[kMetaFamily], kGenerationKey,
                     EncodeNumber(next));
  DAYBOOK_CHECK(filled.ok());
  RETURN_IF_ERROR(impl_->Write(batch));
  impl_->generation.store(next);
  return absl::OkStatus();
}

uint64_t EventLog::generation() const { return impl_->generation.load(); }

absl::Status EventLog::Scan(
    Position first, Position limit,
    absl::FunctionRef<absl::Status(Position, absl::string_view)> visit) const {
  if (limit.value() > size().value()) {
    return absl::OutOfRangeError(absl::StrCat(
        impl_->directory->path().string(), ": scan to ", limit.value(),
        ", the size is ", size().value(), "; scan no further than that"));
  }
  const std::string limit_key = EncodeNumber(limit.value());
  const rocksdb::Slice upper_bound = limit_key;
  rocksdb::ReadOptions options;
  options.iterate_upper_bound = &upper_bound;
  options.fill_cache =
      limit <= first || limit.value() - first.value() <= kCachedScanMax;
  if (first >= limit) return absl::OkStatus();
  const std::unique_ptr<rocksdb::Iterator> row(
      impl_->db->NewIterator(options, impl_->families[kEntriesFamily]));
  uint64_t expected = first.value();
  for (row->SeekForPrev(EncodeNumber(expected));
       expected < limit.value() && row->Valid(); row->Next()) {
    std::optional<uint64_t> position = DecodeNumber(row->key());
    if (!position.has_value() || *position > expected) break;
    BlockReader block(
        absl::string_view(row->value().data(), row->value().size()));
    for (; expected < limit.value(); ++*position) {
      const std::optional<absl::string_view> entry = block.Next();
      if (!entry.has_value()) break;
      if (*position < expected) continue;
      RETURN_IF_ERROR(visit(Position(expected), *entry));
      ++expected;
    }
    // The row behind need not be read; or it is not where it must be.
    if (expected >= limit.value() || *position != expected) break;
  }
  RETURN_IF_ERROR(
      ToStatus(row->status(), impl_->Describe(expected), restore_log));
  if (expected >= limit.value()) return absl::OkStatus();
  return absl::DataLossError(
      absl::StrCat(impl_->Describe(expected), " is missing; ", restore_log));
}

absl::StatusOr<std::string> EventLog::Read(Position position) const {
  if (position.value() >= size().value()) {
    return absl::OutOfRangeError(absl::StrCat(
        impl_->Describe(position.value()), " is asked for, the size is ",
        size().value(), "; ask for an earlier one"));
  }
  std::string found;
  RETURN_IF_ERROR(Scan(position, Position(position.value() + 1),
                       [&found](Position, absl::string_view entry) {
                         found = std::string(entry);
                         return absl::OkStatus();
                       }));
  return found;
}

absl::Status EventLog::Check(
    absl::FunctionRef<bool(const CheckedFile&)> visit) const {
  return CheckFiles(impl_->directory->path(), impl_->shared, visit);
}

absl::StatusOr<std::unique_ptr<HashIndex>> EventLog::OpenIndex(
    HashIndex::DigestAt digest_at) {
  HashIndexOptions options;
  options.directory = impl_->directory->path() / kIndex;
  return HashIndex::Open(options, impl_->shared, size(), std::move(digest_at));
}

absl::StatusOr<std::vector<std::optional<std::string>>> EventLog::ReadSide(
    Space space, const std::vector<std::string>& keys) const {
  const std::vector<rocksdb::Slice> slices(keys.begin(), keys.end());
  std::vector<rocksdb::PinnableSlice> found;
  std::vector<rocksdb::Status> statuses;
  rocksdb::ColumnFamilyHandle* family = nullptr;
  // What was switched away from may be empty already.
  while (family != impl_->HandleOf(space)) {
    family = impl_->HandleOf(space);
    found = std::vector<rocksdb::PinnableSlice>(keys.size());
    statuses = std::vector<rocksdb::Status>(keys.size());
    impl_->db->MultiGet(rocksdb::ReadOptions(), family, keys.size(),
                        slices.data(), found.data(), statuses.data());
  }
  std::vector<std::optional<std::string>> values(keys.size());
  for (size_t i = 0; i < keys.size(); ++i) {
    if (statuses[i].IsNotFound()) continue;
    RETURN_IF_ERROR(
        ToStatus(statuses[i],
                 absl::StrCat(impl_->directory->path().string(),
                              ": side table '", family->GetName(), "'"),
                 restore_log));
    values[i].emplace(found[i].data(), found[i].size());
  }
  return values;
}

std::unique_ptr<SideCursor> EventLog::NewCursor(Space space) const {
  rocksdb::ColumnFamilyHandle* family = nullptr;
  auto cursor = std::make_unique<SideCursor::Impl>();
  // What was switched away from may be empty already.
  while (family != impl_->HandleOf(space)) {
    family = impl_->HandleOf(space);
    cursor->row.reset(impl_->db->NewIterator(rocksdb::ReadOptions(), family));
  }
  cursor->description = absl::StrCat(impl_->directory->path().string(),
                                     ": side table '", family->GetName(), "'");
  return std::unique_ptr<SideCursor>(new SideCursor(std::move(cursor)));
}

LogSize EventLog::size() const {
  return LogSize(impl_->size.load(std::memory_order_acquire));
}

}  // namespace daybook::storage
