#include "services/engine/lineage_replay.h"

#include <cstddef>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "core/admission/fact_keys.h"
#include "core/base/status_macros.h"
#include "core/report/posting.h"
#include "daybook/internal/fact.pb.h"
#include "services/engine/entry_codec.h"

namespace daybook::services {
namespace {

using storage::EventLog;

// Finds the numbers of buckets, and remembers some.
class BucketNumbers {
 public:
  explicit BucketNumbers(const EventLog& log) : log_(log) {}

  absl::StatusOr<uint32_t> Find(absl::string_view subject,
                                absl::string_view bucket_key) {
    std::string key = BucketFactKey(subject, bucket_key);
    const auto known = numbers_.find(key);
    if (known != numbers_.end()) return known->second;
    ASSIGN_OR_RETURN(const auto values,
                     log_.ReadSide(storage::Space::kFact, {key}));
    internal::BucketFact fact;
    if (!values[0].has_value() || !fact.ParseFromString(*values[0])) {
      return absl::DataLossError(
          absl::StrCat("the stored facts about a bucket of ", subject,
                       " are missing or can not be read; restart daybookd "
                       "with --rebuild"));
    }
    if (numbers_.size() >= numbers_max) numbers_.clear();
    numbers_.emplace(std::move(key), fact.number());
    return fact.number();
  }

 private:
  static constexpr size_t numbers_max = 32'768;

  const EventLog& log_;
  absl::flat_hash_map<std::string, uint32_t> numbers_;
};

}  // namespace

absl::Status ReplayLineage(
    const EventLog& log, LogSize from,
    absl::FunctionRef<
        absl::StatusOr<std::optional<v1::Entry>>(const v1::Entry&)>
        target_of,
    absl::FunctionRef<absl::Status(const PlacedPosting&)> visit) {
  BucketNumbers numbers(log);
  return log.Scan(
      NextPosition(from), NextPosition(log.size()),
      [&](Position position, absl::string_view bytes) -> absl::Status {
        ASSIGN_OR_RETURN(const v1::Entry entry, ParseEntry(position, bytes));
        if (!entry.has_event()) return absl::OkStatus();
        ASSIGN_OR_RETURN(const std::optional<v1::Entry> target,
                         target_of(entry));
        PlacedPosting placed;
        ASSIGN_OR_RETURN(
            placed.posting,
            PostingOf(entry, target.has_value() ? &*target : nullptr, false));
        if (placed.posting.money.empty()) return absl::OkStatus();
        placed.subject = entry.event().subject();
        for (const MoneyPosting& money : placed.posting.money) {
          ASSIGN_OR_RETURN(const uint32_t number,
                           numbers.Find(placed.subject, money.bucket_key));
          placed.buckets.push_back({number, false});
        }
        return visit(placed);
      });
}

}  // namespace daybook::services
