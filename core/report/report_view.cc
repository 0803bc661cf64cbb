#include "core/report/report_view.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/check.h"
#include "core/budget/code_list.h"
#include "core/budget/fiscal_date.h"
#include "core/budget/form.h"
#include "core/report/figure_text.h"
#include "core/report/figures.h"
#include "core/report/narrative.h"

namespace daybook {
namespace {

// Labels of figures that no form prints.
std::string_view MeasureLabel(Measure measure) {
  switch (measure) {
    case Measure::kApproved:
      return "年初预算数";
    case Measure::kAdjustment:
      return "调整净额";
    case Measure::kAdjusted:
      return "全年预算数";
    case Measure::kRecovered:
      return "收回数";
    case Measure::kAvailable:
      return "可用数";
    case Measure::kExecuted:
      return "执行数";
    case Measure::kBalance:
      return "余额";
    case Measure::kExecutionRate:
      return "执行率";
    case Measure::kExecutionRateApproved:
      return "相对年初预算的执行率";
    case Measure::kPriorExecuted:
      return "上年决算数";
    case Measure::kIncome:
      return "收入";
    case Measure::kOpeningCarryover:
      return "年初结转和结余";
    case Measure::kClosingCarryover:
      return "年末结转和结余";
  }
  return "";
}

class Labels {
 public:
  explicit Labels(const Figures& figures)
      : figures_(figures),
        codes_(CodeList::ForFiscalYear(figures.report().name().fiscal_year())) {
  }

  std::string Of(const FigurePath& path) const {
    switch (path.family) {
      case FigurePath::Family::kMoney:
        return MoneyLabel(path);
      case FigurePath::Family::kScore:
        return ScoreLabel(path);
      case FigurePath::Family::kActivity: {
        const auto timeline = figures_.report().activities().find(path.name);
        if (timeline == figures_.report().activities().end()) break;
        const v1::ActivityRecorded* activity =
            timeline->second.At(figures_.as_of());
        return activity == nullptr ? path.name : activity->label();
      }
      case FigurePath::Family::kTopic: {
        const auto topic = figures_.form() == nullptr
                               ? std::nullopt
                               : figures_.form()->FindTopicFigure(path.name);
        if (!topic.has_value() || topic->row == nullptr) break;
        return absl::StrCat(topic->row->label, " ",
                            Text(MeasureLabel(*topic->measure)));
      }
    }
    return path.name;
  }

 private:
  static absl::string_view Text(std::string_view text) {
    return absl::string_view(text.data(), text.size());
  }

  // "20811 残疾人事业", or the code alone when the list lacks it.
  std::string Coded(CodeList::Kind kind, const std::string& code) const {
    const absl::string_view name = codes_.Name(kind, code);
    return name.empty() ? code : absl::StrCat(code, " ", name);
  }

  std::string MoneyLabel(const FigurePath& path) const {
    const LineFilter& lines = path.lines;
    std::string label(
        codes_.Name(CodeList::Kind::kFund,
                    lines.fund.has_value() ? FundName(*lines.fund) : "all"));
    const auto add = [&](absl::string_view part) {
      if (!part.empty()) absl::StrAppend(&label, " ", part);
    };
    add(codes_.Name(CodeList::Kind::kNature, NatureName(lines.nature)));
    if (!lines.project.empty()) add(ProjectName(lines.project));
    if (!lines.function.empty()) {
      add(Coded(CodeList::Kind::kFunction, lines.function));
    }
    if (!lines.economic.empty()) {
      add(Coded(CodeList::Kind::kEconomic, lines.economic));
    }
    if (!lines.unit.empty()) add(absl::StrCat("单位 ", lines.unit));
    add(Text(MeasureLabel(path.measure)));
    return label;
  }

  static absl::string_view NatureName(LineFilter::NatureRow nature) {
    switch (nature) {
      case LineFilter::NatureRow::kAny:
        break;
      case LineFilter::NatureRow::kBasic:
        return "basic";
      case LineFilter::NatureRow::kPersonnel:
        return "personnel";
      case LineFilter::NatureRow::kOperating:
        return "operating";
      case LineFilter::NatureRow::kProject:
        return "project";
    }
    return "";
  }

