// Lineage blocks: the rows of one bucket as they are stored.
//
// A bucket's rows stand in blocks, in commit order. A block begins with the
// sums by day of all rows before it, so that the bucket as known at any size is
// one block read: what it begins with, and those of its rows that lie before
// that size. And a block can be skipped by what the next one begins with.
//
// Thread safety: pure functions; LineageSum is thread-compatible.
//
// Bytes: docs/formats/event_log.md.

#ifndef DAYBOOK_CORE_REPORT_LINEAGE_BLOCK_H_
#define DAYBOOK_CORE_REPORT_LINEAGE_BLOCK_H_

#include <array>
#include <cstddef>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "core/base/strong_int.h"
#include "core/report/money_timeline.h"
#include "core/report/posting.h"

namespace daybook {

// A block that holds so many rows is full.
inline constexpr size_t block_rows_max = 1'024;

// How a block begins whose bucket has `before` before it.
std::string BlockHeader(const MoneyTimeline& before);

// A row of a block whose first row has position `first`; rows follow each other
// in a block, by position. Each counts one event, recorded (+1) or cancelled
// (-1).
std::string BlockRow(const MoneyRow& row, Position first);

// Calls `step` for what each day changed before the block, in order of days,
// then `row` for each row, in order of positions, until it answers false.
//
// Errors: DATA_LOSS when `block` is none.
absl::Status ReadBlock(
    absl::string_view block, Position first,
    absl::FunctionRef<void(DayOfYear day, MoneySum delta)> step,
    absl::FunctionRef<bool(const MoneyRow& row)> row);

// Adds up rows in any order, then gives their timeline. One object can be used
// for many buckets in turn.
class LineageSum {
 public:
  void Add(DayOfYear day, MoneySum delta);

  // Adds what a block begins with, and those of its rows before `limit`.
  //
  // Errors: DATA_LOSS when `block` is none.
  absl::Status AddBlock(absl::string_view block, Position first,
                        Position limit);

  // The timeline of all that was added since the last call.
  MoneyTimeline Take();

 private:
  static constexpr size_t days = 367;

  // By day; none has day 0.
  std::array<MoneySum, days> deltas_{};
  std::array<bool, days> touched_{};
};

}  // namespace daybook

#endif  // DAYBOOK_CORE_REPORT_LINEAGE_BLOCK_H_
