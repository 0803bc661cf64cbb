#include "core/report/figure_list.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "core/base/check.h"
#include "core/report/figure_label.h"

namespace daybook {
namespace {

v1::Figure Labelled(const FigurePath& path, std::string name, std::string label,
                    const Figures& figures) {
  v1::Figure figure;
  figure.set_path(std::move(name));
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

// Figures by path.
using Paths = std::map<std::string, FigurePath>;

void AddMoney(const LineFilter& row, Measure measure, Paths& paths) {
  FigurePath path;
  path.family = FigurePath::Family::kMoney;
  path.lines = row;
  path.measure = measure;
  std::string name = path.ToString();
  paths.try_emplace(std::move(name), std::move(path));
}

void AddPath(const std::string& path, Paths& paths) {
  if (paths.contains(path)) return;
  const absl::StatusOr<FigurePath> parsed = FigurePath::Parse(path);
  DAYBOOK_CHECK(parsed.ok());
  paths.emplace(path, *parsed);
}

// The figure of a row that has an event, and the budget it adds up to.
void AddRow(const LineFilter& row, Measure measure, Paths& paths) {
  AddMoney(row, measure, paths);
  if (measure == Measure::kApproved || measure == Measure::kAdjustment) {
    AddMoney(row, Measure::kAdjusted, paths);
  }
}

// The narrowest plain row of a line: its fund with its nature and project.
LineFilter PlainRowOf(const v1::Line& line) {
  using NatureRow = LineFilter::NatureRow;
  LineFilter row;
  row.fund = line.fund();
  switch (line.nature()) {
    case v1::NATURE_BASIC:
      row.nature = NatureRow::kBasic;
      break;
    case v1::NATURE_PERSONNEL:
      row.nature = NatureRow::kPersonnel;
      break;
    case v1::NATURE_OPERATING:
      row.nature = NatureRow::kOperating;
      break;
    case v1::NATURE_PROJECT:
      row.nature = NatureRow::kProject;
      row.project = line.project();
      break;
    default:
      break;
  }
  return row;
}

// The plain row that the row is part of; absent for a fund.
std::optional<LineFilter> Wider(LineFilter row) {
  using NatureRow = LineFilter::NatureRow;
  if (!row.project.empty()) {
    row.project.clear();
  } else if (row.nature == NatureRow::kPersonnel ||
             row.nature == NatureRow::kOperating) {
    row.nature = NatureRow::kBasic;
  } else if (row.nature != NatureRow::kAny) {
    row.nature = NatureRow::kAny;
  } else {
    return std::nullopt;
  }
  return row;
}

// A plain row and all that it is part of, in its fund and in all funds.
void AddPlainRows(const LineFilter& plain, Measure measure, Paths& paths) {
  for (std::optional<LineFilter> row = plain; row.has_value();
       row = Wider(*row)) {
    AddRow(*row, measure, paths);
    LineFilter of_all_funds = *row;
    of_all_funds.fund.reset();
    AddRow(of_all_funds, measure, paths);
  }
}

// The rows of money with an event on the day.
void AddMoneyPaths(const Figures& figures, Paths& paths) {
  // Most lines share their plain rows.
  absl::flat_hash_set<
      std::tuple<v1::Fund, v1::Nature, absl::string_view, Measure>>
      seen;
  const std::vector<BucketState>& money = figures.report().money();
  for (uint32_t i = 0; i < money.size(); ++i) {
    const std::optional<Measure> measure =
        RecordedMeasure(money[i].bucket.kind);
    if (!measure.has_value() || figures.SumOf(i).events == 0) continue;
    const v1::Line& line = money[i].bucket.line;
    LineFilter row = PlainRowOf(line);
    if (seen.emplace(line.fund(), line.nature(), line.project(), *measure)
            .second) {
      AddPlainRows(row, *measure, paths);
    }
    row.function = line.function_code();
    row.economic = line.economic_code();
    row.source_row = line.source_row();
    row.unit = line.unit();
    if (!row.IsPlainRow()) AddRow(row, *measure, paths);
  }
}

// All figures with an event or a statement on the day, scores aside.
void AddRecordedPaths(const Figures& figures, Paths& paths) {
  const ReportState& report = figures.report();
  AddMoneyPaths(figures, paths);
  for (const auto& [path, timeline] : report.statements()) {
    if (timeline.At(figures.as_of()) != nullptr) AddPath(path, paths);
  }
  for (const auto& [id, timeline] : report.activities()) {
    if (timeline.At(figures.as_of()) != nullptr) {
      AddPath(absl::StrCat("activity[", id, "]"), paths);
    }
  }
  for (const auto& [name, timeline] : report.headcount()) {
    if (timeline.At(figures.as_of()) != nullptr) {
      AddPath(absl::StrCat("headcount.", name), paths);
    }
  }
}

// The scores that the report has, each kind on its own.
void AddScorePaths(const Figures& figures, Paths& paths) {
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
      if (figures.Value(*parsed).has_number()) paths.emplace(path, *parsed);
    }
  }
}

}  // namespace

v1::Figure MakeFigure(const Figures& figures, const FigurePath& path) {
  return Labelled(path, path.ToString(), FigureLabel(figures, path), figures);
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
  std::vector<FormRow> rows = FormRows(figures);
  Paths others;
  AddRecordedPaths(figures, others);
  AddScorePaths(figures, others);
  std::vector<v1::Figure> list;
  list.reserve(rows.size() + others.size());
  for (FormRow& row : rows) {
    others.erase(row.path);
    list.push_back(Labelled(row.figure, std::move(row.path),
                            std::move(row.label), figures));
    list.back().set_in_form(true);
  }
  for (const auto& [name, path] : others) {
    list.push_back(Labelled(path, name, FigureLabel(figures, path), figures));
  }
  return list;
}

}  // namespace daybook
