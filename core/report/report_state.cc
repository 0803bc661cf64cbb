#include "core/report/report_state.h"

#include <set>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/budget/fiscal_date.h"

namespace daybook {
namespace {

// Calls `visit(name, number)` for each number that is given.
template <typename Visit>
void VisitHeadcount(const v1::HeadcountRecorded& headcount, Visit visit) {
  if (headcount.has_quota()) visit("quota", headcount.quota());
  if (headcount.has_actual()) visit("actual", headcount.actual());
  if (headcount.has_permanent()) visit("permanent", headcount.permanent());
  if (headcount.has_contract()) visit("contract", headcount.contract());
}

// The last day that a well-formed event leaves closed.
absl::StatusOr<absl::CivilDay> ClosedBy(const v1::Event& event) {
  if (event.has_period_closed()) {
    return ToCivilDay(event.period_closed().through());
  }
  ASSIGN_OR_RETURN(const absl::CivilDay open,
                   ToCivilDay(event.period_reopened().from()));
  return open - 1;
}

absl::Status Damaged(const v1::Event& event, absl::string_view what) {
  return absl::DataLossError(
      absl::StrCat("event ", event.event_id(), " is damaged: ", what));
}

}  // namespace

absl::Status ReportState::Apply(const Posting& posting) {
  for (const MoneyPosting& money : posting.money) {
    ASSIGN_OR_RETURN(MoneyTimeline* const timeline, MoneyOf(money.bucket_key));
    timeline->Add(money.row.day, money.row.delta);
  }
  return posting.stated.has_value() ? Apply(*posting.stated) : absl::OkStatus();
}

void ReportState::SetMoney(const Bucket& bucket, MoneyTimeline timeline) {
  const auto [place, added] =
      money_by_key_.try_emplace(BucketKey(bucket), money_.size());
  if (added) money_.push_back({bucket, {}});
  money_[place->second].timeline = std::move(timeline);
}

size_t ReportState::MemoryBytes() const {
  // Of a bucket or a statement: the objects, the keys and the maps' nodes.
  constexpr size_t bucket_bytes = 512;
  size_t bytes = stated_bytes_;
  for (const BucketState& state : money_) {
    bytes += bucket_bytes +
             state.timeline.steps().capacity() * sizeof(MoneyTimeline::Step);
  }
  return bytes;
}

absl::StatusOr<MoneyTimeline*> ReportState::MoneyOf(
    const std::string& bucket_key) {
  const auto known = money_by_key_.find(bucket_key);
  if (known != money_by_key_.end()) return &money_[known->second].timeline;
  ASSIGN_OR_RETURN(Bucket bucket, ParseBucketKey(bucket_key));
  money_by_key_.emplace(bucket_key, money_.size());
  money_.push_back({std::move(bucket), {}});
  return &money_.back().timeline;
}

absl::Status ReportState::Apply(const StatedPosting& stated) {
  const v1::Event& event = stated.row.event();
  // The parsed payload, and the node that holds it.
  constexpr size_t node_bytes = 256;
  stated_bytes_ += node_bytes + event.SpaceUsedLong();
  ASSIGN_OR_RETURN(const bool undated, ApplyUndated(event, stated.position));
  if (undated) return absl::OkStatus();
  const absl::StatusOr<absl::CivilDay> day = ToCivilDay(event.effective_date());
  if (!day.ok()) return Damaged(event, day.status().message());
  if (stated.row.absent_from() != 0) return Withdraw(stated.row, *day);
  return State(event, {*day, stated.position});
}

absl::StatusOr<bool> ReportState::ApplyUndated(const v1::Event& event,
                                               Position position) {
  switch (event.payload_case()) {
    case v1::Event::kReportOpened:
      opened_ = event.report_opened();
      opened_position_ = position;
      ++openings_;
      return true;
    case v1::Event::kPolicyAdopted:
      policy_ = event.policy_adopted().policy();
      policy_position_ = position;
      return true;
    case v1::Event::kReportPublished:
      publications_.push_back({position, event.report_published()});
      return true;
    case v1::Event::kPeriodClosed:
    case v1::Event::kPeriodReopened: {
      const absl::StatusOr<absl::CivilDay> closed = ClosedBy(event);
      if (!closed.ok()) return Damaged(event, closed.status().message());
      closed_through_ = *closed;
      const bool none = *closed < FirstDay(name_.fiscal_year());
      if (none) closed_through_.reset();
      return true;
    }
    default:
      return false;
  }
}

absl::Status ReportState::State(const v1::Event& event, StatedPlace place) {
  const auto state = [&](auto& timelines, const std::string& key,
                         const auto& payload) {
    timelines[key].State(place, payload);
    return absl::OkStatus();
  };
  switch (event.payload_case()) {
    case v1::Event::kIndicatorSet: {
      const v1::IndicatorSet& set = event.indicator_set();
      if (!indicators_.contains(set.indicator())) {
        indicator_order_.push_back(set.indicator());
      }
      return state(indicators_, set.indicator(), set);
    }
    case v1::Event::kIndicatorRevised:
      return state(revisions_, event.indicator_revised().indicator(),
                   event.indicator_revised());
    case v1::Event::kIndicatorResultRecorded: {
      const auto& result = event.indicator_result_recorded();
      return state(results_, result.indicator(), result);
    }
    case v1::Event::kIndicatorAssessed:
      return state(assessments_, event.indicator_assessed().row(),
                   event.indicator_assessed());
    case v1::Event::kActivityRecorded:
      return state(activities_, event.activity_recorded().activity(),
                   event.activity_recorded());
    case v1::Event::kHeadcountRecorded:
      VisitHeadcount(event.headcount_recorded(),
                     [&](const char* name, int32_t number) {
                       state(headcount_, name, number).IgnoreError();
                     });
      return absl::OkStatus();
    case v1::Event::kPriorYearFigureStated:
      return state(statements_, event.prior_year_figure_stated().figure(),
                   event.prior_year_figure_stated());
    case v1::Event::kFigureStated:
      return state(statements_, event.figure_stated().figure(),
                   event.figure_stated());
    case v1::Event::kNarrativeSectionRecorded: {
      const auto& section = event.narrative_section_recorded();
      return state(narrative_, section.section(), section);
    }
    default:
      return Damaged(event, "no report holds such an event");
  }
}

absl::Status ReportState::Withdraw(const internal::StatedRow& reversal,
                                   absl::CivilDay day) {
  const v1::Event& event = reversal.event();
  const StatedPlace place{day, Position(reversal.target())};
  const absl::CivilDay from =
      absl::CivilDay(day.year()) + static_cast<int>(reversal.absent_from()) - 1;
  const auto withdraw = [&](auto& timelines, const std::string& key) {
    const auto timeline = timelines.find(key);
    if (timeline == timelines.end() ||
        !timeline->second.Withdraw(place, from)) {
      return Damaged(event, "it is reversed, and is not there");
    }
    return absl::OkStatus();
  };
  switch (event.payload_case()) {
    case v1::Event::kIndicatorSet:
      return withdraw(indicators_, event.indicator_set().indicator());
    case v1::Event::kIndicatorRevised:
      return withdraw(revisions_, event.indicator_revised().indicator());
    case v1::Event::kIndicatorResultRecorded:
      return withdraw(results_, event.indicator_result_recorded().indicator());
    case v1::Event::kIndicatorAssessed:
      return withdraw(assessments_, event.indicator_assessed().row());
    case v1::Event::kActivityRecorded:
      return withdraw(activities_, event.activity_recorded().activity());
    case v1::Event::kHeadcountRecorded: {
      absl::Status status;
      VisitHeadcount(event.headcount_recorded(),
                     [&](const char* name, int32_t) {
                       status.Update(withdraw(headcount_, name));
                     });
      return status;
    }
    case v1::Event::kPriorYearFigureStated:
      return withdraw(statements_, event.prior_year_figure_stated().figure());
    case v1::Event::kFigureStated:
      return withdraw(statements_, event.figure_stated().figure());
    case v1::Event::kNarrativeSectionRecorded:
      return withdraw(narrative_, event.narrative_section_recorded().section());
    default:
      return Damaged(event, "it is reversed, and never holds by a day");
  }
}

std::vector<absl::CivilDay> ReportState::ChangeDays() const {
  const absl::CivilDay first = FirstDay(name_.fiscal_year());
  std::set<absl::CivilDay> days;
  for (const BucketState& state : money_) {
    for (const MoneyTimeline::Step& step : state.timeline.steps()) {
      days.insert(first + step.day - 1);
    }
  }
  const auto add = [&](const auto& timelines) {
    for (const auto& [key, timeline] : timelines) {
      timeline.VisitDays([&](absl::CivilDay day) { days.insert(day); });
    }
  };
  add(statements_);
  add(indicators_);
  add(revisions_);
  add(results_);
  add(assessments_);
  add(activities_);
  add(headcount_);
  return {days.begin(), days.end()};
}

}  // namespace daybook
