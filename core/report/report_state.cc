#include "core/report/report_state.h"

#include <tuple>

#include "absl/strings/str_cat.h"
#include "core/base/check.h"
#include "core/base/status_macros.h"
#include "core/budget/fiscal_date.h"

namespace daybook {
namespace {

// What of a money event decides where its amount counts.
struct MoneyFact {
  const v1::Line* line = nullptr;
  int64_t fen = 0;
  MoneyKind kind = MoneyKind::kApproved;
  bool procurement = false;
};

MoneyKind KindOf(v1::BudgetAdjusted::Kind kind) {
  switch (kind) {
    case v1::BudgetAdjusted::KIND_RECOVERY:
      return MoneyKind::kRecovery;
    case v1::BudgetAdjusted::KIND_CARRIED_OVER_ALLOCATION:
      return MoneyKind::kCarriedOverAllocation;
    default:
      return MoneyKind::kAdjustment;
  }
}

// Absent when the event is not about money.
std::optional<MoneyFact> MoneyFactOf(const v1::Event& event) {
  const auto plain = [](const auto& payload, MoneyKind kind) {
    return MoneyFact{&payload.line(), payload.amount_fen(), kind, false};
  };
  switch (event.payload_case()) {
    case v1::Event::kBudgetApproved: {
      const v1::BudgetApproved& approved = event.budget_approved();
      return MoneyFact{&approved.line(), approved.amount_fen(),
                       approved.of_which() ? MoneyKind::kApprovedOfWhich
                                           : MoneyKind::kApproved,
                       approved.procurement()};
    }
    case v1::Event::kBudgetAdjusted:
      return plain(event.budget_adjusted(),
                   KindOf(event.budget_adjusted().kind()));
    case v1::Event::kIncomeReceived:
      return plain(event.income_received(), MoneyKind::kIncome);
    case v1::Event::kCarryoverOpened:
      return plain(event.carryover_opened(), MoneyKind::kOpeningCarryover);
    case v1::Event::kCarryoverClosed:
      return plain(event.carryover_closed(), MoneyKind::kClosingCarryover);
    case v1::Event::kExpenditureRecorded: {
      const v1::ExpenditureRecorded& spent = event.expenditure_recorded();
      return MoneyFact{&spent.line(), spent.amount_fen(), MoneyKind::kExecuted,
                       spent.procurement()};
    }
    default:
      return std::nullopt;
  }
}

// Apply has checked that there is one.
absl::CivilDay EffectiveDay(const v1::Event& event) {
  const absl::StatusOr<absl::CivilDay> day = ToCivilDay(event.effective_date());
  DAYBOOK_CHECK(day.ok());
  return *day;
}

absl::Status Damaged(const v1::Event& event, absl::string_view what) {
  return absl::DataLossError(
      absl::StrCat("event ", event.event_id(), " is damaged: ", what));
}

// Calls `visit(name, number)` for each number that is given.
template <typename Visit>
void VisitHeadcount(const v1::HeadcountRecorded& headcount, Visit visit) {
  if (headcount.has_quota()) visit("quota", headcount.quota());
  if (headcount.has_actual()) visit("actual", headcount.actual());
  if (headcount.has_permanent()) visit("permanent", headcount.permanent());
  if (headcount.has_contract()) visit("contract", headcount.contract());
}

using MoneyLineKey =
    std::tuple<v1::Fund, v1::Nature, const std::string&, const std::string&,
               const std::string&, const std::string&, v1::SourceRow,
               const std::string&, const std::string&, MoneyKind, bool,
               const std::string&>;

MoneyLineKey Key(const MoneyLine& money) {
  const v1::Line& line = money.line;
  return MoneyLineKey(line.fund(), line.nature(), line.project(),
                      line.function_code(), line.economic_code(),
                      line.government_economic_code(), line.source_row(),
                      line.unit(), line.quota_id(), money.kind,
                      money.procurement, money.source);
}

}  // namespace

bool operator<(const MoneyLine& a, const MoneyLine& b) {
  return Key(a) < Key(b);
}

void ReportState::AddMoney(const v1::Event& event, const std::string& source,
                           absl::CivilDay day, int sign) {
  const std::optional<MoneyFact> fact = MoneyFactOf(event);
  DAYBOOK_CHECK(fact.has_value());
  MoneyLine line{*fact->line, fact->kind, fact->procurement, ""};
  if (fact->kind == MoneyKind::kExecuted) line.source = source;
  MoneyDelta& delta = money_[std::move(line)][day];
  // Admission keeps the sum of absolute amounts below 2^62.
  delta.fen += sign * fact->fen;
  delta.events += sign;
}

absl::Status ReportState::Apply(const v1::Entry& entry) {
  const v1::Event& event = entry.event();
  const Position position(entry.position());
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
  if (const auto day = ToCivilDay(event.effective_date()); !day.ok()) {
    return Damaged(event, day.status().message());
  }
  if (event.has_reversal()) return ApplyReversal(event, entry.source());
  if (MoneyFactOf(event).has_value()) {
    AddMoney(event, entry.source(), EffectiveDay(event), 1);
  } else {
    RETURN_IF_ERROR(ApplyStated(event, position));
  }
  recorded_.emplace(std::pair(entry.source(), event.event_id()),
                    Recorded{event, position});
  return absl::OkStatus();
}

absl::Status ReportState::ApplyStated(const v1::Event& event,
                                      Position position) {
  const absl::CivilDay day = EffectiveDay(event);
  const auto state = [&](auto& timelines, const std::string& key,
                         const auto& payload) {
    timelines[key].State(day, position, payload);
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

absl::Status ReportState::ApplyReversal(const v1::Event& event,
                                        const std::string& source) {
  const v1::Reversal& reversal = event.reversal();
  const std::string& target_source =
      reversal.target_source().empty() ? source : reversal.target_source();
  const auto target =
      recorded_.find({target_source, reversal.target_event_id()});
  if (target == recorded_.end()) {
    return Damaged(event, "it reverses an event that is not there");
  }
  const absl::CivilDay from = EffectiveDay(event);
  if (MoneyFactOf(target->second.event).has_value()) {
    AddMoney(target->second.event, target_source, from, -1);
  } else {
    Withdraw(target->second, from);
  }
  // Admission refuses a second reversal, so it is not needed any more.
  recorded_.erase(target);
  return absl::OkStatus();
}

void ReportState::Withdraw(const Recorded& target, absl::CivilDay from) {
  const v1::Event& event = target.event;
  const absl::CivilDay day = EffectiveDay(event);
  const auto withdraw = [&](auto& timelines, const std::string& key) {
    timelines.at(key).Withdraw(day, target.position, from);
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
    case v1::Event::kHeadcountRecorded:
      return VisitHeadcount(
          event.headcount_recorded(),
          [&](const char* name, int32_t) { withdraw(headcount_, name); });
    case v1::Event::kPriorYearFigureStated:
      return withdraw(statements_, event.prior_year_figure_stated().figure());
    case v1::Event::kFigureStated:
      return withdraw(statements_, event.figure_stated().figure());
    case v1::Event::kNarrativeSectionRecorded:
      return withdraw(narrative_, event.narrative_section_recorded().section());
    default:
      DAYBOOK_CHECK(false);
  }
}

}  // namespace daybook
