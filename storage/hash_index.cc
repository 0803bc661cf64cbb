#include "storage/hash_index.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/check.h"
#include "core/base/status_macros.h"
#include "storage/hash_run.h"
#include "storage/hash_run_merge.h"
#include "storage/hash_run_writer.h"
#include "storage/shared_resources.h"

namespace daybook::storage {
namespace {

// How far ahead a table is told what will be asked of it.
constexpr size_t prefetch_distance = 16;

// Calls `visit(i)` for each hash, and has the table fetch those that follow.
template <typename Visit>
void ForEachHash(const HashTable& table, absl::Span<const uint64_t> hashes,
                 Visit visit) {
  for (size_t i = 0; i < hashes.size(); ++i) {
    if (i + prefetch_distance < hashes.size()) {
      table.Prefetch(hashes[i + prefetch_distance]);
    }
    visit(i);
  }
}

}  // namespace

HashIndex::HashIndex(const HashIndexOptions& options, SharedResources& shared,
                     DigestAt digest_at)
    : options_(options),
      digest_at_(std::move(digest_at)),
      directory_(options.directory, *shared.impl().env) {
  DAYBOOK_CHECK(options_.memory_entries_max > 0);
  DAYBOOK_CHECK(options_.memory_entries_max <= run_entries_max);
  DAYBOOK_CHECK(options_.fan_out >= 2);
}

absl::StatusOr<std::unique_ptr<HashIndex>> HashIndex::Open(
    const HashIndexOptions& options, SharedResources& shared, LogSize log_size,
    DigestAt digest_at) {
  std::unique_ptr<HashIndex> index(
      new HashIndex(options, shared, std::move(digest_at)));
  RETURN_IF_ERROR(index->directory_.Create());
  ASSIGN_OR_RETURN(HashRuns runs,
                   index->directory_.OpenRuns(log_size, index->digest_at_));
  absl::MutexLock lock(&index->mutex_);
  index->active_ =
      std::make_shared<Memory>(runs.empty() ? 0 : runs.back()->shape().limit);
  index->runs_ = std::make_shared<const HashRuns>(std::move(runs));
  return index;
}

HashIndex::~HashIndex() {
  {
    absl::MutexLock lock(&mutex_);
    closing_ = true;
    changed_.SignalAll();
  }
  if (thread_.joinable()) thread_.join();
}

LogSize HashIndex::size() const {
  absl::ReaderMutexLock lock(&mutex_);
  return LogSize(active_->limit());
}

absl::Status HashIndex::Add(Position first, absl::Span<const uint64_t> hashes) {
  absl::MutexLock lock(&mutex_);
  DAYBOOK_CHECK(first.value() == active_->limit());
  if (active_->table.size() + hashes.size() >= options_.memory_entries_max &&
      !thread_.joinable()) {
    thread_ = std::thread(&HashIndex::Work, this);
  }
  while (!hashes.empty()) {
    if (active_full()) RETURN_IF_ERROR(MakeRoom());
    hashes.remove_prefix(AddToActive(hashes));
    if (active_full() && frozen_ == nullptr) Freeze();
  }
  return absl::OkStatus();
}

size_t HashIndex::AddToActive(absl::Span<const uint64_t> hashes) {
  Memory& active = *active_;
  hashes = hashes.first(std::min(
      hashes.size(), options_.memory_entries_max - active.table.size()));
  ForEachHash(active.table, hashes, [&](size_t i) {
    active.table.Add(hashes[i], Position(active.limit()));
  });
  return hashes.size();
}

absl::Status HashIndex::MakeRoom() {
  DAYBOOK_CHECK(frozen_ != nullptr);
  // Once for each Add: it is the caller who knows whether to go on.
  if (!write_failure_.ok()) {
    write_failure_ = absl::OkStatus();
    changed_.SignalAll();
  }
  while (active_full() && write_due()) changed_.Wait(&mutex_);
  if (!active_full()) return absl::OkStatus();
  return absl::Status(
      write_failure_.code(),
      absl::StrCat(options_.directory.string(), ": keeps up to position ",
                   active_->limit(), " in memory and no more until it can be ",
                   "written: ", write_failure_.message()));
}

void HashIndex::Freeze() {
  frozen_ = std::exchange(active_, std::make_shared<Memory>(active_->limit()));
  changed_.SignalAll();
}

absl::Status HashIndex::Find(
    absl::Span<const uint64_t> hashes,
    absl::FunctionRef<void(size_t, Position)> found) const {
  // Told after the lock, so that `found` may call what takes it.
  std::vector<std::pair<size_t, Position>> in_active;
  std::shared_ptr<const Memory> frozen;
  std::shared_ptr<const HashRuns> runs;
  {
    absl::ReaderMutexLock lock(&mutex_);
    frozen = frozen_;
    runs = runs_;
    const HashTable& table = active_->table;
    ForEachHash(table, hashes, [&](size_t i) {
      table.ForEach(hashes[i], [&](Position position) {
        in_active.emplace_back(i, position);
      });
    });
  }
  for (const auto& [i, position] : in_active) found(i, position);
  if (frozen != nullptr) {
    ForEachHash(frozen->table, hashes, [&](size_t i) {
      frozen->table.ForEach(hashes[i],
                            [&](Position position) { found(i, position); });
    });
  }
  for (const std::shared_ptr<const HashRun>& run : *runs) {
    RETURN_IF_ERROR(run->Find(hashes, found));
  }
  return absl::OkStatus();
}

absl::Status HashIndex::Clear() {
  absl::MutexLock lock(&mutex_);
  clearing_ = true;
  while (working_) changed_.Wait(&mutex_);
  clearing_ = false;
  active_ = std::make_shared<Memory>(0);
  frozen_ = nullptr;
  write_failure_ = absl::OkStatus();
  runs_ = std::make_shared<const HashRuns>();
  merge_due_ = false;
  return directory_.DeleteAll();
}

void HashIndex::Work() {
  mutex_.Lock();
  while (!closing_) {
    if (clearing_ || (!write_due() && !merge_due_)) {
      changed_.Wait(&mutex_);
      continue;
    }
    working_ = true;
    mutex_.Unlock();
    WriteFrozen();
    Merge();
    mutex_.Lock();
    working_ = false;
    changed_.SignalAll();
  }
  mutex_.Unlock();
}

void HashIndex::WriteFrozen() {
  std::shared_ptr<const Memory> frozen;
  {
    absl::MutexLock lock(&mutex_);
    if (!write_due()) return;
    frozen = frozen_;
  }
  absl::StatusOr<std::shared_ptr<const HashRun>> run = WriteRun(*frozen);
  absl::MutexLock lock(&mutex_);
  if (run.ok()) {
    HashRuns runs = *runs_;
    runs.push_back(*std::move(run));
    runs_ = std::make_shared<const HashRuns>(std::move(runs));
    frozen_ = nullptr;
    merge_due_ = true;
    if (active_full()) Freeze();
  } else {
    write_failure_ = std::move(run).status();
  }
  changed_.SignalAll();
}

absl::StatusOr<std::shared_ptr<const HashRun>> HashIndex::WriteRun(
    const Memory& memory) {
  RunShape shape;
  shape.first = memory.first;
  shape.limit = memory.limit();
  ASSIGN_OR_RETURN(shape.digest, digest_at_(Position(shape.limit - 1)));
  const std::filesystem::path path =
      directory_.PathOf(shape.first, shape.limit);
  ASSIGN_OR_RETURN(const std::unique_ptr<HashRunWriter> writer,
                   HashRunWriter::Create(path, shape, directory_.env()));
  for (const HashTable::Entry& entry : memory.table.Sorted()) {
    RETURN_IF_ERROR(writer->Add(entry.hash, Position(entry.position)));
  }
  RETURN_IF_ERROR(writer->Finish());
  return HashRun::Open(path);
}

void HashIndex::Merge() {
  std::shared_ptr<const HashRuns> runs;
  {
    absl::MutexLock lock(&mutex_);
    if (!merge_due_) return;
    merge_due_ = false;
    runs = runs_;
  }
  const absl::Span<const std::shared_ptr<const HashRun>> chosen =
      ChooseMerge(*runs, {options_.memory_entries_max, options_.fan_out});
  if (chosen.empty()) return;
  absl::StatusOr<std::shared_ptr<const HashRun>> merged =
      MergeRuns(chosen, directory_, [this] { return PauseMerge(); });
  // The runs serve as well as before. It is tried again after the next write; a
  // damaged page is told by the look-up that needs it.
  if (!merged.ok()) return;
  {
    absl::MutexLock lock(&mutex_);
    // Runs were added at the end meanwhile; none but this thread takes any
    // away.
    HashRuns replaced = *runs_;
    const auto begin = replaced.begin() + (chosen.begin() - runs->data());
    *begin = *std::move(merged);
    replaced.erase(begin + 1,
                   begin + static_cast<std::ptrdiff_t>(chosen.size()));
    runs_ = std::make_shared<const HashRuns>(std::move(replaced));
    merge_due_ = true;
  }
  // Look-ups that began before still read them. One that can not be deleted is
  // so when the index is opened next.
  for (const std::shared_ptr<const HashRun>& run : chosen) {
    directory_.Delete(*run).IgnoreError();
  }
}

absl::Status HashIndex::PauseMerge() {
  {
    absl::MutexLock lock(&mutex_);
    if (closing_ || clearing_) return absl::CancelledError("closing");
  }
  WriteFrozen();
  return absl::OkStatus();
}

}  // namespace daybook::storage
