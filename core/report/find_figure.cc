#include "core/report/find_figure.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/base/edit_distance.h"
#include "core/budget/code_list.h"
#include "core/budget/form.h"
#include "core/report/figure_list.h"

namespace daybook {
namespace {

std::string NearestPaths(const Figures& figures, absl::string_view path) {
  constexpr size_t nearest_max = 3;
  path = path.substr(0, figure_path_bytes_max);
  std::vector<std::pair<size_t, std::string>> near;
  for (const v1::Figure& figure : ListFigures(figures)) {
    near.emplace_back(EditDistance(path, figure.path()), figure.path());
  }
  std::sort(near.begin(), near.end());
  if (near.size() > nearest_max) near.resize(nearest_max);
  return absl::StrJoin(near, ", ", [](std::string* out, const auto& entry) {
    absl::StrAppend(out, entry.second);
  });
}

bool HasProject(const Figures& figures, const std::string& key) {
  return key.empty() || figures.department().projects.contains(key);
}

// Codes and units that neither the year's lists nor the report's lines have
// are mistyped.
bool HasCodes(const Figures& figures, const LineFilter& lines) {
  const ReportState& report = figures.report();
  const CodeList& codes = CodeList::ForFiscalYear(report.name().fiscal_year());
  const auto has = [&](const std::string& code, CodeList::Kind kind,
                       const std::string& (v1::Line::*of)() const) {
    return code.empty() || !codes.Name(kind, code).empty() ||
           std::any_of(report.money().begin(), report.money().end(),
                       [&](const BucketState& state) {
                         return absl::StartsWith((state.bucket.line.*of)(),
                                                 code);
                       });
  };
  return has(lines.function, CodeList::Kind::kFunction,
             &v1::Line::function_code) &&
         has(lines.economic, CodeList::Kind::kEconomic,
             &v1::Line::economic_code) &&
         (lines.unit.empty() ||
          std::any_of(report.money().begin(), report.money().end(),
                      [&](const BucketState& state) {
                        return state.bucket.line.unit() == lines.unit;
                      }));
}

bool HasScore(const Figures& figures, const FigurePath& path) {
  const ReportState& report = figures.report();
  if (path.is_indicator) {
    const auto& order = report.indicator_order();
    return std::find(order.begin(), order.end(), path.name) != order.end();
  }
  for (const char* name : {"execution", "indicators", "total", "grade",
                           "earned", "assessable", "pending"}) {
    if (path.name == name) return true;
  }
  if (report.policy() == nullptr) return false;
  const auto& levels = report.policy()->levels();
  return std::any_of(levels.begin(), levels.end(), [&](const auto& level) {
    return level.id() == path.name;
  });
}

bool CanHave(const Figures& figures, const FigurePath& path) {
  if (!HasProject(figures, path.lines.project) ||
      !HasProject(figures, path.lines.scope_project)) {
    return false;
  }
  const ReportState& report = figures.report();
  switch (path.family) {
    case FigurePath::Family::kMoney:
      return HasCodes(figures, path.lines);
    case FigurePath::Family::kTopic:
      return report.statements().contains(path.ToString()) ||
             (figures.form() != nullptr &&
              figures.form()->FindTopicFigure(path.name).has_value());
    case FigurePath::Family::kActivity:
      return report.activities().contains(path.name) ||
             report.statements().contains(path.ToString());
    case FigurePath::Family::kScore:
      return HasScore(figures, path);
  }
  return false;
}

}  // namespace

absl::StatusOr<FigurePath> FindFigure(const Figures& figures,
                                      absl::string_view path) {
  absl::StatusOr<FigurePath> parsed = FigurePath::Parse(path);
  if (!parsed.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("figure: ", parsed.status().message(),
                     "; nearest: ", NearestPaths(figures, path)));
  }
  if (CanHave(figures, *parsed)) return parsed;
  return absl::NotFoundError(
      absl::StrCat("figure: the report has no figure ", path,
                   "; nearest: ", NearestPaths(figures, path)));
}

}  // namespace daybook
