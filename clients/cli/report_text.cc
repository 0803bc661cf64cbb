#include "clients/cli/report_text.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "clients/cli/coordinates_text.h"
#include "clients/cli/csv.h"
#include "clients/cli/display_width.h"
#include "clients/cli/history_text.h"
#include "clients/cli/table.h"
#include "core/base/decimal.h"
#include "core/budget/code_list.h"
#include "core/budget/figure_path.h"
#include "core/budget/fiscal_date.h"
#include "core/budget/resource_name.h"
#include "core/scoring/rules.h"

namespace daybook::cli {
namespace {

using Align = Table::Align;
using NatureRow = LineFilter::NatureRow;

constexpr size_t text_columns = 80;

constexpr std::array<std::pair<Measure, const char*>, 5> money_columns = {{
    {Measure::kApproved, "年初预算"},
    {Measure::kAdjustment, "调整"},
    {Measure::kAdjusted, "全年预算"},
    {Measure::kExecuted, "执行"},
    {Measure::kPriorExecuted, "上年决算"},
}};

std::string Heading(const std::string& title) {
  return absl::StrCat("\n", title, "\n\n");
}

class ReportPrinter {
 public:
  ReportPrinter(const v1::Report& report, MoneyUnit unit)
      : report_(report), unit_(unit) {
    for (const v1::Figure& figure : report.figures()) {
      figures_.emplace(figure.path(), &figure);
    }
    const auto name = ResourceName::Parse(report.name());
    if (name.ok()) fiscal_year_ = name->fiscal_year();
    for (const v1::ProjectRegistered& project : report.projects()) {
      project_names_.emplace(project.key(), project.name());
    }
  }

  std::string Print(bool with_text) {
    PrintTitle();
    PrintMoney();
    PrintForm();
    PrintScoreSheet();
    if (with_text) {
      PrintActivities();
      PrintNarrative();
    }
    return std::move(out_);
  }

 private:
  std::string Value(const v1::FigureValue& value) const {
    return FormatFigureValue(value, unit_);
  }

  // A row without event and statement is not listed; where its fund is opened
  // it is 0, else blank.
  std::string MoneyCell(const LineFilter& lines, Measure measure) const {
    const std::string path =
        absl::StrCat(LineFilterToString(lines), ".", MeasureName(measure));
    const auto& funds = report_.funds();
    const bool opened =
        !lines.fund.has_value() ||
        std::find(funds.begin(), funds.end(), *lines.fund) != funds.end();
    if (opened && measure != Measure::kPriorExecuted &&
        !figures_.contains(path)) {
      v1::FigureValue zero;
      zero.set_amount_fen(0);
      return Value(zero);
    }
    return ValueOf(path);
  }

  std::string ValueOf(const std::string& path) const {
    const auto figure = figures_.find(path);
    return figure == figures_.end() ? "" : Value(figure->second->value());
  }

  void PrintTitle() {
    v1::ResolvedCoordinates coordinates;
    *coordinates.mutable_as_of() = report_.as_of();
    coordinates.set_size(report_.size());
    coordinates.set_recorded_time_us(report_.recorded_time_us());
    coordinates.set_policy(report_.policy());
    coordinates.set_projection_version(report_.projection_version());
    absl::StrAppend(
        &out_,
        Printable(absl::StrCat(
            report_.department_name(), " ", fiscal_year_, "年度",
            report_.form_title().empty() ? "报告" : report_.form_title())),
        "\n", Printable(report_.name()), "\n", CoordinatesText(coordinates),
        "\n", ClosingText(report_));
    if (report_.interim()) {
      absl::StrAppend(&out_, "年末前：得分为阶段性得分，不评等级\n");
    }
  }

