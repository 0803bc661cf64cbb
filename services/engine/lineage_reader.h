// LineageReader: the rows of some buckets of a report, merged in position
// order.
//
// Each bucket is read a few rows ahead, and the first time when the merge comes
// to where it begins; blocks without a row of the days asked for are passed by.
// So a page costs what it shows, and memory is bounded however many buckets and
// rows there are.
//
// Thread safety: thread-compatible.

#ifndef DAYBOOK_SERVICES_ENGINE_LINEAGE_READER_H_
#define DAYBOOK_SERVICES_ENGINE_LINEAGE_READER_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <queue>
#include <string>
#include <tuple>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/base/strong_int.h"
#include "core/report/lineage_block.h"
#include "core/report/money_timeline.h"
#include "core/report/posting.h"
#include "services/engine/lineage.h"

namespace daybook::services {

struct BucketRow {
  uint32_t bucket = 0;
  MoneyRow row;
};

// Which rows are asked for: at positions from `from` on and before `limit`, of
// the days `first_day` to `last_day`.
struct RowRange {
  Position from{0};
  Position limit{0};
  DayOfYear first_day = 1;
  DayOfYear last_day = 366;
};

class LineageReader {
 public:
  // Rows of the buckets with these numbers. The log must outlive the reader.
  LineageReader(const Lineage& lineage, std::string subject,
                std::vector<uint32_t> buckets, const RowRange& range);

  // The next row, by position, then by bucket; absent at the end.
  //
  // Errors: DATA_LOSS when stored lineage is damaged or incomplete. The reader
  // is of no use then.
  absl::StatusOr<std::optional<BucketRow>> Next();

 private:
  static constexpr size_t ahead_first = 8;

  struct Source {
    uint32_t number = 0;
    // Where to read on; rows before it were given or are ahead.
    Position next{0};
    bool at_end = false;
    // The block that was read last, and how many rows of any day stand up to
    // where it was read; absent when blocks were passed by.
    std::optional<Position> block;
    uint64_t rows = 0;
    std::deque<MoneyRow> ahead;
    // How many rows are read ahead next: few at first, since most merges end
    // after few.
    size_t ahead_next = ahead_first;
  };

  // Position, bucket number and place in sources_, the least first.
  using Head = std::tuple<uint64_t, uint32_t, size_t>;

  absl::Status Begin();
  absl::Status ReadAhead(Source& source);
  // Puts rows of the block that the cursor is on ahead; how many rows of the
  // days it and those before it have.
  absl::StatusOr<uint64_t> ReadRows(Position first, Source& source);
  // From the block behind the one that was read, which has `counted` rows of
  // the days before it, to the last such one.
  absl::Status PassBlocks(const std::string& prefix, Source& source,
                          uint64_t counted);
  // Whether nothing is missing between the block that was read last and the one
  // at `first`.
  absl::Status CheckFollows(const Source& source, Position first,
                            uint64_t rows_before) const;
  bool IsOn(absl::string_view prefix) const;
  // Puts the source back among the heads by its next row, if it has one.
  void Push(size_t place);

  std::string subject_;
  RowRange range_;
  std::unique_ptr<LineageCursor> cursor_;
  size_t ahead_max_ = 0;
  bool begun_ = false;
  std::vector<uint32_t> buckets_;
  std::vector<Source> sources_;
  std::priority_queue<Head, std::vector<Head>, std::greater<Head>> heads_;
};

// Adds the rows of one bucket as known at a size, which is not 0; false when it
// has none.
//
// Errors: DATA_LOSS when stored lineage is damaged or incomplete.
absl::StatusOr<bool> AddLineage(LineageCursor& cursor,
                                absl::string_view subject, uint32_t bucket,
                                LogSize size, LineageSum& sum);

// What says that stored lineage is incomplete, and what to do.
absl::Status IncompleteLineage(absl::string_view subject,
                               absl::string_view what);

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_ENGINE_LINEAGE_READER_H_
