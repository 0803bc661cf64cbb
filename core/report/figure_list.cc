#include "core/report/figure_list.h"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/check.h"
#include "core/report/figure_label.h"

namespace daybook {
namespace {

v1::Figure Labelled(const FigurePath& path, std::string label,
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
    case MoneyKind::kAdvance:
      return Measure::kAdvances;
    case MoneyKind::kPriorRefund:
      return Measure::kPriorRefunded;
    case MoneyKind::kLate:
      return std::nullopt;
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
  for (uint32_t i = 0; i < report.money().size(); ++i) {
    const Bucket& bucket = report.money()[i].bucket;
    const std::optional<Measure> measure = RecordedMeasure(bucket.kind);
    if (!measure.has_value() || figures.SumOf(i).events == 0) continue;
    for (const LineFilter& row : RowsOfLine(bucket.line)) {
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

}  // namespace

v1::Figure MakeFigure(const Figures& figures, const FigurePath& path) {
  return Labelled(path, FigureLabel(figures, path), figures);
}

std::vector<FormRow> FormRows(const Figures& figures) {
  if (figures.form() == nullptr) return {};
  std::map<std::string, std::string> projects;
  for (const auto& [key, project] : figures.department().projects) {
    projects.emplace(key, project.name());
  }
  return figures.form()->Rows(projects);
}

std::vector<v1::Figure> ListFigures(const Figures& figures) {
  std::vector<v1::Figure> list;
  std::set<std::string> printed;
  std::vector<FormRow> rows = FormRows(figures);
  for (FormRow& row : rows) {
    const absl::StatusOr<FigurePath> path = FigurePath::Parse(row.path);
    DAYBOOK_CHECK(path.ok());
    v1::Figure figure = Labelled(*path, std::move(row.label), figures);
    figure.set_in_form(true);
    printed.insert(figure.path());
    list.push_back(std::move(figure));
  }
  std::set<std::string> others = RecordedPaths(figures);
  AddScorePaths(figures, others);
  for (const std::string& path : others) {
    if (printed.contains(path)) continue;
    const absl::StatusOr<FigurePath> parsed = FigurePath::Parse(path);
    DAYBOOK_CHECK(parsed.ok());
    list.push_back(MakeFigure(figures, *parsed));
  }
  return list;
}

}  // namespace daybook
