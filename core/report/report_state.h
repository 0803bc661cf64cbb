// ReportState: everything recorded about one report, by effective date.
//
// Money is kept as sums by bucket and day, so that a figure costs what it has
// buckets, however many vouchers there were; stated values are kept as
// timelines. Which figures these make is the business of figures.h.
//
// A fold: pure and ordered. What can not have been recorded is damage.
//
// Thread safety: thread-compatible.

#ifndef DAYBOOK_CORE_REPORT_REPORT_STATE_H_
#define DAYBOOK_CORE_REPORT_REPORT_STATE_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "core/base/strong_int.h"
#include "core/budget/resource_name.h"
#include "core/report/posting.h"
#include "core/report/stated_timeline.h"
#include "daybook/v1/entry.pb.h"
#include "daybook/v1/event.pb.h"

namespace daybook {

// A bucket and its sums.
struct BucketState {
  Bucket bucket;
  MoneyTimeline timeline;
};

// What is stated about a figure's path: an amount or a kind of emptiness.
using FigureStatement =
    std::variant<v1::PriorYearFigureStated, v1::FigureStated>;

// An event that published the report, and its place.
struct PublishedPlace {
  Position position{0};
  v1::ReportPublished published;
};

class ReportState {
 public:
  explicit ReportState(ResourceName name) : name_(std::move(name)) {}

  // Folds a posting of this report. In ledger order, where both state
  // something; money may come in any order.
  //
  // Errors: DATA_LOSS for what can not stand there. The state is of no use
  // then.
  absl::Status Apply(const Posting& posting);
  absl::Status Apply(const StatedPosting& stated);

  // The whole timeline of a bucket that has none yet.
  void SetMoney(const Bucket& bucket, MoneyTimeline timeline);

  // About how many bytes of memory it takes.
  size_t MemoryBytes() const;

  const ResourceName& name() const { return name_; }
  // Funds, book source and form.
  const v1::ReportOpened& opened() const { return opened_; }
  // Place of the event that says so.
  Position opened_position() const { return opened_position_; }
  // Whether it was opened more than once, the latest counts.
  bool is_opened_again() const { return openings_ > 1; }

  // Null until one was adopted.
  const v1::ScoringPolicy* policy() const {
    return policy_.has_value() ? &*policy_ : nullptr;
  }

  // Place of the policy's event.
  Position policy_position() const { return policy_position_; }

  // The last closed day; absent when none is closed.
  std::optional<absl::CivilDay> closed_through() const {
    return closed_through_;
  }

  // In the order in which they were recorded.
  const std::vector<PublishedPlace>& publications() const {
    return publications_;
  }

  // Whether it was opened: without that there is no report.
  bool is_opened() const { return opened_.funds_size() > 0; }

  // Each bucket once.
  const std::vector<BucketState>& money() const { return money_; }

  // By path.
  const std::map<std::string, StatedTimeline<FigureStatement>>& statements()
      const {
    return statements_;
  }

  // Keys of the indicators, in the order in which they were first set.
  const std::vector<std::string>& indicator_order() const {
    return indicator_order_;
  }
  // By indicator; by row for assessments.
  const StatedTimeline<v1::IndicatorSet>& indicator(
      const std::string& key) const {
    return indicators_.at(key);
  }
  const std::map<std::string, StatedTimeline<v1::IndicatorRevised>>& revisions()
      const {
    return revisions_;
  }
  const std::map<std::string, StatedTimeline<v1::IndicatorResultRecorded>>&
  results() const {
    return results_;
  }
  const std::map<std::string, StatedTimeline<v1::IndicatorAssessed>>&
  assessments() const {
    return assessments_;
  }

  // By activity.
  const std::map<std::string, StatedTimeline<v1::ActivityRecorded>>&
  activities() const {
    return activities_;
  }

  // By the name of the number: "quota", "actual", "permanent", "contract".
  const std::map<std::string, StatedTimeline<int32_t>>& headcount() const {
    return headcount_;
  }

  // By section.
  const std::map<std::string, StatedTimeline<v1::NarrativeSectionRecorded>>&
  narrative() const {
    return narrative_;
  }

  // The days of the year on which something that holds changes, each once, in
  // order.
  std::vector<absl::CivilDay> ChangeDays() const;

 private:
  // Errors: DATA_LOSS when it is no key. Valid until the next call.
  absl::StatusOr<MoneyTimeline*> MoneyOf(const std::string& bucket_key);
  // What lies on the recorded axis alone. False for everything else.
  absl::StatusOr<bool> ApplyUndated(const v1::Event& event, Position position);
  absl::Status State(const v1::Event& event, StatedPlace place);
  // Takes what the reversal names, dated `day`, out of its timeline.
  absl::Status Withdraw(const internal::StatedRow& reversal,
                        absl::CivilDay day);

  ResourceName name_;
  size_t stated_bytes_ = 0;
  v1::ReportOpened opened_;
  Position opened_position_{0};
  int openings_ = 0;
  std::optional<v1::ScoringPolicy> policy_;
  Position policy_position_{0};
  std::optional<absl::CivilDay> closed_through_;
  std::vector<PublishedPlace> publications_;
  std::vector<BucketState> money_;
  // Places in money_.
  absl::flat_hash_map<std::string, size_t> money_by_key_;
  std::map<std::string, StatedTimeline<FigureStatement>> statements_;
  std::vector<std::string> indicator_order_;
  std::map<std::string, StatedTimeline<v1::IndicatorSet>> indicators_;
  std::map<std::string, StatedTimeline<v1::IndicatorRevised>> revisions_;
  std::map<std::string, StatedTimeline<v1::IndicatorResultRecorded>> results_;
  std::map<std::string, StatedTimeline<v1::IndicatorAssessed>> assessments_;
  std::map<std::string, StatedTimeline<v1::ActivityRecorded>> activities_;
  std::map<std::string, StatedTimeline<int32_t>> headcount_;
  std::map<std::string, StatedTimeline<v1::NarrativeSectionRecorded>>
      narrative_;
};

}  // namespace daybook

#endif  // DAYBOOK_CORE_REPORT_REPORT_STATE_H_
