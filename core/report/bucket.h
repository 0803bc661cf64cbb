// Bucket: what money events have in common that no figure tells apart.
//
// A figure adds up buckets. A bucket is a budget line without the parts that no
// figure asks for, with what the events on it did; so a report has hundreds of
// buckets where it has millions of vouchers.
//
// Thread safety: a value type.

#ifndef DAYBOOK_CORE_REPORT_BUCKET_H_
#define DAYBOOK_CORE_REPORT_BUCKET_H_

#include <cstdint>
#include <string>

#include "absl/container/inlined_vector.h"
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
  kAdvance = 10,
  kPriorRefund = 11,
  // No money: the events that came into a closed period, in one bucket.
  kLate = 12,
};

struct Bucket {
  // Without quota and government's economic code; of kAdvance also without
  // the other codes, since they are known only when it is cleared.
  v1::Line line;
  MoneyKind kind = MoneyKind::kApproved;
  bool procurement = false;
  // Who stated it; only of kExecuted, kAdvance and kPriorRefund, where the book
  // source alone counts.
  std::string source;
};

// The bucket as bytes, in one spelling: equal buckets have equal keys.
std::string BucketKey(const Bucket& bucket);

// Errors: DATA_LOSS when `key` is none.
absl::StatusOr<Bucket> ParseBucketKey(absl::string_view key);

// An amount and the bucket that it stands in.
struct MoneyFact {
  std::string bucket_key;
  int64_t fen = 0;
};

// Nearly every event has one at most.
using MoneyFacts = absl::InlinedVector<MoneyFact, 1>;

// What the event, stated by `source`, moves: the amount that it states first,
// then what follows from it. None when it is not about money, or a reversal.
MoneyFacts MoneyFactsOf(const v1::Event& event, absl::string_view source);

}  // namespace daybook

#endif  // DAYBOOK_CORE_REPORT_BUCKET_H_
