#include "clients/cli/report_sheets.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "clients/cli/coordinates_text.h"
#include "clients/cli/display_width.h"
#include "clients/cli/history_text.h"
#include "clients/cli/report_evidence.h"
#include "core/base/decimal.h"
#include "core/budget/code_list.h"
#include "core/budget/figure_path.h"
#include "core/budget/fiscal_date.h"
#include "core/budget/resource_name.h"
#include "core/scoring/rules.h"

namespace daybook::cli {
namespace {

using Kind = PrintedRow::Kind;
using NatureRow = LineFilter::NatureRow;

// What one cell of a workbook holds; a longer paragraph goes on in the next.
constexpr size_t paragraph_bytes_max = 30'000;

constexpr std::array<std::pair<Measure, const char*>, 5> money_columns = {{
    {Measure::kApproved, "年初预算"},
    {Measure::kAdjustment, "调整"},
    {Measure::kAdjusted, "全年预算"},
    {Measure::kExecuted, "执行"},
    {Measure::kPriorExecuted, "上年决算"},
}};

std::string Shown(absl::string_view text) {
  const std::vector<absl::string_view> lines = absl::StrSplit(text, '\n');
  return absl::StrJoin(lines, "\n",
                       [](std::string* out, absl::string_view line) {
                         out->append(Printable(line));
                       });
}

PrintedCell Label(absl::string_view text) { return {Shown(text)}; }

PrintedCell NumberHeading(absl::string_view text) {
  return {Shown(text), "", true};
}

// The lines of a text, each short enough for a cell.
std::vector<std::string> Paragraphs(absl::string_view text) {
  std::vector<std::string> paragraphs;
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    while (line.size() > paragraph_bytes_max) {
      size_t end = paragraph_bytes_max;
      while ((static_cast<unsigned char>(line[end]) & 0xC0) == 0x80) --end;
      paragraphs.emplace_back(line.substr(0, end));
      line.remove_prefix(end);
    }
    paragraphs.emplace_back(line);
  }
  return paragraphs;
}

class SheetMaker {
 public:
  SheetMaker(const v1::Report& report, MoneyUnit unit)
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

  PrintedSheets Make() {
    Begin("基础数据");
    AddTitle();
    AddMoney();
    AddForm();
    Begin("绩效自评");
    AddScoreSheet();
    Begin("报告正文");
    AddActivities();
    AddNarrative();
    return std::move(sheets_);
  }

  PrintedSheet Figures() {
    Begin("全部数据项");
    Add(Kind::kHeading, "六、全部数据项");
    AddRow(Kind::kHeader, {Label("路径"), Label("数据项"),
                           NumberHeading("数值"), Label("单位")});
    for (const v1::Figure& figure : report_.figures()) {
      AddRow(Kind::kCells, {Label(figure.path()), Label(figure.label()),
                            Value(figure.value(), figure.path()),
                            Label(FormatUnit(figure.unit(), unit_))});
    }
    return std::move(sheets_.front());
  }

 private:
  void Begin(const char* name) { sheets_.push_back({name, {}}); }

  void AddRow(Kind kind, std::vector<PrintedCell> cells) {
    sheets_.back().rows.push_back({kind, std::move(cells)});
  }

  void Add(Kind kind, absl::string_view text, std::string figure = "") {
    AddRow(kind, {{Shown(text), std::move(figure)}});
  }

  // Lines, without the end of the last.
  void AddLines(absl::string_view text) {
    for (const absl::string_view line : absl::StrSplit(text, '\n')) {
      if (!line.empty()) Add(Kind::kLine, line);
    }
  }

  PrintedCell Value(const v1::FigureValue& value, std::string figure) const {
    return {Shown(FormatFigureValue(value, unit_)), std::move(figure), true};
  }

  PrintedCell ValueOf(const std::string& path) const {
    const auto figure = figures_.find(path);
    if (figure == figures_.end()) return {"", path, true};
    return Value(figure->second->value(), path);
  }

  // A row without event and statement is not listed; where its fund is opened
  // it is 0, else blank.
  PrintedCell MoneyCell(const LineFilter& lines, Measure measure) const {
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
      return Value(zero, path);
    }
    return ValueOf(path);
  }