  // The rows that money stands on, fund by fund, each with its parts below it.
  void PrintMoney() {
    using Order = std::tuple<int, int, std::string>;
    std::map<Order, LineFilter> rows;
    for (const auto& [path, figure] : figures_) {
      const absl::StatusOr<FigurePath> parsed = FigurePath::Parse(path);
      if (!parsed.ok() || parsed->family != FigurePath::Family::kMoney ||
          !parsed->lines.IsPlainRow() || !IsColumn(parsed->measure) ||
          Value(figure->value()).empty()) {
        continue;
      }
      const LineFilter& lines = parsed->lines;
      rows.emplace(Order(lines.fund.has_value() ? *lines.fund : 0,
                         static_cast<int>(lines.nature), lines.project),
                   lines);
      money_paths_.insert(path);
    }
    std::vector<Table::Column> columns = {{"资金"}};
    for (const auto& [measure, title] : money_columns) {
      columns.push_back({title, Align::kRight});
    }
    Table table(std::move(columns));
    for (const auto& [order, lines] : rows) {
      std::vector<std::string> cells = {RowName(lines)};
      for (const auto& [measure, title] : money_columns) {
        cells.push_back(MoneyCell(lines, measure));
      }
      table.AddRow(std::move(cells));
    }
    absl::StrAppend(
        &out_,
        Heading(absl::StrCat("一、资金（", FormatUnit("万元", unit_), "）")),
        table.ToString());
  }

  static bool IsColumn(Measure measure) {
    return std::any_of(
        money_columns.begin(), money_columns.end(),
        [&](const auto& column) { return column.first == measure; });
  }

  std::string RowName(const LineFilter& lines) const {
    const CodeList& codes = CodeList::ForFiscalYear(fiscal_year_);
    const auto nature = [&](const char* code) {
      return std::string(codes.Name(CodeList::Kind::kNature, code));
    };
    if (!lines.project.empty()) {
      const auto name = project_names_.find(lines.project);
      return absl::StrCat(
          "    ", name == project_names_.end() ? lines.project : name->second);
    }
    switch (lines.nature) {
      case NatureRow::kAny:
        break;
      case NatureRow::kBasic:
        return "  " + nature("basic");
      case NatureRow::kPersonnel:
        return "    " + nature("personnel");
      case NatureRow::kOperating:
        return "    " + nature("operating");
      case NatureRow::kProject:
        return "  " + nature("project");
    }
    return std::string(
        codes.Name(CodeList::Kind::kFund,
                   lines.fund.has_value() ? FundName(*lines.fund) : "all"));
  }

  // Rows of the form that are not in the table above and are no scores.
  void PrintForm() {
    Table table({{"项目"}, {"数值", Align::kRight}, {"单位"}});
    for (const v1::Figure& figure : report_.figures()) {
      if (!figure.in_form() || money_paths_.contains(figure.path()) ||
          absl::StartsWith(figure.path(), "score.")) {
        continue;
      }
      const std::string value = Value(figure.value());
      table.AddRow({figure.label(), value,
                    value.empty() ? "" : FormatUnit(figure.unit(), unit_)});
    }
    absl::StrAppend(&out_, Heading("二、基础数据"), table.ToString());
  }

  // With the initial target where it was revised.
  std::string TargetCell(const v1::IndicatorRow& row) const {
    return absl::StrCat(
        row.printed_operator(), Value(row.target()),
        row.has_initial_target()
            ? absl::StrCat(" (原 ", Value(row.initial_target()), ")")
            : "");
  }

  // With its unit, where it is not the target's.
  std::string ActualCell(const v1::IndicatorRow& row) const {
    const std::string unit = FormatUnit(row.actual_unit(), unit_);
    return unit.empty() ? Value(row.actual())
                        : absl::StrCat(Value(row.actual()), " ", unit);
  }

