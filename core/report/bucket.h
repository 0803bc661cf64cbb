// Bucket: what money events have in common that no figure tells apart.
//
// A figure adds up buckets. A bucket is a budget line without the parts that no
// figure asks for, with what the events on it did; so a report has hundreds of
// buckets where it has millions of vouchers.
//
// Thread safety: a value type.

#ifndef DAYBOOK_CORE_REPORT_BUCKET_H_
#define DAYBOOK_CORE_REPORT_BUCKET_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "daybook/v1/event.pb.h"
#include "daybook/v1/values.pb.h"

namespace daybook {

// What a money event did. The numbers are stored.
enum class MoneyKind {
  kApproved = 1,
  // A part of an approval, for topic rows alone.
  kApprovedOfWhich = 2,
  kAdjustment = 3,
  kRecovery = 4,
  kCarriedOverAllocation = 5,
  kIncome = 6,
  kOpeningCarryover = 7,
  kClosingCarryover = 8,
  kExecuted = 9,
};

struct Bucket {
  // Without quota and government's economic code.
  v1::Line line;
  MoneyKind kind = MoneyKind::kApproved;
  bool procurement = false;
  // Who stated it; only of kExecuted, whose book source alone counts.
  std::string source;
};

// The bucket as bytes, in one spelling: equal buckets have equal keys.
std::string BucketKey(const Bucket& bucket);

// Errors: DATA_LOSS when `key` is none.
absl::StatusOr<Bucket> ParseBucketKey(absl::string_view key);

// An amount and the bucket that it stands in.
struct MoneyFact {
  Bucket bucket;
  int64_t fen = 0;
};

// Absent when the event, stated by `source`, is not about money.
std::optional<MoneyFact> MoneyFactOf(const v1::Event& event,
                                     absl::string_view source);

}  // namespace daybook

#endif  // DAYBOOK_CORE_REPORT_BUCKET_H_