  void AddTitle() {
    v1::ResolvedCoordinates coordinates;
    *coordinates.mutable_as_of() = report_.as_of();
    coordinates.set_size(report_.size());
    coordinates.set_recorded_time_us(report_.recorded_time_us());
    coordinates.set_policy(report_.policy());
    coordinates.set_projection_version(report_.projection_version());
    Add(Kind::kTitle,
        Printable(absl::StrCat(
            report_.department_name(), " ", fiscal_year_, "年度",
            report_.form_title().empty() ? "报告" : report_.form_title())));
    Add(Kind::kLine, report_.name());
    AddLines(CoordinatesText(coordinates));
    AddLines(ClosingText(report_));
    if (report_.interim()) {
      Add(Kind::kLine, "年末前：得分为阶段性得分，不评等级");
    }
  }

  // The rows that money stands on, fund by fund, each with its parts below it.
  void AddMoney() {
    using Order = std::tuple<int, int, std::string>;
    std::map<Order, LineFilter> rows;
    for (const auto& [path, figure] : figures_) {
      const absl::StatusOr<FigurePath> parsed = FigurePath::Parse(path);
      if (!parsed.ok() || parsed->family != FigurePath::Family::kMoney ||
          !parsed->lines.IsPlainRow() || !IsColumn(parsed->measure) ||
          FormatFigureValue(figure->value(), unit_).empty()) {
        continue;
      }
      const LineFilter& lines = parsed->lines;
      rows.emplace(Order(lines.fund.has_value() ? *lines.fund : 0,
                         static_cast<int>(lines.nature), lines.project),
                   lines);
      money_paths_.insert(path);
    }
    Add(Kind::kHeading,
        absl::StrCat("一、资金（", FormatUnit("万元", unit_), "）"));
    std::vector<PrintedCell> header = {Label("资金")};
    for (const auto& [measure, title] : money_columns) {
      header.push_back(NumberHeading(title));
    }
    AddRow(Kind::kHeader, std::move(header));
    for (const auto& [order, lines] : rows) {
      std::vector<PrintedCell> cells = {Label(RowName(lines))};
      for (const auto& [measure, title] : money_columns) {
        cells.push_back(MoneyCell(lines, measure));
      }
      AddRow(Kind::kCells, std::move(cells));
    }
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
  void AddForm() {
    Add(Kind::kHeading, "二、基础数据");
    AddRow(Kind::kHeader,
           {Label("项目"), NumberHeading("数值"), Label("单位")});
    for (const v1::Figure& figure : report_.figures()) {
      if (!figure.in_form() || money_paths_.contains(figure.path()) ||
          absl::StartsWith(figure.path(), "score.")) {
        continue;
      }
      PrintedCell value = Value(figure.value(), figure.path());
      const bool blank = value.text.empty();
      AddRow(Kind::kCells,
             {Label(figure.label()), std::move(value),
              Label(blank ? "" : FormatUnit(figure.unit(), unit_))});
    }
  }

  // With the initial target where it was revised.
  PrintedCell TargetCell(const v1::IndicatorRow& row) const {
    PrintedCell cell = Value(
        row.target(), absl::StrCat("indicator[", row.indicator(), "].target"));
    cell.text = absl::StrCat(
        Shown(row.printed_operator()), cell.text,
        row.has_initial_target()
            ? absl::StrCat(
                  " (原 ",
                  Shown(FormatFigureValue(row.initial_target(), unit_)), ")")
            : "");
    return cell;
  }

  // With its unit, where it is not the target's.
  PrintedCell ActualCell(const v1::IndicatorRow& row) const {
    PrintedCell cell = Value(
        row.actual(), absl::StrCat("indicator[", row.indicator(), "].actual"));
    const std::string unit = FormatUnit(row.actual_unit(), unit_);
    if (!unit.empty()) absl::StrAppend(&cell.text, " ", Shown(unit));
    return cell;
  }

  void AddScoreSheet() {
    if (report_.indicators().empty()) return;
    Add(Kind::kHeading, "三、绩效自评");
    AddRow(Kind::kHeader,
           {Label("一级指标"), Label("二级指标"), Label("三级指标"),
            NumberHeading("目标"), NumberHeading("实际"), Label("单位"),
            NumberHeading("分值"), NumberHeading("规则分"),
            NumberHeading("自评分"), NumberHeading("得分")});
    std::string level;
    for (const v1::IndicatorRow& row : report_.indicators()) {
      const std::string key = absl::StrCat("indicator[", row.indicator(), "]");
      AddRow(Kind::kCells,
             {Label(row.level1() == level ? "" : row.level1()),
              Label(row.level2()), Label(row.name()), TargetCell(row),
              ActualCell(row), Label(FormatUnit(row.unit(), unit_)),
              Value(row.weight(), absl::StrCat(key, ".weight")),
              Value(row.rule_score(), absl::StrCat("score.rule.", key)),
              Value(row.declared_score(), absl::StrCat("score.declared.", key)),
              Value(row.score(), absl::StrCat("score.", key))});
      level = row.level1();
    }
    AddTotals();
    bool first = true;
    for (const v1::IndicatorRow& row : report_.indicators()) {
      if (row.deviation_reason().empty()) continue;
      if (first) Add(Kind::kSubheading, "偏差原因及改进措施");
      first = false;
      Add(Kind::kLine, absl::StrCat(row.name(), "：", row.deviation_reason()),
          absl::StrCat("indicator[", row.indicator(), "].reason"));
    }
  }

  // Empty when a level has none.
  PrintedCell SumOfWeights() const {
    const PrintedCell none = {"", "", true};
    Decimal sum(0, 0);
    for (const v1::LevelRow& row : report_.levels()) {
      if (!row.weight().has_number()) return none;
      const auto more = sum.Plus(ToDecimal(row.weight().number()));
      if (!more.ok()) return none;
      sum = *more;
    }
    return {sum.ToString(), "", true};
  }

  void AddTotals() {
    if (report_.levels().empty()) return;
    const PrintedCell none = {"", "", true};
    AddRow(Kind::kHeader, {Label("汇总"), NumberHeading("分值"),
                           NumberHeading("规则分"), NumberHeading("得分")});
    for (const v1::LevelRow& row : report_.levels()) {
      AddRow(
          Kind::kCells,
          {Label(row.label()),
           Value(row.weight(), absl::StrCat("level[", row.level(), "].weight")),
           Value(row.rule_score(), absl::StrCat("score.rule.", row.level())),
           Value(row.score(), absl::StrCat("score.", row.level()))});
    }
    if (report_.interim()) {
      AddRow(Kind::kTotals, {Label("已评部分"), ValueOf("score.assessable"),
                             none, ValueOf("score.earned")});
      AddRow(Kind::kTotals,
             {Label("待评部分"), ValueOf("score.pending"), none, none});
    } else {
      AddRow(Kind::kTotals,
             {Label("总分"), SumOfWeights(), ValueOf("score.rule.total"),
              ValueOf("score.total")});
      AddRow(Kind::kTotals,
             {Label("等级"), none, none, ValueOf("score.grade")});
    }
  }

  void AddActivities() {
    bool any = false;
    for (const v1::Figure& figure : report_.figures()) {
      if (!absl::StartsWith(figure.path(), "activity[")) continue;
      if (!any) {
        Add(Kind::kHeading, "四、履职情况");
        AddRow(Kind::kHeader,
               {Label("活动"), NumberHeading("数值"), Label("单位")});
      }
      any = true;
      AddRow(Kind::kCells,
             {Label(figure.label()), Value(figure.value(), figure.path()),
              Label(figure.unit())});
    }
  }

  void AddNarrative() {
    if (report_.sections().empty()) return;
    Add(Kind::kHeading, "五、报告正文");
    for (const v1::NarrativeSection& section : report_.sections()) {
      const std::string key = absl::StrCat("section[", section.section(), "]");
      Add(Kind::kSubheading, section.title(), key);
      for (const std::string& paragraph : Paragraphs(section.text())) {
        Add(Kind::kProse, paragraph, key);
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
  PrintedSheets sheets_;
};

}  // namespace

PrintedSheets ReportSheets(const v1::Report& report, MoneyUnit unit) {
  return SheetMaker(report, unit).Make();
}

PrintedSheet FiguresSheet(const v1::Report& report, MoneyUnit unit) {
  return SheetMaker(report, unit).Figures();
}

PrintedSheets FileSheets(const v1::Report& report, MoneyUnit unit) {
  PrintedSheets sheets = ReportSheets(report, unit);
  sheets.push_back(FiguresSheet(report, unit));
  sheets.push_back(EvidenceSheet(report, unit));
  return sheets;
}

}  // namespace daybook::cli
