#include "core/admission/references.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/check.h"
#include "core/budget/quotation.h"

namespace daybook {

MoneyOf MoneyOfEvent(const v1::Event& event) {
  const auto of = [](const auto& payload) {
    return MoneyOf{&payload.line(), payload.amount_fen()};
  };
  switch (event.payload_case()) {
    case v1::Event::kBudgetApproved:
      return of(event.budget_approved());
    case v1::Event::kBudgetAdjusted:
      return of(event.budget_adjusted());
    case v1::Event::kIncomeReceived:
      return of(event.income_received());
    case v1::Event::kCarryoverOpened:
      return of(event.carryover_opened());
    case v1::Event::kCarryoverClosed:
      return of(event.carryover_closed());
    case v1::Event::kExpenditureRecorded:
      return of(event.expenditure_recorded());
    default:
      return {};
  }
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

std::vector<NamedProject> NamedProjects(const v1::Event& event) {
  std::vector<NamedProject> projects;
  const auto add = [&](std::string field, const std::string& key) {
    if (!key.empty()) projects.push_back({std::move(field), key});
  };
  const MoneyOf money = MoneyOfEvent(event);
  if (money.line != nullptr) {
    const auto* payload = v1::Event::descriptor()->FindFieldByNumber(
        static_cast<int>(event.payload_case()));
    add(absl::StrCat(payload->name(), ".line.project"), money.line->project());
  }
  if (event.has_indicator_set()) {
    add("indicator_set.project", event.indicator_set().project());
  }
  if (event.has_activity_recorded()) {
    add("activity_recorded.project", event.activity_recorded().project());
  }
  for (const NamedFigure& figure : NamedFigures(event)) {
    add(figure.field, figure.path.lines.project);
    add(figure.field, figure.path.lines.scope_project);
  }
  return projects;
}

std::string IndicatorOf(const v1::Event& event) {
  switch (event.payload_case()) {
    case v1::Event::kIndicatorSet:
      return event.indicator_set().indicator();
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
