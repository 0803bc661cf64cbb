#include "services/engine/lineage_reader.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "services/engine/entry_codec.h"
#include "services/engine/lineage_keys.h"

namespace daybook::services {
namespace {

// Rows that all sources together hold ahead.
constexpr size_t rows_ahead_max = 65'536;
constexpr size_t source_rows_max = block_rows_max;

}  // namespace

LineageReader::LineageReader(const Lineage& lineage, std::string subject,
                             std::vector<uint32_t> buckets,
                             const RowRange& range)
    : subject_(std::move(subject)),
      range_(range),
      cursor_(lineage.NewCursor(subject_)),
      buckets_(std::move(buckets)) {}

// A bucket that begins later is put among the heads by where it begins, and
// read when the merge gets there.
absl::Status LineageReader::Begin() {
  begun_ = true;
  if (buckets_.empty() || range_.from >= range_.limit ||
      range_.first_day > range_.last_day) {
    return absl::OkStatus();
  }
  ahead_max_ = std::clamp(rows_ahead_max / buckets_.size(), ahead_first,
                          source_rows_max);
  std::sort(buckets_.begin(), buckets_.end());
  for (const uint32_t number : buckets_) {
    const std::string key = DefinitionKey(subject_, number);
    // Most often the next bucket is the next key.
    if (!cursor_->valid() || cursor_->key() != key) cursor_->Seek(key);
    if (!cursor_->valid() || cursor_->key() != key) {
      RETURN_IF_ERROR(cursor_->status());
      return IncompleteLineage(
          subject_,
          absl::StrCat("the definition of bucket ", number, " is missing"));
    }
    ASSIGN_OR_RETURN(
        const Position first,
        ParsePosition(cursor_->value().substr(0, sizeof(uint64_t))));
    cursor_->Next();
    if (first >= range_.limit) continue;
    Source& source = sources_.emplace_back();
    source.number = number;
    source.next = std::max(first, range_.from);
    heads_.emplace(source.next.value(), number, sources_.size() - 1);
  }
  return absl::OkStatus();
}

bool LineageReader::IsOn(absl::string_view prefix) const {
  return cursor_->valid() && absl::StartsWith(cursor_->key(), prefix);
}

absl::Status LineageReader::CheckFollows(const Source& source, Position first,
                                         uint64_t rows_before) const {
  const bool follows = !source.block.has_value() || *source.block == first ||
                       source.rows == rows_before;
  if (follows) return absl::OkStatus();
  return IncompleteLineage(
      subject_,
      absl::StrCat("of bucket ", source.number, " it has ", source.rows, " of ",
                   rows_before, " rows before position ", first.value()));
}

absl::StatusOr<uint64_t> LineageReader::ReadRows(Position first,
                                                 Source& source) {
  const auto asked_for = [this](DayOfYear day) {
    return day >= range_.first_day && day <= range_.last_day;
  };
  uint64_t before = 0;
  uint64_t rows = 0;
  uint64_t counted = 0;
  RETURN_IF_ERROR(ReadBlock(
      cursor_->value(), first,
      [&](DayOfYear day, const DayTotal& total) {
        before += total.rows();
        if (asked_for(day)) counted += total.rows();
      },
      [&](const MoneyRow& row) {
        if (row.position >= range_.limit) {
          source.at_end = true;
          return false;
        }
        ++rows;
        if (!asked_for(row.day)) return true;
        ++counted;
        if (row.position < source.next) return true;
        source.ahead.push_back(row);
        return source.ahead.size() < source.ahead_next;
      }));
  RETURN_IF_ERROR(CheckFollows(source, first, before));
  source.block = first;
  source.rows = before + rows;
  return counted;
}

absl::Status LineageReader::ReadAhead(Source& source) {
  const std::string prefix = BlockPrefix(subject_, source.number);
  cursor_->SeekBack(absl::StrCat(prefix, PositionBytes(source.next)));
  for (int passed = 0; source.ahead.empty() && !source.at_end; ++passed) {
    if (!IsOn(prefix)) {
      RETURN_IF_ERROR(cursor_->status());
      source.at_end = true;
      break;
    }
    ASSIGN_OR_RETURN(const Position first,
                     PositionOfKey(cursor_->key(), prefix));
    if (first >= range_.limit) {
      source.at_end = true;
      break;
    }
    ASSIGN_OR_RETURN(const uint64_t counted, ReadRows(first, source));
    if (!source.ahead.empty() || source.at_end) break;
    cursor_->Next();
    // A single block is sooner read than passed by.
    if (passed > 0 && IsOn(prefix)) {
      RETURN_IF_ERROR(PassBlocks(prefix, source, counted));
    }
  }
  source.ahead_next = std::min(2 * source.ahead_next, ahead_max_);
  if (!source.ahead.empty()) {
    source.next = Position(source.ahead.back().position.value() + 1);
  }
  return absl::OkStatus();
}

absl::Status LineageReader::PassBlocks(const std::string& prefix,
                                       Source& source, uint64_t counted) {
  ASSIGN_OR_RETURN(const Position low, PositionOfKey(cursor_->key(), prefix));
  ASSIGN_OR_RETURN(const uint64_t rows, RowsBefore(cursor_->value(), low));
  RETURN_IF_ERROR(CheckFollows(source, low, rows));
  // Of the blocks that begin up to `known`, the one at `last` is the last that
  // has `counted` rows of the days before it. Those from `high` on have more.
  uint64_t last = low.value();
  uint64_t known = last;
  uint64_t high = range_.limit.value();
  uint64_t step = known - source.block->value();
  source.block.reset();
  bool galloping = true;
  while (known + 1 < high) {
    const uint64_t probe = galloping ? known + std::min(step, high - 1 - known)
                                     : known + (high - known) / 2;
    cursor_->SeekBack(absl::StrCat(prefix, PositionBytes(Position(probe))));
    RETURN_IF_ERROR(cursor_->status());
    ASSIGN_OR_RETURN(const Position first,
                     PositionOfKey(cursor_->key(), prefix));
    ASSIGN_OR_RETURN(
        const uint64_t before,
        RowsBefore(cursor_->value(), first, range_.first_day, range_.last_day));
    if (before > counted) {
      high = first.value();
      galloping = false;
      continue;
    }
    last = first.value();
    known = probe;
    step += std::min(step, high);
  }
  cursor_->SeekBack(absl::StrCat(prefix, PositionBytes(Position(last))));
  return cursor_->status();
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

absl::Status IncompleteLineage(absl::string_view subject,
                               absl::string_view what) {
  return absl::DataLossError(absl::StrCat("the stored lineage of ", subject,
                                          " is incomplete: ", what,
                                          "; restart daybookd with --rebuild"));
}

absl::StatusOr<bool> AddLineage(LineageCursor& cursor,
                                absl::string_view subject, uint32_t bucket,
                                LogSize size, LineageSum& sum) {
  const std::string prefix = BlockPrefix(subject, bucket);
  cursor.SeekBack(
      absl::StrCat(prefix, PositionBytes(Position(size.value() - 1))));
  RETURN_IF_ERROR(cursor.status());
  if (!cursor.valid() || !absl::StartsWith(cursor.key(), prefix)) return false;
  ASSIGN_OR_RETURN(const Position first, PositionOfKey(cursor.key(), prefix));
  ASSIGN_OR_RETURN(const bool whole,
                   sum.AddBlock(cursor.value(), first, NextPosition(size)));
  // Every block but the last is full, so only behind a full one can another be
  // missing; the next tells.
  if (!whole || sum.rows() % block_rows_max != 0) return true;
  cursor.Next();
  RETURN_IF_ERROR(cursor.status());
  if (!cursor.valid() || !absl::StartsWith(cursor.key(), prefix)) return true;
  ASSIGN_OR_RETURN(const Position next, PositionOfKey(cursor.key(), prefix));
  ASSIGN_OR_RETURN(const uint64_t before, RowsBefore(cursor.value(), next));
  if (before == sum.rows()) return true;
  return IncompleteLineage(
      subject,
      absl::StrCat("of bucket ", bucket, " it has ", sum.rows(), " of ", before,
                   " rows before position ", next.value()));
}

}  // namespace daybook::services
