#include "core/report/figure_label.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "core/budget/code_list.h"
#include "core/budget/form.h"

namespace daybook {
namespace {

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
    case Measure::kAllocatedCarryover:
      return "结转下达数";
    case Measure::kAdvances:
      return "暂付款余额";
    case Measure::kPriorRefunded:
      return "上年支出收回数";
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
    } else if (path.name == "grade") {
      return "等级";
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

}  // namespace

std::string FigureLabel(const Figures& figures, const FigurePath& path) {
  return Labels(figures).Of(path);
}

}  // namespace daybook