  std::string ProjectName(const std::string& key) const {
    const auto project = figures_.department().projects.find(key);
    return project == figures_.department().projects.end()
               ? key
               : project->second.name();
  }

  std::string ScoreLabel(const FigurePath& path) const {
    std::string name = path.name;
    if (path.is_indicator) {
      const auto& order = figures_.report().indicator_order();
      if (std::find(order.begin(), order.end(), path.name) != order.end()) {
        const v1::IndicatorSet* set =
            figures_.report().indicator(path.name).At(figures_.as_of());
        if (set != nullptr) name = set->name();
      }
    } else if (path.name == "execution") {
      name = "预算执行";
    } else if (path.name == "indicators") {
      name = "绩效指标合计";
    } else if (path.name == "total") {
      name = "总分";
    } else if (figures_.report().policy() != nullptr) {
      for (const auto& level : figures_.report().policy()->levels()) {
        if (level.id() == path.name) name = level.label();
      }
    }
    switch (path.score_kind) {
      case FigurePath::ScoreKind::kRule:
        return absl::StrCat(name, " 规则分");
      case FigurePath::ScoreKind::kDeclared:
        return absl::StrCat(name, " 自评分");
      case FigurePath::ScoreKind::kReviewed:
        return absl::StrCat(name, " 复核分");
      case FigurePath::ScoreKind::kCounted:
        break;
    }
    return absl::StrCat(name, " 得分");
  }

