#include "core/report/report_state.h"

#include "absl/strings/str_cat.h"
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

absl::Status Damaged(const v1::Event& event, absl::string_view what) {
  return absl::DataLossError(
      absl::StrCat("event ", event.event_id(), " is damaged: ", what));
}

}  // namespace

absl::Status ReportState::Apply(const Posting& posting) {
  if (const auto* money = std::get_if<MoneyPosting>(&posting)) {
    MoneyOf(money->bucket).Add(money->row.day, money->row.delta);
    return absl::OkStatus();
  }
  return Apply(std::get<StatedPosting>(posting));
}

void ReportState::SetMoney(const Bucket& bucket, MoneyTimeline timeline) {
  MoneyOf(bucket) = std::move(timeline);
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

MoneyTimeline& ReportState::MoneyOf(const Bucket& bucket) {
  const auto [place, added] =
      money_by_key_.try_emplace(BucketKey(bucket), money_.size());
  if (added) money_.push_back({bucket, {}});
  return money_[place->second].timeline;
}

absl::Status ReportState::Apply(const StatedPosting& stated) {
  const v1::Event& event = stated.row.event();
  // The parsed payload, and the node that holds it.
  constexpr size_t node_bytes = 256;
  stated_bytes_ += node_bytes + event.SpaceUsedLong();
  switch (event.payload_case()) {
    case v1::Event::kReportOpened:
      opened_ = event.report_opened();
      return absl::OkStatus();
    case v1::Event::kPolicyAdopted:
      policy_ = event.policy_adopted().policy();
      return absl::OkStatus();
    default:
      break;
  }
  const absl::StatusOr<absl::CivilDay> day = ToCivilDay(event.effective_date());
  if (!day.ok()) return Damaged(event, day.status().message());
  if (stated.row.absent_from() != 0) return Withdraw(stated.row, *day);
  return State(event, {*day, stated.position});
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

}  // namespace daybook
