#include "tests/services/engine/lineage_ledger.h"

#include <optional>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "core/admission/fact_keys.h"
#include "core/base/check.h"
#include "core/budget/fiscal_date.h"
#include "core/report/lineage_block.h"
#include "daybook/internal/fact.pb.h"
#include "services/engine/entry_codec.h"
#include "services/engine/lineage_keys.h"
#include "services/engine/lineage_reader.h"
#include "storage/event_log_test_peer.h"
#include "tests/services/test_events.h"

namespace daybook::services {

using storage::Space;

LineageLedger::LineageLedger(const Load& load,
                             const PendingLineageLimits& limits, uint64_t seed)
    : load_(load),
      luck_(seed),
      files_(std::make_shared<testing::FaultFileSystem>()),
      env_(testing::MakeFaultEnv(files_)) {
  storage::EventLogTestPeer::UseEnv(*env_, shared_);
  storage::EventLogOptions options;
  options.directory = temporary_.path() / "log";
  auto log = storage::EventLog::Open(options, shared_);
  DAYBOOK_CHECK(log.ok());
  v1::Entry genesis;
  genesis.set_format(entry_format);
  genesis.mutable_genesis()->set_ledger(kLedger);
  DAYBOOK_CHECK((*log)
                    ->Append(LogSize(0), {EntryBytes(genesis)},
                             {LineageSizeWrite(Space::kFact, LogSize(1))})
                    .ok());
  model_.entries.push_back(genesis);
  log->reset();
  Open(limits);
}

LineageLedger::~LineageLedger() = default;

void LineageLedger::Open(const PendingLineageLimits& limits) {
  storage::EventLogOptions options;
  options.directory = temporary_.path() / "log";
  auto log = storage::EventLog::Open(options, shared_);
  DAYBOOK_CHECK(log.ok());
  log_ = *std::move(log);
  lineage_ = std::make_unique<Lineage>(*log_, Space::kLineage, limits);
  const auto target_of = [this](const v1::Entry& entry) {
    std::optional<v1::Entry> target;
    if (entry.event().has_reversal()) {
      size_t position = 0;
      DAYBOOK_CHECK(absl::SimpleAtoi(entry.event().reversal().target_event_id(),
                                     &position));
      absl::MutexLock lock(&mutex_);
      target = model_.entries[position];
    }
    return absl::StatusOr<std::optional<v1::Entry>>(std::move(target));
  };
  DAYBOOK_CHECK(lineage_->CatchUp(target_of).ok());
}

void LineageLedger::Reopen(bool settled, const PendingLineageLimits& limits) {
  if (settled) DAYBOOK_CHECK(lineage_->Settle().ok());
  lineage_ = nullptr;
  log_ = nullptr;
  Open(limits);
}

v1::Entry LineageLedger::AnyEntry() {
  const size_t position = model_.entries.size();
  const std::string id = absl::StrCat(position);
  const std::string subject =
      absl::StrCat(kDepartment, "/reports/", 2001 + luck_.Below(load_.reports));
  const std::string day =
      FormatDay(absl::CivilDay(2024, 1, 1) + luck_.Between(0, 365));
  const uint64_t lot = luck_.Below(100);
  v1::EventInput input = Spent(id, day, luck_.Between(-1'000, 1'000'000));
  const size_t named = luck_.Below(position);
  if (lot < load_.reversals && model_.entries[named].has_event() &&
      model_.entries[named].event().has_expenditure_recorded()) {
    input = Reversed(id, absl::StrCat(named));
    input.mutable_event()->set_subject(model_.entries[named].event().subject());
  } else if (lot < load_.reversals + load_.statements) {
    input = ReportOpened(id, subject);
  } else {
    input.mutable_event()->set_subject(subject);
    input.mutable_event()
        ->mutable_expenditure_recorded()
        ->mutable_line()
        ->set_unit(absl::StrCat("u", luck_.Below(load_.lines)));
  }
  v1::Entry entry;
  entry.set_format(entry_format);
  entry.set_position(position);
  entry.set_source(kSource);
  *entry.mutable_event() = input.event();
  return entry;
}

void LineageLedger::Place(PlacedPosting& placed, Group& group) {
  const std::string subject(placed.subject);
  for (const MoneyPosting& money : placed.posting.money) {
    const std::string key = BucketFactKey(placed.subject, money.bucket_key);
    const auto [number, added] =
        model_.numbers.emplace(key, model_.counts[subject]);
    if (added) {
      ++model_.counts[subject];
      internal::BucketFact fact;
      fact.set_number(number->second);
      group.writes.push_back({Space::kFact, key, fact.SerializeAsString()});
    }
    placed.buckets.push_back({number->second, added});
    model_.rows[{subject, number->second}].push_back(money.row);
  }
}

LineageLedger::Group LineageLedger::Make(size_t count) {
  absl::MutexLock lock(&mutex_);
  Group group;
  for (size_t i = 0; i < count; ++i) {
    model_.entries.push_back(AnyEntry());
    const v1::Entry& entry = model_.entries.back();
    const v1::Entry* target = nullptr;
    if (entry.event().has_reversal()) {
      size_t position = 0;
      DAYBOOK_CHECK(absl::SimpleAtoi(entry.event().reversal().target_event_id(),
                                     &position));
      target = &model_.entries[position];
    }
    auto posting = PostingOf(entry, target, luck_.Chance(load_.late, 100));
    DAYBOOK_CHECK(posting.ok());
    PlacedPosting placed{entry.event().subject(), *std::move(posting), {}};
    Place(placed, group);
    group.postings.push_back(std::move(placed));
    group.entries.push_back(EntryBytes(entry));
  }
  return group;
}

absl::Status LineageLedger::Append(size_t count) {
  const LogSize before = size();
  Group group = Make(count);
  const absl::Status added = lineage_->Add(group.postings, group.writes);
  if (!added.ok()) return added;
  const absl::Status written =
      log_->Append(before, group.entries, group.writes).status();
  if (written.ok()) {
    lineage_->Written();
  } else {
    lineage_->TakeBack();
  }
  return written;
}

void LineageLedger::Abandon(size_t count) {
  Model before;
  {
    absl::MutexLock lock(&mutex_);
    before = model_;
  }
  Group group = Make(count);
  DAYBOOK_CHECK(lineage_->Add(group.postings, group.writes).ok());
  lineage_->TakeBack();
  absl::MutexLock lock(&mutex_);
  model_ = std::move(before);
}

std::vector<LineageLedger::BucketId> LineageLedger::Buckets() const {
  absl::MutexLock lock(&mutex_);
  std::vector<BucketId> buckets;
  for (const auto& [bucket, rows] : model_.rows) buckets.push_back(bucket);
  return buckets;
}

bool LineageLedger::IsFold(const BucketId& bucket, LogSize size) const {
  LineageSum expected;
  {
    absl::MutexLock lock(&mutex_);
    for (const MoneyRow& row : model_.rows.at(bucket)) {
      if (row.position >= NextPosition(size)) break;
      expected.Add(row);
    }
  }
  LineageSum sum;
  const auto cursor = lineage_->NewCursor(bucket.first);
  const auto found =
      AddLineage(*cursor, bucket.first, bucket.second, size, sum);
  return found.ok() && *found == (expected.rows() > 0) &&
         sum.BlockHeader() == expected.BlockHeader();
}

std::map<std::string, std::string> LineageLedger::Blocks() const {
  absl::MutexLock lock(&mutex_);
  std::map<std::string, std::string> blocks;
  for (const auto& [bucket, rows] : model_.rows) {
    LineageSum sum;
    std::string* block = nullptr;
    Position first(0);
    size_t count = 0;
    for (const MoneyRow& row : rows) {
      if (count++ % block_rows_max == 0) {
        first = row.position;
        block = &blocks[BlockKey(bucket.first, bucket.second, first)];
        *block = sum.BlockHeader();
      }
      *block += BlockRow(row, first);
      sum.Add(row);
    }
  }
  return blocks;
}

std::map<std::string, std::string> LineageLedger::StoredBlocks() const {
  std::map<std::string, std::string> blocks;
  const auto cursor = log_->NewCursor(Space::kLineage);
  for (cursor->Seek(""); cursor->valid(); cursor->Next()) {
    const absl::string_view key = cursor->key();
    if (absl::StartsWith(key, BlocksPrefix(SubjectOfKey(key)))) {
      blocks.emplace(key, cursor->value());
    }
  }
  DAYBOOK_CHECK(cursor->status().ok());
  return blocks;
}

bool LineageLedger::WalksRight(const std::string& subject) const {
  const std::string prefix = BlocksPrefix(subject);
  const auto cursor = lineage_->NewCursor(subject);
  cursor->Seek(prefix);
  for (const auto& [key, block] : Blocks()) {
    if (!absl::StartsWith(key, prefix)) continue;
    if (!cursor->valid() || cursor->key() != key || cursor->value() != block) {
      return false;
    }
    // To it from right behind it, and from a key that is in between.
    for (const std::string& from : {key, key + '\0'}) {
      cursor->SeekBack(from);
      if (!cursor->valid() || cursor->key() != key) return false;
      if (cursor->value() != block) return false;
    }
    cursor->Next();
  }
  return !cursor->valid() || !absl::StartsWith(cursor->key(), prefix);
}

}  // namespace daybook::services