  const Figures& figures_;
  const CodeList& codes_;
};

v1::Figure MakeFigure(const FigurePath& path, std::string label,
                      const Figures& figures) {
  v1::Figure figure;
  figure.set_path(path.ToString());
  figure.set_label(std::move(label));
  *figure.mutable_value() = figures.Value(path);
  const v1::FigureValue& value = figure.value();
  const bool is_word =
      value.has_word() || value.has_date() ||
      (value.has_empty() && value.empty() != v1::EMPTINESS_BLANK);
  if (!is_word) figure.set_unit(figures.Unit(path));
  return figure;
}

std::optional<Measure> RecordedMeasure(MoneyKind kind) {
  switch (kind) {
    case MoneyKind::kApproved:
      return Measure::kApproved;
    case MoneyKind::kApprovedOfWhich:
      return std::nullopt;
    case MoneyKind::kAdjustment:
    case MoneyKind::kRecovery:
    case MoneyKind::kCarriedOverAllocation:
      return Measure::kAdjustment;
    case MoneyKind::kIncome:
      return Measure::kIncome;
    case MoneyKind::kOpeningCarryover:
      return Measure::kOpeningCarryover;
    case MoneyKind::kClosingCarryover:
      return Measure::kClosingCarryover;
    case MoneyKind::kExecuted:
      return Measure::kExecuted;
  }
  return std::nullopt;
}

// The rows that a line's amounts are part of, from its fund down to the line
// itself.
std::vector<LineFilter> RowsOfLine(const v1::Line& line) {
  using NatureRow = LineFilter::NatureRow;
  std::vector<LineFilter> rows(1);
  rows[0].fund = line.fund();
  const auto deeper = [&] { rows.push_back(rows.back()); };
  switch (line.nature()) {
    case v1::NATURE_BASIC:
    case v1::NATURE_PERSONNEL:
    case v1::NATURE_OPERATING:
      deeper();
      rows.back().nature = NatureRow::kBasic;
      if (line.nature() != v1::NATURE_BASIC) {
        deeper();
        rows.back().nature = line.nature() == v1::NATURE_PERSONNEL
                                 ? NatureRow::kPersonnel
                                 : NatureRow::kOperating;
      }
      break;
    case v1::NATURE_PROJECT:
      deeper();
      rows.back().nature = NatureRow::kProject;
      if (!line.project().empty()) {
        deeper();
        rows.back().project = line.project();
      }
      break;
    default:
      break;
  }
  deeper();
  rows.back().function = line.function_code();
  rows.back().economic = line.economic_code();
  rows.back().source_row = line.source_row();
  rows.back().unit = line.unit();
  return rows;
}

// The figure of a row that has an event, and the budget it adds up to.
void AddRow(const LineFilter& row, Measure measure,
            std::set<std::string>& paths) {
  const std::string name = LineFilterToString(row);
  paths.insert(absl::StrCat(name, ".", MeasureName(measure)));
  if (measure == Measure::kApproved || measure == Measure::kAdjustment) {
    paths.insert(absl::StrCat(name, ".", MeasureName(Measure::kAdjusted)));
  }
}

// Paths of all figures with an event or a statement on the day.
std::set<std::string> RecordedPaths(const Figures& figures) {
  const ReportState& report = figures.report();
  std::set<std::string> paths;
  for (const Figures::CountedBucket& counted : figures.counted()) {
    const std::optional<Measure> measure =
        RecordedMeasure(counted.bucket->kind);
    if (!measure.has_value()) continue;
    for (const LineFilter& row : RowsOfLine(counted.bucket->line)) {
      AddRow(row, *measure, paths);
      LineFilter of_all_funds = row;
      of_all_funds.fund.reset();
      if (row.IsPlainRow()) AddRow(of_all_funds, *measure, paths);
    }
  }
  for (const auto& [path, timeline] : report.statements()) {
    if (timeline.At(figures.as_of()) != nullptr) paths.insert(path);
  }
  for (const auto& [id, timeline] : report.activities()) {
    if (timeline.At(figures.as_of()) != nullptr) {
      paths.insert(absl::StrCat("activity[", id, "]"));
    }
  }
  for (const auto& [name, timeline] : report.headcount()) {
    if (timeline.At(figures.as_of()) != nullptr) {
      paths.insert(absl::StrCat("headcount.", name));
    }
  }
  return paths;
}

// Paths of the scores that the report has, each kind on its own.
void AddScorePaths(const Figures& figures, std::set<std::string>& paths) {
  if (figures.sheet() == nullptr) return;
  std::vector<std::string> names = {"execution", "indicators", "total"};
  for (const auto& level : figures.report().policy()->levels()) {
    names.push_back(level.id());
  }
  for (const ScoreRow& row : figures.sheet()->rows()) {
    names.push_back(absl::StrCat("indicator[", row.indicator, "]"));
  }
  for (const std::string& name : names) {
    for (const char* kind : {"", "rule.", "declared."}) {
      const std::string path = absl::StrCat("score.", kind, name);
      const absl::StatusOr<FigurePath> parsed = FigurePath::Parse(path);
      DAYBOOK_CHECK(parsed.ok());
      if (figures.Value(*parsed).has_number()) paths.insert(path);
    }
  }
}

void AddFigures(const Figures& figures, v1::Report& view) {
  const Labels labels(figures);
  std::set<std::string> printed;
  if (figures.form() != nullptr) {
    std::map<std::string, std::string> projects;
    for (const auto& [key, project] : figures.department().projects) {
      projects.emplace(key, project.name());
    }
    for (FormRow& row : figures.form()->Rows(projects)) {
      const absl::StatusOr<FigurePath> path = FigurePath::Parse(row.path);
      DAYBOOK_CHECK(path.ok());
      v1::Figure figure = MakeFigure(*path, std::move(row.label), figures);
      figure.set_in_form(true);
      printed.insert(figure.path());
      *view.add_figures() = std::move(figure);
    }
  }
  std::set<std::string> others = RecordedPaths(figures);
  AddScorePaths(figures, others);
  for (const std::string& path : others) {
    if (printed.contains(path)) continue;
    const absl::StatusOr<FigurePath> parsed = FigurePath::Parse(path);
    DAYBOOK_CHECK(parsed.ok());
    *view.add_figures() = MakeFigure(*parsed, labels.Of(*parsed), figures);
  }
}

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

}  // namespace

v1::Report BuildReport(const ReportInput& input, absl::CivilDay as_of) {
  const ReportState& report = input.report;
  const DepartmentState& department = input.department;
  const Figures figures(report, department, as_of);
  v1::Report view;
  view.set_name(report.name().ToString());
  view.set_department_name(department.name);
  *view.mutable_as_of() = ToDate(as_of);
  view.set_size(input.size.value());
  view.set_recorded_time_us(input.recorded_time_us);
  if (report.policy() != nullptr) {
    view.set_policy(
        absl::StrCat(report.policy()->id(), "@", report.policy()->version()));
  }
  view.set_projection_version(projection_version);
  view.set_interim(figures.interim());
  *view.mutable_funds() = report.opened().funds();
  AddFigures(figures, view);
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
