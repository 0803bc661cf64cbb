// ReportState: everything recorded about one report, by effective date.
//
// Money is kept as sums by line and day, so that a figure costs what its lines
// have days, however many vouchers there were; stated values are kept as
// timelines. Which figures these make is the business of figures.h.
//
// A fold: pure and ordered. An event that can not have been recorded is damage.
//
// Thread safety: thread-compatible.

#ifndef DAYBOOK_CORE_REPORT_REPORT_STATE_H_
#define DAYBOOK_CORE_REPORT_REPORT_STATE_H_

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "core/base/strong_int.h"
#include "core/budget/resource_name.h"
#include "core/report/stated_timeline.h"
#include "daybook/v1/entry.pb.h"
#include "daybook/v1/event.pb.h"

namespace daybook {

// What a money event did.
enum class MoneyKind {
  kApproved,
  // A part of an approval, for topic rows alone.
  kApprovedOfWhich,
  kAdjustment,
  kRecovery,
  kCarriedOverAllocation,
  kIncome,
  kOpeningCarryover,
  kClosingCarryover,
  kExecuted,
};

// A line with what sets amounts on it apart.
struct MoneyLine {
  // Its parts in the order of the message, for ordering.
  v1::Line line;
  MoneyKind kind;
  bool procurement = false;
  // Who stated it; only of kExecuted, whose book source alone counts.
  std::string source;

  friend bool operator<(const MoneyLine& a, const MoneyLine& b);
};

// What a day changed: an amount, and how many events are there.
struct MoneyDelta {
  int64_t fen = 0;
  int64_t events = 0;
};

// By effective date. At most one for each day of the year.
using MoneyTimeline = std::map<absl::CivilDay, MoneyDelta>;

// What is stated about a figure's path: an amount or a kind of emptiness.
using FigureStatement =
    std::variant<v1::PriorYearFigureStated, v1::FigureStated>;

class ReportState {
 public:
  explicit ReportState(ResourceName name) : name_(std::move(name)) {}

  // Folds an entry whose event's subject is this report. In ledger order.
  //
  // Errors: DATA_LOSS for an event that can not stand there.
  absl::Status Apply(const v1::Entry& entry);

  const ResourceName& name() const { return name_; }
  // Funds, book source and form.
  const v1::ReportOpened& opened() const { return opened_; }
  // Null until one was adopted.
  const v1::ScoringPolicy* policy() const {
    return policy_.has_value() ? &*policy_ : nullptr;
  }

  const std::map<MoneyLine, MoneyTimeline>& money() const { return money_; }

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

 private:
  // An event that may still be reversed. Kept until the report's state lives
  // in storage, where the log itself answers this.
  struct Recorded {
    v1::Event event;
    Position position;
  };

  absl::Status ApplyStated(const v1::Event& event, Position position);
  absl::Status ApplyReversal(const v1::Event& event, const std::string& source);
  // Takes the target out of its timeline from `from` on.
  void Withdraw(const Recorded& target, absl::CivilDay from);
  void AddMoney(const v1::Event& event, const std::string& source,
                absl::CivilDay day, int sign);

  ResourceName name_;
  v1::ReportOpened opened_;
  std::optional<v1::ScoringPolicy> policy_;
  std::map<MoneyLine, MoneyTimeline> money_;
  std::map<std::string, StatedTimeline<FigureStatement>> statements_;
  std::vector<std::string> indicator_order_;
  std::map<std::string, StatedTimeline<v1::IndicatorSet>> indicators_;
  std::map<std::string, StatedTimeline<v1::IndicatorResultRecorded>> results_;
  std::map<std::string, StatedTimeline<v1::IndicatorAssessed>> assessments_;
  std::map<std::string, StatedTimeline<v1::ActivityRecorded>> activities_;
  std::map<std::string, StatedTimeline<int32_t>> headcount_;
  std::map<std::string, StatedTimeline<v1::NarrativeSectionRecorded>>
      narrative_;
  // By (source, event id).
  std::map<std::pair<std::string, std::string>, Recorded> recorded_;
};

}  // namespace daybook

#endif  // DAYBOOK_CORE_REPORT_REPORT_STATE_H_
