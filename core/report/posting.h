// Posting: what one entry does to the state of its subject.
//
// An entry moves money in a few buckets on one day, or states something. A
// posting can be applied without any other entry, so a state can be rebuilt
// from postings alone, from any of them on: a reversal carries what it cancels.
// An entry that came into a closed period has a row in one more bucket.
//
// Thread safety: pure functions.

#ifndef DAYBOOK_CORE_REPORT_POSTING_H_
#define DAYBOOK_CORE_REPORT_POSTING_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/container/inlined_vector.h"
#include "absl/status/statusor.h"
#include "core/base/strong_int.h"
#include "core/report/bucket.h"
#include "core/report/money_timeline.h"
#include "daybook/internal/lineage.pb.h"
#include "daybook/v1/entry.pb.h"

namespace daybook {

// One row of a bucket's lineage.
struct MoneyRow {
  // Of the entry that makes it.
  Position position{0};
  DayOfYear day = 0;
  MoneySum delta;

  friend bool operator==(const MoneyRow&, const MoneyRow&) = default;
};

struct MoneyPosting {
  std::string bucket_key;
  MoneyRow row;
};

struct StatedPosting {
  Position position{0};
  internal::StatedRow row;
};

struct Posting {
  Position position{0};
  absl::InlinedVector<MoneyPosting, 1> money;
  std::optional<StatedPosting> stated;
};

// The posting of an entry that holds an event. `target` is the entry that it
// reverses; null for everything else. `is_late`: its day was closed when it was
// recorded.
//
// Errors: DATA_LOSS for an event that can not have been recorded.
absl::StatusOr<Posting> PostingOf(const v1::Entry& entry,
                                  const v1::Entry* target, bool is_late);

// The same, where what the entry moves, or its target did, was read before.
absl::StatusOr<Posting> PostingOf(const v1::Entry& entry,
                                  const v1::Entry* target, MoneyFacts money,
                                  bool is_late);

// The key of the bucket of all that came into a closed period.
const std::string& LateBucketKey();

}  // namespace daybook

#endif  // DAYBOOK_CORE_REPORT_POSTING_H_
