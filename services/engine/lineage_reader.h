// LineageReader: the rows of some buckets of a report, merged in position
// order.
//
// Each bucket is read a few rows ahead, and the first time when the merge comes
// to where it begins; so a page costs what it shows, and memory is bounded
// however many buckets and rows there are.
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
#include "core/report/money_timeline.h"
#include "core/report/posting.h"
#include "storage/event_log.h"

namespace daybook::services {

struct BucketRow {
  uint32_t bucket = 0;
  MoneyRow row;
};

class LineageReader {
 public:
  // Rows of the buckets with these numbers, at positions from `from` on and
  // before `limit`. `log` must outlive the reader.
  LineageReader(const storage::EventLog& log, std::string subject,
                std::vector<uint32_t> buckets, Position from, Position limit);

  // The next row, by position, then by bucket; absent at the end.
  //
  // Errors: DATA_LOSS when stored lineage is damaged or incomplete. The reader
  // is of no use then.
  absl::StatusOr<std::optional<BucketRow>> Next();

 private:
  struct Source {
    uint32_t number = 0;
    // Where to read on; rows before it were given or are ahead.
    Position next{0};
    bool at_end = false;
    std::deque<MoneyRow> ahead;
  };

  // Position, bucket number and place in sources_, the least first.
  using Head = std::tuple<uint64_t, uint32_t, size_t>;

  absl::Status Begin();
  absl::Status ReadAhead(Source& source);
  // Puts the source back among the heads by its next row, if it has one.
  void Push(size_t place);

  const storage::EventLog& log_;
  const std::string subject_;
  const Position from_;
  const Position limit_;
  const std::unique_ptr<storage::SideCursor> cursor_;
  size_t ahead_max_ = 0;
  bool begun_ = false;
  std::vector<uint32_t> buckets_;
  std::vector<Source> sources_;
  std::priority_queue<Head, std::vector<Head>, std::greater<Head>> heads_;
};

// The timeline of one bucket as known at a size; empty when it began later.
//
// Errors: DATA_LOSS when stored lineage is damaged.
absl::StatusOr<MoneyTimeline> ReadTimeline(storage::SideCursor& cursor,
                                           absl::string_view subject,
                                           uint32_t bucket, LogSize size);

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_ENGINE_LINEAGE_READER_H_
