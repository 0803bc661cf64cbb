#include "core/admission/references.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/check.h"
#include "core/budget/fiscal_date.h"
#include "core/budget/quotation.h"
#include "core/budget/resource_name.h"

namespace daybook {

ResourceName SubjectOf(const v1::Event& event) {
  const absl::StatusOr<ResourceName> subject =
      ResourceName::Parse(event.subject());
  DAYBOOK_CHECK(subject.ok());
  return *subject;
}

v1::EventIdentity IdentityOf(const v1::Entry& entry) {
  v1::EventIdentity identity;
  identity.set_source(entry.source());
  identity.set_event_id(entry.event().event_id());
  return identity;
}

absl::CivilDay DayOf(const v1::Event& event) {
  const absl::StatusOr<absl::CivilDay> day = ToCivilDay(event.effective_date());
  DAYBOOK_CHECK(day.ok());
  return *day;
}

uint32_t DayNumber(const v1::Event& event) {
  return static_cast<uint32_t>(absl::GetYearDay(DayOf(event)));
}

bool ChangesEveryDay(const v1::Event& event) {
  return event.has_report_opened() || event.has_policy_adopted();
}

const v1::Line* LineOfEvent(const v1::Event& event) {
  switch (event.payload_case()) {
    case v1::Event::kBudgetApproved:
      return &event.budget_approved().line();
    case v1::Event::kBudgetAdjusted:
      return &event.budget_adjusted().line();
    case v1::Event::kIncomeReceived:
      return &event.income_received().line();
    case v1::Event::kCarryoverOpened:
      return &event.carryover_opened().line();
    case v1::Event::kCarryoverClosed:
      return &event.carryover_closed().line();
    case v1::Event::kExpenditureRecorded:
      return &event.expenditure_recorded().line();
    case v1::Event::kRefundReceived:
      return &event.refund_received().line();
    case v1::Event::kAdvancePaid:
      return &event.advance_paid().line();
    case v1::Event::kAdvanceCleared:
      return &event.advance_cleared().line();
    default:
      return nullptr;
  }
}

std::optional<v1::EventIdentity> PaymentOf(const v1::Event& event,
                                           absl::string_view source) {
  const std::string* id = nullptr;
  if (event.has_refund_received()) {
    id = &event.refund_received().payment_event_id();
  } else if (event.has_advance_cleared()) {
    id = &event.advance_cleared().advance_event_id();
  }
  if (id == nullptr || id->empty()) return std::nullopt;
  v1::EventIdentity payment;
  payment.set_source(std::string(source));
  payment.set_event_id(*id);
  return payment;
}

std::optional<v1::EventIdentity> TargetOf(const v1::Event& event,
                                          absl::string_view source) {
  if (event.has_personal_data_erased()) {
    v1::EventIdentity erased = event.personal_data_erased().target();
    if (erased.source().empty()) erased.set_source(std::string(source));
    return erased;
  }
  if (!event.has_reversal()) return PaymentOf(event, source);
  const v1::Reversal& reversal = event.reversal();
  v1::EventIdentity target;
  target.set_source(reversal.target_source().empty()
                        ? std::string(source)
                        : reversal.target_source());
  target.set_event_id(reversal.target_event_id());
  return target;
}

std::vector<NamedFigure> NamedFigures(const v1::Event& event) {
  std::vector<NamedFigure> figures;
  const auto add = [&](const char* field, const std::string& text) {
    const absl::StatusOr<FigurePath> path = FigurePath::Parse(text);
    DAYBOOK_CHECK(path.ok());
    figures.push_back({field, *path});
  };
  switch (event.payload_case()) {
    case v1::Event::kIndicatorSet:
      if (event.indicator_set().target().value_case() ==
          v1::MeasuredValue::kFigure) {
        add("indicator_set.target.figure",
            event.indicator_set().target().figure());
      }
      break;
    case v1::Event::kIndicatorRevised:
      if (event.indicator_revised().target().value_case() ==
          v1::MeasuredValue::kFigure) {
        add("indicator_revised.target.figure",
            event.indicator_revised().target().figure());
      }
      break;
    case v1::Event::kIndicatorResultRecorded:
      if (event.indicator_result_recorded().value().value_case() ==
          v1::MeasuredValue::kFigure) {
        add("indicator_result_recorded.value.figure",
            event.indicator_result_recorded().value().figure());
      }
      break;
    case v1::Event::kPriorYearFigureStated:
      add("prior_year_figure_stated.figure",
          event.prior_year_figure_stated().figure());
      break;
    case v1::Event::kFigureStated:
      add("figure_stated.figure", event.figure_stated().figure());
      break;
    case v1::Event::kNarrativeSectionRecorded: {
      const auto quoted = ReplaceQuotations(
          event.narrative_section_recorded().text(),
          [&](const FigurePath& path) {
            figures.push_back({"narrative_section_recorded.text", path});
            return std::string();
          });
      DAYBOOK_CHECK(quoted.ok());
      break;
    }
    default:
      break;
  }
  return figures;
}

namespace {

// Calls `visit` with what spells the field out, and the key.
template <typename Visit>
void VisitNamed(const v1::Event& event, const std::vector<NamedFigure>& figures,
                Visit visit) {
  const auto named = [&](auto field, const std::string& key) {
    if (!key.empty()) visit(field, key);
  };
  if (const v1::Line* line = LineOfEvent(event)) {
    const auto field = [&event] {
      const auto* payload = v1::Event::descriptor()->FindFieldByNumber(
          static_cast<int>(event.payload_case()));
      return absl::StrCat(payload->name(), ".line.project");
    };
    named(field, line->project());
  }
  const auto fixed = [](const char* field) {
    return [field] { return std::string(field); };
  };
  if (event.has_indicator_set()) {
    named(fixed("indicator_set.project"), event.indicator_set().project());
  }
  if (event.has_activity_recorded()) {
    named(fixed("activity_recorded.project"),
          event.activity_recorded().project());
  }
  for (const NamedFigure& figure : figures) {
    const auto field = [&figure] { return figure.field; };
    named(field, figure.path.lines.project);
    named(field, figure.path.lines.scope_project);
  }
}

}  // namespace

std::vector<NamedProject> NamedProjects(const v1::Event& event) {
  std::vector<NamedProject> projects;
  VisitNamed(event, NamedFigures(event),
             [&](const auto& field, const std::string& key) {
               projects.push_back({field(), key});
             });
  return projects;
}

void VisitProjects(const v1::Event& event,
                   const std::vector<NamedFigure>& figures,
                   absl::FunctionRef<void(const std::string& key)> visit) {
  VisitNamed(event, figures,
             [&](const auto&, const std::string& key) { visit(key); });
}

std::string IndicatorOf(const v1::Event& event) {
  switch (event.payload_case()) {
    case v1::Event::kIndicatorSet:
      return event.indicator_set().indicator();
    case v1::Event::kIndicatorRevised:
      return event.indicator_revised().indicator();
    case v1::Event::kIndicatorResultRecorded:
      return event.indicator_result_recorded().indicator();
    case v1::Event::kIndicatorAssessed: {
      const std::string& row = event.indicator_assessed().row();
      return row == "execution" || row == "total" ? "" : row;
    }
    default:
      return "";
  }
}

}  // namespace daybook