  void PrintScoreSheet() {
    if (report_.indicators().empty()) return;
    Table table({{"一级指标"},
                 {"二级指标"},
                 {"三级指标"},
                 {"目标", Align::kRight},
                 {"实际", Align::kRight},
                 {"单位"},
                 {"分值", Align::kRight},
                 {"规则分", Align::kRight},
                 {"自评分", Align::kRight},
                 {"得分", Align::kRight}});
    std::string level;
    std::string reasons;
    for (const v1::IndicatorRow& row : report_.indicators()) {
      table.AddRow({row.level1() == level ? "" : row.level1(), row.level2(),
                    row.name(), TargetCell(row), ActualCell(row),
                    FormatUnit(row.unit(), unit_), Value(row.weight()),
                    Value(row.rule_score()), Value(row.declared_score()),
                    Value(row.score())});
      level = row.level1();
      if (!row.deviation_reason().empty()) {
        absl::StrAppend(&reasons, row.name(), "：", row.deviation_reason(),
                        "\n");
      }
    }
    absl::StrAppend(&out_, Heading("三、绩效自评"), table.ToString());
    PrintTotals();
    if (!reasons.empty()) {
      absl::StrAppend(&out_, "\n偏差原因及改进措施\n", reasons);
    }
  }

  // Empty when a level has none.
  std::string SumOfWeights() const {
    Decimal sum(0, 0);
    for (const v1::LevelRow& row : report_.levels()) {
      if (!row.weight().has_number()) return "";
      const auto more = sum.Plus(ToDecimal(row.weight().number()));
      if (!more.ok()) return "";
      sum = *more;
    }
    v1::FigureValue value;
    *value.mutable_number() = ToProto(sum);
    return Value(value);
  }

  void PrintTotals() {
    if (report_.levels().empty()) return;
    Table table({{"汇总"},
                 {"分值", Align::kRight},
                 {"规则分", Align::kRight},
                 {"得分", Align::kRight}});
    for (const v1::LevelRow& row : report_.levels()) {
      table.AddRow({row.label(), Value(row.weight()), Value(row.rule_score()),
                    Value(row.score())});
    }
    table.AddRule();
    if (report_.interim()) {
      table.AddRow({"已评部分", ValueOf("score.assessable"), "",
                    ValueOf("score.earned")});
      table.AddRow({"待评部分", ValueOf("score.pending"), "", ""});
    } else {
      table.AddRow({"总分", SumOfWeights(), ValueOf("score.rule.total"),
                    ValueOf("score.total")});
      table.AddRow({"等级", "", "", ValueOf("score.grade")});
    }
    absl::StrAppend(&out_, "\n", table.ToString());
  }

  void PrintActivities() {
    Table table({{"活动"}, {"数值", Align::kRight}, {"单位"}});
    bool any = false;
    for (const v1::Figure& figure : report_.figures()) {
      if (!absl::StartsWith(figure.path(), "activity[")) continue;
      any = true;
      table.AddRow({figure.label(), Value(figure.value()), figure.unit()});
    }
    if (any) {
      absl::StrAppend(&out_, Heading("四、履职情况"), table.ToString());
    }
  }

  void PrintNarrative() {
    if (report_.sections().empty()) return;
    absl::StrAppend(&out_, "\n五、报告正文\n");
    for (const v1::NarrativeSection& section : report_.sections()) {
      absl::StrAppend(&out_, "\n", Printable(section.title()), "\n");
      for (const std::string& line : Wrap(section.text(), text_columns)) {
        absl::StrAppend(&out_, line, "\n");
      }
    }
  }

  const v1::Report& report_;
  const MoneyUnit unit_;
  int fiscal_year_ = 0;
  std::map<std::string, const v1::Figure*> figures_;
  std::map<std::string, std::string> project_names_;
  // Paths that the money table shows.
  std::set<std::string> money_paths_;
  std::string out_;
};

}  // namespace

std::string ReportText(const v1::Report& report, MoneyUnit unit) {
  return ReportPrinter(report, unit).Print(true);
}

std::string ReportTables(const v1::Report& report, MoneyUnit unit) {
  return ReportPrinter(report, unit).Print(false);
}

std::string ReportCsv(const v1::Report& report, MoneyUnit unit) {
  std::string csv = CsvRow({"figure", "label", "value", "unit"});
  for (const v1::Figure& figure : report.figures()) {
    csv += CsvRow({figure.path(), figure.label(),
                   FormatFigureValue(figure.value(), unit),
                   FormatUnit(figure.unit(), unit)});
  }
  return csv;
}

}  // namespace daybook::cli
