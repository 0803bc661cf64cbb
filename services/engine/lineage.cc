#include "services/engine/lineage.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/base/check.h"
#include "core/base/status_macros.h"
#include "core/report/lineage_block.h"
#include "services/engine/entry_codec.h"
#include "services/engine/lineage_keys.h"
#include "services/engine/lineage_replay.h"

namespace daybook::services {
namespace {

using storage::SideWrite;
using storage::Space;

// Key in the space of facts. Behind "b", so that a rebuild clears it.
constexpr char lineage_size_key[] = "lineage_size";

absl::Status NoLineageSize() {
  return absl::DataLossError(
      "up to where the lineage is stored is missing or wrong; restart daybookd "
      "with --rebuild");
}

}  // namespace

SideWrite LineageSizeWrite(Space facts_space, LogSize size) {
  return {facts_space, lineage_size_key, PositionBytes(NextPosition(size))};
}

Lineage::Lineage(storage::EventLog& log, Space space,
                 const PendingLineageLimits& limits)
    : log_(log),
      space_(space),
      facts_space_(space == Space::kLineage ? Space::kFact : Space::kNextFact),
      pending_(limits),
      generation_(log.generation()) {}

absl::Status Lineage::CatchUp(
    absl::FunctionRef<
        absl::StatusOr<std::optional<v1::Entry>>(const v1::Entry&)>
        target_of) {
  DAYBOOK_CHECK(space_ == Space::kLineage);
  ASSIGN_OR_RETURN(const auto values,
                   log_.ReadSide(facts_space_, {lineage_size_key}));
  if (!values[0].has_value()) return NoLineageSize();
  ASSIGN_OR_RETURN(const Position stored, ParsePosition(*values[0]));
  const LogSize from(stored.value());
  if (from > log_.size()) return NoLineageSize();
  absl::MutexLock lock(&mutex_);
  pending_.BeginGroup();
  const absl::Status replayed =
      ReplayLineage(log_, from, target_of, [this](const PlacedPosting& placed) {
        mutex_.AssertHeld();
        for (size_t i = 0; i < placed.posting.money.size(); ++i) {
          RETURN_IF_ERROR(AddRow(placed, i));
        }
        return absl::OkStatus();
      });
  if (!replayed.ok()) {
    // So that nothing of it is ever stored.
    pending_.Clear();
    return replayed;
  }
  pending_.Written(0);
  size_ = log_.size();
  stored_size_ = from;
  return absl::OkStatus();
}

absl::Status Lineage::Add(const std::vector<PlacedPosting>& postings,
                          std::vector<SideWrite>& writes) {
  in_write_ = {0, size_, stored_size_};
  if (postings.empty()) return absl::OkStatus();
  const LogSize size(postings.back().posting.position.value() + 1);
  absl::MutexLock lock(&mutex_);
  pending_.BeginGroup();
  const absl::Status added = AddRows(postings, writes);
  if (!added.ok()) {
    pending_.TakeBack();
    ++voided_;
    return added;
  }
  Write(pending_.CountDue(size), size, writes);
  return absl::OkStatus();
}

absl::Status Lineage::AddRows(const std::vector<PlacedPosting>& postings,
                              std::vector<SideWrite>& writes) {
  for (const PlacedPosting& placed : postings) {
    const Posting& posting = placed.posting;
    if (posting.stated.has_value()) {
      writes.push_back({space_, StatedKey(placed.subject, posting.position),
                        posting.stated->row.SerializeAsString()});
    }
    DAYBOOK_CHECK(placed.buckets.size() == posting.money.size());
    for (size_t i = 0; i < posting.money.size(); ++i) {
      const PlacedBucket& bucket = placed.buckets[i];
      if (bucket.is_new) {
        writes.push_back({space_, DefinitionKey(placed.subject, bucket.number),
                          absl::StrCat(PositionBytes(posting.position),
                                       posting.money[i].bucket_key)});
      }
      RETURN_IF_ERROR(AddRow(placed, i));
    }
  }
  return absl::OkStatus();
}

absl::Status Lineage::AddRow(const PlacedPosting& placed, size_t place) {
  const MoneyPosting& money = placed.posting.money[place];
  const auto [bucket, is_new] = placed.buckets[place];
  PendingLineage::Subject& subject = pending_.FindOrAdd(placed.subject);
  PendingLineage::Tail* tail = pending_.FindTail(subject, bucket);
  if (is_new || tail == nullptr) {
    PendingLineage::Tail found;
    if (!is_new) {
      ASSIGN_OR_RETURN(found, ReadTail(subject.name, bucket));
    }
    tail = &pending_.SetTail(subject, bucket, found);
  }
  // Only what is read again after a crash may be there.
  if (money.row.position < tail->stored_to) return absl::OkStatus();
  const bool at_once = money.bucket_key == LateBucketKey();
  if (tail->rows == 0 || tail->rows == block_rows_max) {
    ASSIGN_OR_RETURN(std::string header,
                     HeaderAfter(subject.name, bucket, *tail));
    pending_.BeginBlock(subject, bucket, *tail, money.row.position,
                        std::move(header), at_once);
  }
  pending_.Add(subject, bucket, *tail, money.row, at_once);
  return absl::OkStatus();
}

absl::StatusOr<PendingLineage::Tail> Lineage::ReadTail(
    absl::string_view subject, uint32_t bucket) {
  PendingLineage::Tail tail;
  const auto read = [&]() -> absl::Status {
    const std::string prefix = BlockPrefix(subject, bucket);
    const auto cursor = log_.NewCursor(space_);
    cursor->SeekBack(absl::StrCat(prefix, PositionBytes(Position(UINT64_MAX))));
    if (!cursor->valid()) return cursor->status();
    if (!absl::StartsWith(cursor->key(), prefix)) return absl::OkStatus();
    ASSIGN_OR_RETURN(tail.first, PositionOfKey(cursor->key(), prefix));
    tail.stored_bytes = static_cast<uint32_t>(cursor->value().size());
    return ReadBlock(
        cursor->value(), tail.first, [](DayOfYear, const DayTotal&) {},
        [&](const MoneyRow& row) {
          ++tail.rows;
          tail.stored_to = Position(row.position.value() + 1);
          return true;
        });
  };
  mutex_.Unlock();
  const absl::Status status = read();
  mutex_.Lock();
  RETURN_IF_ERROR(status);
  return tail;
}

absl::StatusOr<std::string> Lineage::HeaderAfter(
    absl::string_view subject, uint32_t bucket,
    const PendingLineage::Tail& tail) {
  static const auto* const first_header =
      new std::string(LineageSum().BlockHeader());
  if (tail.rows == 0) return *first_header;
  std::string block;
  if (tail.stored_bytes > 0) {
    const std::string key = BlockKey(subject, bucket, tail.first);
    mutex_.Unlock();
    absl::StatusOr<std::vector<std::optional<std::string>>> values =
        log_.ReadSide(space_, {key});
    mutex_.Lock();
    RETURN_IF_ERROR(values.status());
    block = std::move((*values)[0]).value_or("");
    if (block.size() != tail.stored_bytes) {
      return absl::DataLossError(absl::StrCat(
          "the stored lineage of ", subject, " is incomplete: of bucket ",
          bucket, " a block has ", block.size(), " bytes, not ",
          tail.stored_bytes, "; restart daybookd with --rebuild"));
    }
  }
  if (tail.waiting != nullptr) block += tail.waiting->bytes;
  LineageSum sum;
  RETURN_IF_ERROR(
      sum.AddBlock(block, tail.first, Position(UINT64_MAX)).status());
  return sum.BlockHeader();
}

void Lineage::Write(size_t blocks, LogSize size,
                    std::vector<SideWrite>& writes) {
  std::vector<const PendingLineage::Block*> due = pending_.Due(blocks);
  const auto begin = static_cast<ptrdiff_t>(writes.size());
  for (const PendingLineage::Block* const block : due) {
    writes.push_back(
        {space_, BlockKey(block->subject->name, block->bucket, block->first),
         block->bytes, block->stored_bytes > 0});
  }
  // The storage takes rows in the order of their keys best. Of one block there
  // is one write.
  std::sort(
      writes.begin() + begin, writes.end(),
      [](const SideWrite& a, const SideWrite& b) { return a.key < b.key; });
  in_write_ = {blocks, size, pending_.StoredSize(blocks, size)};
  writes.push_back(LineageSizeWrite(facts_space_, in_write_.stored_size));
}

void Lineage::Written() {
  absl::MutexLock lock(&mutex_);
  pending_.Written(in_write_.blocks);
  size_ = in_write_.size;
  stored_size_ = in_write_.stored_size;
  in_write_.blocks = 0;
}

void Lineage::TakeBack() {
  absl::MutexLock lock(&mutex_);
  pending_.TakeBack();
  ++voided_;
}

absl::Status Lineage::Settle() {
  if (stored_size_ == size_) return absl::OkStatus();
  std::vector<SideWrite> writes;
  {
    absl::MutexLock lock(&mutex_);
    Write(pending_.count(), size_, writes);
  }
  RETURN_IF_ERROR(log_.WriteSide(writes));
  Written();
  return absl::OkStatus();
}

void Lineage::Forget() {
  size_ = log_.size();
  stored_size_ = size_;
  absl::MutexLock lock(&mutex_);
  pending_.Clear();
  generation_ = log_.generation();
  ++voided_;
}

std::unique_ptr<LineageCursor> Lineage::NewCursor(
    absl::string_view subject) const {
  while (true) {
    LineageOverlay overlay;
    uint64_t generation = 0;
    uint64_t voided = 0;
    {
      absl::MutexLock lock(&mutex_);
      generation = log_.generation();
      voided = voided_;
      // One that was just switched to has all rows.
      if (generation == generation_) pending_.CopyTo(subject, overlay);
    }
    std::unique_ptr<storage::SideCursor> stored = log_.NewCursor(space_);
    {
      absl::MutexLock lock(&mutex_);
      if (voided != voided_ || generation != log_.generation()) continue;
    }
    return std::make_unique<LineageCursor>(subject, std::move(overlay),
                                           std::move(stored));
  }
}

}  // namespace daybook::services
