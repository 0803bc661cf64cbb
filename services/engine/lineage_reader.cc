#include "services/engine/lineage_reader.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/report/lineage_block.h"
#include "services/engine/entry_codec.h"
#include "services/engine/lineage_keys.h"

namespace daybook::services {
namespace {

// Rows that all sources together hold ahead.
constexpr size_t rows_ahead_max = 65'536;
constexpr size_t source_rows_min = 8;
constexpr size_t source_rows_max = block_rows_max;

}  // namespace

LineageReader::LineageReader(const storage::EventLog& log, std::string subject,
                             std::vector<uint32_t> buckets, Position from,
                             Position limit)
    : log_(log),
      subject_(std::move(subject)),
      from_(from),
      limit_(limit),
      cursor_(log_.NewCursor(storage::Space::kLineage)),
      buckets_(std::move(buckets)) {}

// A bucket that begins later is put among the heads by where it begins, and
// read when the merge gets there.
absl::Status LineageReader::Begin() {
  begun_ = true;
  if (buckets_.empty()) return absl::OkStatus();
  ahead_max_ = std::clamp(rows_ahead_max / buckets_.size(), source_rows_min,
                          source_rows_max);
  std::sort(buckets_.begin(), buckets_.end());
  const std::string prefix = DefinitionPrefix(subject_);
  for (const uint32_t number : buckets_) {
    const std::string key = DefinitionKey(subject_, number);
    // Most often the next bucket is the next key.
    if (!cursor_->valid() || cursor_->key() != key) cursor_->Seek(key);
    if (!cursor_->valid() || cursor_->key() != key) {
      RETURN_IF_ERROR(cursor_->status());
      return absl::DataLossError(
          absl::StrCat("the stored lineage of ", subject_,
                       " is incomplete: the definition of bucket ", number,
                       " is missing; restart daybookd with --rebuild"));
    }
    ASSIGN_OR_RETURN(
        const Position first,
        ParsePosition(cursor_->value().substr(0, sizeof(uint64_t))));
    cursor_->Next();
    if (first >= limit_) continue;
    Source& source = sources_.emplace_back();
    source.number = number;
    source.next = std::max(first, from_);
    heads_.emplace(source.next.value(), number, sources_.size() - 1);
  }
  return absl::OkStatus();
}

absl::Status LineageReader::ReadAhead(Source& source) {
  const std::string prefix = BlockPrefix(subject_, source.number);
  cursor_->SeekBack(absl::StrCat(prefix, PositionBytes(source.next)));
  while (source.ahead.empty()) {
    if (!cursor_->valid() || !absl::StartsWith(cursor_->key(), prefix)) {
      RETURN_IF_ERROR(cursor_->status());
      source.at_end = true;
      return absl::OkStatus();
    }
    ASSIGN_OR_RETURN(const Position first,
                     PositionOfKey(cursor_->key(), prefix));
    if (first >= limit_) {
      source.at_end = true;
      return absl::OkStatus();
    }
    RETURN_IF_ERROR(ReadBlock(
        cursor_->value(), first, [](DayOfYear, MoneySum) {},
        [&](const MoneyRow& row) {
          if (row.position < source.next) return true;
          if (row.position >= limit_) {
            source.at_end = true;
            return false;
          }
          source.ahead.push_back(row);
          return source.ahead.size() < ahead_max_;
        }));
    cursor_->Next();
  }
  source.next = Position(source.ahead.back().position.value() + 1);
  return absl::OkStatus();
}

void LineageReader::Push(size_t place) {
  const Source& source = sources_[place];
  if (source.ahead.empty()) return;
  heads_.emplace(source.ahead.front().position.value(), source.number, place);
}

absl::StatusOr<std::optional<BucketRow>> LineageReader::Next() {
  if (!begun_) RETURN_IF_ERROR(Begin());
  while (!heads_.empty()) {
    const size_t place = std::get<2>(heads_.top());
    heads_.pop();
    Source& source = sources_[place];
    if (source.ahead.empty()) {
      // It is among the heads by where its rows may begin.
      RETURN_IF_ERROR(ReadAhead(source));
      Push(place);
      continue;
    }
    const BucketRow next{source.number, source.ahead.front()};
    source.ahead.pop_front();
    if (source.ahead.empty() && !source.at_end) {
      heads_.emplace(source.next.value(), source.number, place);
    } else {
      Push(place);
    }
    return std::optional<BucketRow>(next);
  }
  return std::optional<BucketRow>();
}

absl::StatusOr<MoneyTimeline> ReadTimeline(storage::SideCursor& cursor,
                                           absl::string_view subject,
                                           uint32_t bucket, LogSize size) {
  if (size == LogSize(0)) return MoneyTimeline();
  const std::string prefix = BlockPrefix(subject, bucket);
  cursor.SeekBack(
      absl::StrCat(prefix, PositionBytes(Position(size.value() - 1))));
  RETURN_IF_ERROR(cursor.status());
  if (!cursor.valid() || !absl::StartsWith(cursor.key(), prefix)) {
    return MoneyTimeline();
  }
  ASSIGN_OR_RETURN(const Position first, PositionOfKey(cursor.key(), prefix));
  LineageSum sum;
  RETURN_IF_ERROR(sum.AddBlock(cursor.value(), first, NextPosition(size)));
  return sum.Take();
}

}  // namespace daybook::services
