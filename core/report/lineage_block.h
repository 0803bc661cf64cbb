// Lineage blocks: the rows of one bucket as they are stored.
//
// A bucket's rows stand in blocks, in commit order. A block begins with the
// sums by day of all rows before it, so that the bucket as known at any size is
// one block read: what it begins with, and those of its rows that lie before
// that size. What was recorded and what was cancelled is counted apart, so that
// two blocks tell whether between them stands a row of some days at all, and
// whether one between them is missing.
//
// Thread safety: pure functions; LineageSum is thread-compatible.
//
// Bytes: docs/formats/event_log.md.

#ifndef DAYBOOK_CORE_REPORT_LINEAGE_BLOCK_H_
#define DAYBOOK_CORE_REPORT_LINEAGE_BLOCK_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/base/strong_int.h"
#include "core/report/money_timeline.h"
#include "core/report/posting.h"

namespace daybook {

// A block that holds so many rows is full.
inline constexpr size_t block_rows_max = 1'024;

// What the rows of one day add up to.
struct DayTotal {
  int64_t fen = 0;
  uint32_t recorded = 0;
  uint32_t cancelled = 0;

  uint64_t rows() const { return uint64_t{recorded} + cancelled; }

  friend bool operator==(const DayTotal&, const DayTotal&) = default;
};

// A row of a block whose first row has position `first`; rows follow each other
// in a block, by position. Each counts one event, recorded (+1) or cancelled
// (-1).
std::string BlockRow(const MoneyRow& row, Position first);

// The same, put behind what `block` holds.
void AppendBlockRow(const MoneyRow& row, Position first, std::string& block);

// Calls `day` for what the rows before the block add up to on each day that has
// any, in order of days, then `row` for each row, in order of positions, until
// it answers false.
//
// Errors: DATA_LOSS when `block` is none.
absl::Status ReadBlock(
    absl::string_view block, Position first,
    absl::FunctionRef<void(DayOfYear day, const DayTotal& total)> day,
    absl::FunctionRef<bool(const MoneyRow& row)> row);

// How many rows of the days `first_day` to `last_day` stand before the block.
//
// Errors: as ReadBlock.
absl::StatusOr<uint64_t> RowsBefore(absl::string_view block, Position first,
                                    DayOfYear first_day = 1,
                                    DayOfYear last_day = 366);

// Adds up rows in any order, then gives their timeline. One object can be used
// for many buckets in turn.
class LineageSum {
 public:
  void Add(const MoneyRow& row);

  // Adds what a block begins with, and those of its rows before `limit`. True
  // when these are all of its rows.
  //
  // Errors: DATA_LOSS when `block` is none.
  absl::StatusOr<bool> AddBlock(absl::string_view block, Position first,
                                Position limit);

  // How many rows were added since Take.
  uint64_t rows() const { return rows_; }

  // How a block begins that has the added rows before it.
  std::string BlockHeader() const;

  // The timeline of all that was added since the last call.
  MoneyTimeline Take();

 private:
  static constexpr size_t days = 367;

  void Add(DayOfYear day, const DayTotal& total);

  // By day; none has day 0.
  std::array<DayTotal, days> totals_{};
  uint64_t rows_ = 0;
};

}  // namespace daybook

#endif  // DAYBOOK_CORE_REPORT_LINEAGE_BLOCK_H_
