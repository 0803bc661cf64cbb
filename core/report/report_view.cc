#include "core/report/report_view.h"

#include <cstdint>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/check.h"
#include "core/budget/fiscal_date.h"
#include "core/budget/form.h"
#include "core/report/figure_list.h"
#include "core/report/figures.h"
#include "core/report/narrative.h"

namespace daybook {
namespace {

v1::FigureValue ValueAt(const Figures& figures, const char* path) {
  const absl::StatusOr<FigurePath> parsed = FigurePath::Parse(path);
  DAYBOOK_CHECK(parsed.ok());
  return figures.Value(*parsed);
}

void AddLevels(const Figures& figures, v1::Report& view) {
  const v1::ScoringPolicy* policy = figures.report().policy();
  if (policy == nullptr) return;
  const auto add = [&](const std::string& id, const std::string& label,
                       const v1::Decimal& weight) {
    v1::LevelRow& row = *view.add_levels();
    row.set_level(id);
    row.set_label(label);
    *row.mutable_weight()->mutable_number() = weight;
    *row.mutable_rule_score() =
        ValueAt(figures, absl::StrCat("score.rule.", id).c_str());
    *row.mutable_score() = ValueAt(figures, absl::StrCat("score.", id).c_str());
  };
  add("execution", "预算执行", policy->execution().weight());
  for (const v1::PolicyLevel& level : policy->levels()) {
    add(level.id(), level.label(), level.weight());
  }
}

// The fields that a report and coordinates have in common.
template <typename Message>
void SetCoordinates(const ReportInput& input, absl::CivilDay as_of,
                    Message& message) {
  message.set_name(input.report.name().ToString());
  *message.mutable_as_of() = ToDate(as_of);
  message.set_size(input.size.value());
  message.set_recorded_time_us(input.recorded_time_us);
  if (const v1::ScoringPolicy* policy = input.report.policy()) {
    message.set_policy(absl::StrCat(policy->id(), "@", policy->version()));
  }
  message.set_projection_version(input.projection_version);
}

}  // namespace

v1::ResolvedCoordinates CoordinatesOf(const ReportInput& input,
                                      absl::CivilDay as_of) {
  v1::ResolvedCoordinates coordinates;
  SetCoordinates(input, as_of, coordinates);
  return coordinates;
}

v1::Report BuildReport(const ReportInput& input, absl::CivilDay as_of) {
  const ReportState& report = input.report;
  const DepartmentState& department = input.department;
  const Figures figures(report, department, as_of);
  v1::Report view;
  SetCoordinates(input, as_of, view);
  view.set_department_name(department.name);
  view.set_interim(figures.interim());
  *view.mutable_funds() = report.opened().funds();
  for (v1::Figure& figure : ListFigures(figures)) {
    *view.add_figures() = std::move(figure);
  }
  for (v1::IndicatorRow& row : figures.IndicatorRows()) {
    *view.add_indicators() = std::move(row);
  }
  for (const auto& [key, timeline] : report.narrative()) {
    const v1::NarrativeSectionRecorded* section = timeline.At(as_of);
    if (section == nullptr) continue;
    v1::NarrativeSection& rendered = *view.add_sections();
    rendered.set_section(key);
    rendered.set_title(section->title());
    rendered.set_text(RenderNarrative(section->text(), figures));
  }
  if (figures.form() != nullptr) {
    view.set_form_title(figures.form()->title());
  }
  for (const auto& [key, project] : department.projects) {
    *view.add_projects() = project;
  }
  AddLevels(figures, view);
  view.set_late_adjustments(static_cast<uint32_t>(figures.LateAdjustments()));
  for (const PublishedPlace& place : report.publications()) {
    v1::Publication& publication = *view.add_publications();
    publication.set_position(place.position.value());
    *publication.mutable_published() = place.published;
  }
  if (report.closed_through().has_value()) {
    *view.mutable_closed_through() = ToDate(*report.closed_through());
  }
  return view;
}

v1::ReportSummary BuildSummary(const ReportInput& input, absl::CivilDay as_of) {
  const ReportState& report = input.report;
  const DepartmentState& department = input.department;
  const Figures figures(report, department, as_of);
  v1::ReportSummary summary;
  summary.set_name(report.name().ToString());
  summary.set_department_name(department.name);
  *summary.mutable_as_of() = ToDate(as_of);
  *summary.mutable_adjusted() = ValueAt(figures, "all.adjusted");
  *summary.mutable_executed() = ValueAt(figures, "all.executed");
  *summary.mutable_execution_rate() = ValueAt(figures, "all.execution_rate");
  *summary.mutable_total() = ValueAt(figures, "score.total");
  *summary.mutable_grade() = ValueAt(figures, "score.grade");
  summary.set_interim(figures.interim());
  return summary;
}

}  // namespace daybook
