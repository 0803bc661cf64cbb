#include "core/report/figures.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/base/check.h"
#include "core/base/decimal.h"
#include "core/budget/fiscal_date.h"
#include "core/scoring/rules.h"

namespace daybook {
namespace {

constexpr uint32_t rate_scale = 2;

v1::FigureValue Blank() { return EmptyValue(v1::EMPTINESS_BLANK); }

v1::FigureValue AmountValue(int64_t fen) {
  v1::FigureValue value;
  value.set_amount_fen(fen);
  return value;
}

v1::FigureValue ToValue(const FigureStatement& statement) {
  if (const auto* prior = std::get_if<v1::PriorYearFigureStated>(&statement)) {
    return AmountValue(prior->amount_fen());
  }
  switch (std::get<v1::FigureStated>(statement).statement()) {
    case v1::FigureStated::STATEMENT_ZERO:
      return AmountValue(0);
    case v1::FigureStated::STATEMENT_NONE:
      return EmptyValue(v1::EMPTINESS_NONE);
    case v1::FigureStated::STATEMENT_NOT_APPLICABLE:
      return EmptyValue(v1::EMPTINESS_NOT_APPLICABLE);
    default:
      break;
  }
  DAYBOOK_CHECK(false);
  return Blank();
}

}  // namespace

Figures::Figures(const ReportState& report, const DepartmentState& department,
                 absl::CivilDay as_of)
    : report_(report),
      department_(department),
      as_of_(as_of),
      interim_(as_of < LastDay(report.name().fiscal_year())),
      form_(Form::Find(report.opened().form())),
      rows_(report) {
  const auto day = static_cast<DayOfYear>(absl::GetYearDay(as_of));
  sums_.resize(report.money().size());
  for (const uint32_t bucket : rows_.counted()) {
    sums_[bucket] = report.money()[bucket].timeline.At(day);
  }
  MakeSheet();
}

MoneySum Figures::SumOf(absl::Span<const uint32_t> buckets) const {
  MoneySum sum;
  for (const uint32_t bucket : buckets) {
    sum.fen += sums_[bucket].fen;
    sum.events += sums_[bucket].events;
  }
  return sum;
}

int64_t Figures::LateAdjustments() const {
  int64_t late = 0;
  for (size_t i = 0; i < sums_.size(); ++i) {
    if (report_.money()[i].bucket.kind == MoneyKind::kLate) {
      late += sums_[i].events;
    }
  }
  return late;
}

bool Figures::IsOpened(v1::Fund fund) const {
  const auto& funds = report_.opened().funds();
  return std::find(funds.begin(), funds.end(), fund) != funds.end();
}

bool Figures::IsZeroWithoutEvents(const LineFilter& lines,
                                  Measure measure) const {
  if (!lines.IsPlainRow() || !IsOpened(*lines.fund)) return false;
  if (!lines.project.empty() && !department_.projects.contains(lines.project)) {
    return false;
  }
  switch (measure) {
    case Measure::kApproved:
    case Measure::kAdjustment:
    case Measure::kExecuted:
    case Measure::kOpeningCarryover:
    case Measure::kClosingCarryover:
      return true;
    case Measure::kIncome:
      return lines.nature == LineFilter::NatureRow::kAny;
    default:
      return false;
  }
}

std::optional<v1::FigureValue> Figures::Stated(const std::string& path) const {
  const auto timeline = report_.statements().find(path);
  if (timeline == report_.statements().end()) return std::nullopt;
  const FigureStatement* statement = timeline->second.At(as_of_);
  if (statement == nullptr) return std::nullopt;
  return ToValue(*statement);
}

Figures::Money Figures::Recorded(const LineFilter& lines,
                                 Measure measure) const {
  const MoneySum sum = SumOf(BucketsOf(lines, measure));
  if (sum.events > 0) {
    return {AmountValue(SignOf(measure) * sum.fen), true};
  }
  if (auto stated = Stated(MoneyPath(lines, measure))) {
    return {*std::move(stated), false};
  }
  return {IsZeroWithoutEvents(lines, measure) ? AmountValue(0) : Blank(),
          false};
}

Figures::Money Figures::Add(const LineFilter& lines, Measure measure,
                            const MoneyFormula& formula) const {
  int64_t fen = 0;
  bool any = false;
  bool has_events = false;
  for (const MoneyTerm& term : formula.terms) {
    const Money money = MoneyValue(term.lines, term.measure);
    has_events = has_events || money.has_events;
    if (!money.value.has_amount_fen()) continue;
    any = true;
    // All absolute amounts together stay below 2^62.
    fen += term.sign * money.value.amount_fen();
  }
  if (!has_events) {
    if (auto stated = Stated(MoneyPath(lines, measure))) {
      return {*std::move(stated), false};
    }
  }
  return {any ? AmountValue(fen) : Blank(), has_events};
}

Figures::Money Figures::MoneyValue(const LineFilter& lines,
                                   Measure measure) const {
  const MoneyFormula formula = FormulaOf(lines, measure, report_.opened());
  switch (formula.kind) {
    case MoneyFormula::Kind::kStated:
      return {Stated(MoneyPath(lines, measure)).value_or(Blank()), false};
    case MoneyFormula::Kind::kAddition:
      return Add(lines, measure, formula);
    case MoneyFormula::Kind::kPercentage:
      return Rate(lines, measure, formula);
    case MoneyFormula::Kind::kEvents:
      break;
  }
  return Recorded(lines, measure);
}

Figures::Money Figures::Rate(const LineFilter& lines, Measure measure,
                             const MoneyFormula& formula) const {
  const Money executed =
      MoneyValue(formula.terms[0].lines, formula.terms[0].measure);
  const Money base =
      MoneyValue(formula.terms[1].lines, formula.terms[1].measure);
  if (executed.value.has_amount_fen() && base.value.has_amount_fen() &&
      base.value.amount_fen() > 0) {
    const absl::StatusOr<Decimal> rate = Decimal::DivideRoundHalfAwayFromZero(
        static_cast<Int128>(executed.value.amount_fen()) * 100,
        base.value.amount_fen(), rate_scale);
    // A rate beyond 10^14 percent: so small a base says nothing.
    return {rate.ok() ? NumberValue(*rate) : Blank(), true};
  }
  if (executed.has_events || base.has_events) return {Blank(), true};
  return {Stated(MoneyPath(lines, measure)).value_or(Blank()), false};
}

v1::FigureValue Figures::HeadcountValue(absl::string_view name) const {
  const auto number = [&](const char* of) -> std::optional<int32_t> {
    const auto timeline = report_.headcount().find(of);
    if (timeline == report_.headcount().end()) return std::nullopt;
    const int32_t* value = timeline->second.At(as_of_);
    return value == nullptr ? std::nullopt : std::optional(*value);
  };
  if (name != "control_rate") {
    const std::optional<int32_t> value = number(std::string(name).c_str());
    return value.has_value() ? NumberValue(Decimal(*value, 0)) : Blank();
  }
  const std::optional<int32_t> quota = number("quota");
  const std::optional<int32_t> actual = number("actual");
  if (!quota.has_value() || !actual.has_value() || *quota == 0) return Blank();
  const absl::StatusOr<Decimal> rate = Decimal::DivideRoundHalfAwayFromZero(
      Int128{*actual} * 100, *quota, rate_scale);
  DAYBOOK_CHECK(rate.ok());
  return NumberValue(*rate);
}

std::optional<absl::Span<const uint32_t>> Figures::BucketsOfTopic(
    const FigurePath& path) const {
  if (form_ == nullptr) return std::nullopt;
  const std::optional<TopicFigure> topic = form_->FindTopicFigure(path.name);
  if (!topic.has_value() || topic->row == nullptr ||
      topic->measure == Measure::kPriorExecuted) {
    return std::nullopt;
  }
  const MoneyKind kind = topic->measure == Measure::kApproved
                             ? MoneyKind::kApprovedOfWhich
                             : MoneyKind::kExecuted;
  return rows_.FindTopic(*topic->row, kind, path.lines.scope_project);
}

v1::FigureValue Figures::TopicValue(const FigurePath& path) const {
  constexpr absl::string_view headcount = "headcount.";
  const std::string& scope = path.lines.scope_project;
  // Only the whole department counts its people.
  if (absl::StartsWith(path.name, headcount) && scope.empty()) {
    const v1::FigureValue value =
        HeadcountValue(absl::string_view(path.name).substr(headcount.size()));
    return value.has_empty() ? Stated(path.ToString()).value_or(value) : value;
  }
  if (const auto buckets = BucketsOfTopic(path)) {
    const MoneySum sum = SumOf(*buckets);
    if (sum.events > 0) return AmountValue(sum.fen);
  }
  return Stated(path.ToString()).value_or(Blank());
}

v1::FigureValue Figures::ActivityValue(const FigurePath& path) const {
  const std::string& scope = path.lines.scope_project;
  const auto timeline = report_.activities().find(path.name);
  const v1::ActivityRecorded* activity = timeline == report_.activities().end()
                                             ? nullptr
                                             : timeline->second.At(as_of_);
  if (activity == nullptr || (!scope.empty() && activity->project() != scope)) {
    return Stated(path.ToString()).value_or(Blank());
  }
  return NumberValue(ToDecimal(activity->quantity().value()));
}

v1::FigureValue Figures::Value(const FigurePath& path) const {
  switch (path.family) {
    case FigurePath::Family::kMoney:
      return MoneyValue(path.lines, path.measure).value;
    case FigurePath::Family::kTopic:
      return TopicValue(path);
    case FigurePath::Family::kActivity:
      return ActivityValue(path);
    case FigurePath::Family::kScore:
      // The sheet is the department's; no single project has its scores.
      return sheet_.has_value() && path.lines.scope_project.empty()
                 ? sheet_->Value(path)
                 : Blank();
  }
  return Blank();
}

std::string Figures::Unit(const FigurePath& path) const {
  switch (path.family) {
    case FigurePath::Family::kMoney:
      return path.measure == Measure::kExecutionRate ||
                     path.measure == Measure::kExecutionRateApproved
                 ? "%"
                 : "万元";
    case FigurePath::Family::kScore:
      return path.name == "grade" && !path.is_indicator ? "" : "分";
    case FigurePath::Family::kActivity: {
      const auto timeline = report_.activities().find(path.name);
      if (timeline == report_.activities().end()) return "";
      const v1::ActivityRecorded* activity = timeline->second.At(as_of_);
      return activity == nullptr ? "" : activity->quantity().unit();
    }
    case FigurePath::Family::kTopic:
      break;
  }
  if (path.name == "headcount.control_rate") return "%";
  if (absl::StartsWith(path.name, "headcount.")) return "人";
  const std::optional<TopicFigure> topic =
      form_ == nullptr ? std::nullopt : form_->FindTopicFigure(path.name);
  return topic.has_value() && topic->row != nullptr ? "万元" : "";
}

}  // namespace daybook
