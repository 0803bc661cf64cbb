// The part of Figures that turns indicators, results and assessments into the
// rows of the score sheet.

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/check.h"
#include "core/base/decimal.h"
#include "core/budget/fiscal_date.h"
#include "core/report/figures.h"
#include "core/scoring/rules.h"

namespace daybook {
namespace {

// 万元 has 10^6 fen.
constexpr uint32_t fen_per_wan_yuan_scale = 6;

v1::FigureValue Blank() { return EmptyValue(v1::EMPTINESS_BLANK); }

std::optional<Decimal> NumberOf(const v1::FigureValue& value) {
  if (value.has_number()) return ToDecimal(value.number());
  if (value.has_amount_fen()) {
    return Decimal(value.amount_fen(), fen_per_wan_yuan_scale);
  }
  return std::nullopt;
}

// A declared score or weight with the two decimals that scores have.
Decimal ToScore(const v1::Decimal& decimal) {
  const absl::StatusOr<Decimal> score =
      ToDecimal(decimal).RoundHalfAwayFromZero(score_scale);
  DAYBOOK_CHECK(score.ok());
  return *score;
}

std::string UnitOf(const v1::MeasuredValue& value, const Figures& figures) {
  if (value.has_quantity()) return value.quantity().unit();
  if (value.value_case() != v1::MeasuredValue::kFigure) return "";
  const absl::StatusOr<FigurePath> path = FigurePath::Parse(value.figure());
  return path.ok() ? figures.Unit(*path) : "";
}

bool IsIncrement(const v1::IndicatorResultRecorded& result) {
  return result.mode() == v1::IndicatorResultRecorded::MODE_INCREMENT;
}

bool IsNotApplicable(const v1::IndicatorSet& indicator) {
  return indicator.operator_() == v1::IndicatorSet::OPERATOR_NOT_APPLICABLE;
}

}  // namespace

v1::FigureValue Figures::Resolve(const v1::MeasuredValue& measured) const {
  v1::FigureValue value;
  switch (measured.value_case()) {
    case v1::MeasuredValue::kQuantity:
      return NumberValue(ToDecimal(measured.quantity().value()));
    case v1::MeasuredValue::kDate:
      *value.mutable_date() = measured.date();
      return value;
    case v1::MeasuredValue::kWord:
      value.set_word(measured.word());
      return value;
    case v1::MeasuredValue::kFigure: {
      const absl::StatusOr<FigurePath> path =
          FigurePath::Parse(measured.figure());
      return path.ok() ? Value(*path) : Blank();
    }
    case v1::MeasuredValue::VALUE_NOT_SET:
      break;
  }
  return Blank();
}

std::optional<Figures::Indicator> Figures::FindIndicator(
    const std::string& key) const {
  const auto set = report_.indicator(key).HeldAt(as_of_);
  if (set.value == nullptr) return std::nullopt;
  Indicator indicator{set.value, &set.value->target(), set.place.second, {}};
  const auto timeline = report_.revisions().find(key);
  if (timeline == report_.revisions().end()) return indicator;
  const auto revised = timeline->second.HeldAt(as_of_);
  if (revised.value != nullptr && revised.place > set.place) {
    indicator.target = &revised.value->target();
    indicator.revised_position = revised.place.second;
  }
  return indicator;
}

std::vector<StatedTimeline<v1::IndicatorResultRecorded>::Held>
Figures::ResultParts(const std::string& indicator) const {
  const auto timeline = report_.results().find(indicator);
  if (timeline == report_.results().end()) return {};
  auto results = timeline->second.UpTo(as_of_);
  size_t first = results.size();
  while (first > 0 && IsIncrement(*results[first - 1].value)) --first;
  // results[first, end) are increments; before them stands the latest
  // cumulative result, where there is one.
  if (first > 0) --first;
  size_t end = std::min(first + 1, results.size());
  for (; end < results.size(); ++end) {
    const v1::MeasuredValue& base = results[first].value->value();
    if (!base.has_quantity() ||
        base.quantity().unit() !=
            results[end].value->value().quantity().unit()) {
      break;
    }
  }
  return {results.begin() + static_cast<ptrdiff_t>(first),
          results.begin() + static_cast<ptrdiff_t>(end)};
}

std::optional<v1::IndicatorResultRecorded> Figures::Result(
    const std::string& indicator) const {
  const auto parts = ResultParts(indicator);
  if (parts.empty()) return std::nullopt;
  v1::IndicatorResultRecorded sum = *parts[0].value;
  for (size_t i = 1; i < parts.size(); ++i) {
    v1::Decimal& total =
        *sum.mutable_value()->mutable_quantity()->mutable_value();
    const absl::StatusOr<Decimal> added = ToDecimal(total).Plus(
        ToDecimal(parts[i].value->value().quantity().value()));
    // Admission bounds the magnitudes, so that every sum fits.
    DAYBOOK_CHECK(added.ok());
    total = ToProto(*added);
  }
  return sum;
}

StatedTimeline<v1::IndicatorAssessed>::Held Figures::Assessment(
    const std::string& row) const {
  const auto timeline = report_.assessments().find(row);
  if (timeline == report_.assessments().end()) return {};
  return timeline->second.HeldAt(as_of_);
}

bool Figures::IsAssessable(const v1::IndicatorSet& indicator) const {
  if (!interim_) return true;
  switch (indicator.assessable()) {
    case v1::IndicatorSet::ASSESSABLE_ANY_TIME:
      return true;
    case v1::IndicatorSet::ASSESSABLE_YEAR_END:
      return false;
    default:
      break;
  }
  if (report_.policy() == nullptr) return true;
  for (const v1::PolicyLevel& level : report_.policy()->levels()) {
    if (level.id() == indicator.level()) return !level.assessed_at_year_end();
  }
  return true;
}

std::optional<Decimal> Figures::RuleScore(
    const Indicator& indicator,
    const v1::IndicatorResultRecorded& result) const {
  const Decimal weight = ToScore(indicator.set->weight());
  const v1::IndicatorSet::Operator op = indicator.set->operator_();
  if (op == v1::IndicatorSet::OPERATOR_QUALITATIVE) {
    if (!result.has_attainment_percent()) return std::nullopt;
    return QualitativeScore(weight, ToDecimal(result.attainment_percent()));
  }
  const v1::FigureValue target = Resolve(*indicator.target);
  const v1::FigureValue actual = Resolve(result.value());
  if (target.has_date() && actual.has_date()) {
    return DateScore(op, weight, *ToCivilDay(target.date()),
                     *ToCivilDay(actual.date()));
  }
  const std::optional<Decimal> target_number = NumberOf(target);
  const std::optional<Decimal> actual_number = NumberOf(actual);
  if (!target_number.has_value() || !actual_number.has_value() ||
      UnitOf(*indicator.target, *this) != UnitOf(result.value(), *this)) {
    return std::nullopt;
  }
  return NumericScore({op, *target_number, *actual_number}, weight,
                      report_.policy()->reverse_rule());
}

ScoreRow Figures::RowOf(const Indicator& found) const {
  const v1::IndicatorSet& indicator = *found.set;
  ScoreRow row;
  row.indicator = indicator.indicator();
  row.level = indicator.level();
  row.not_applicable = IsNotApplicable(indicator);
  row.assessable = IsAssessable(indicator);
  if (row.not_applicable) return row;
  const std::optional<v1::IndicatorResultRecorded> result =
      Result(indicator.indicator());
  row.has_result = result.has_value();
  if (indicator.has_weight()) {
    row.weight = ToScore(indicator.weight());
    if (result.has_value()) row.rule_score = RuleScore(found, *result);
  }
  if (const v1::IndicatorAssessed* assessed =
          Assessment(indicator.indicator()).value) {
    row.declared_score = ToScore(assessed->declared_score());
  }
  return row;
}

ScoreRow Figures::ExecutionRow() const {
  const v1::ExecutionRule& rule = report_.policy()->execution();
  const Measure base = rule.base() == v1::ExecutionRule::BASE_APPROVED
                           ? Measure::kApproved
                           : Measure::kAdjusted;
  const v1::FigureValue executed =
      MoneyValue(LineFilter(), Measure::kExecuted).value;
  const v1::FigureValue budgeted = MoneyValue(LineFilter(), base).value;
  ScoreRow row;
  row.weight = ToScore(rule.weight());
  if (executed.has_amount_fen() && budgeted.has_amount_fen()) {
    row.rule_score = ExecutionScore(*row.weight, executed.amount_fen(),
                                    budgeted.amount_fen());
  }
  row.has_result = row.rule_score.has_value();
  if (const v1::IndicatorAssessed* assessed = Assessment("execution").value) {
    row.declared_score = ToScore(assessed->declared_score());
  }
  return row;
}

void Figures::MakeSheet() {
  if (report_.policy() == nullptr) return;
  std::vector<ScoreRow> rows;
  for (const std::string& key : report_.indicator_order()) {
    const std::optional<Indicator> indicator = FindIndicator(key);
    if (indicator.has_value()) rows.push_back(RowOf(*indicator));
  }
  std::optional<Decimal> declared_total;
  if (const v1::IndicatorAssessed* total = Assessment("total").value) {
    declared_total = ToScore(total->declared_score());
  }
  sheet_.emplace(*report_.policy(), interim_, ExecutionRow(), std::move(rows),
                 declared_total);
}

std::optional<v1::IndicatorRow> Figures::FindIndicatorRow(
    const std::string& key) const {
  const std::optional<Indicator> found = FindIndicator(key);
  if (!found.has_value()) return std::nullopt;
  const v1::IndicatorSet* indicator = found->set;
  v1::IndicatorRow row;
  row.set_indicator(key);
  row.set_level1(indicator->level());
  row.set_level2(indicator->level2());
  row.set_name(indicator->name());
  row.set_operator_(indicator->operator_());
  row.set_printed_operator(indicator->printed_operator());
  *row.mutable_target() = Resolve(*found->target);
  row.set_unit(UnitOf(*found->target, *this));
  if (found->revised_position.has_value()) {
    *row.mutable_initial_target() = Resolve(indicator->target());
  }
  *row.mutable_weight() = indicator->has_weight()
                              ? NumberValue(ToDecimal(indicator->weight()))
                              : Blank();
  const std::optional<v1::IndicatorResultRecorded> result = Result(key);
  if (result.has_value()) {
    *row.mutable_actual() = Resolve(result->value());
    const std::string unit = UnitOf(result->value(), *this);
    if (!unit.empty() && unit != row.unit()) row.set_actual_unit(unit);
  } else {
    *row.mutable_actual() = Blank();
  }
  *row.mutable_attainment_percent() =
      result.has_value() && result->has_attainment_percent()
          ? NumberValue(ToDecimal(result->attainment_percent()))
          : Blank();
  if (const v1::IndicatorAssessed* assessed = Assessment(key).value) {
    row.set_deviation_reason(assessed->deviation_reason());
  }
  const auto score = [&](ScoreSheet::Kind kind) {
    FigurePath path;
    path.family = FigurePath::Family::kScore;
    path.is_indicator = true;
    path.name = key;
    path.score_kind = kind;
    return Value(path);
  };
  *row.mutable_rule_score() = score(ScoreSheet::Kind::kRule);
  *row.mutable_declared_score() = score(ScoreSheet::Kind::kDeclared);
  *row.mutable_score() = score(ScoreSheet::Kind::kCounted);
  if (report_.policy() == nullptr) return row;
  for (const v1::PolicyLevel& level : report_.policy()->levels()) {
    if (level.id() == row.level1()) {
      row.set_level1(level.label());
      break;
    }
  }
  return row;
}

std::vector<v1::IndicatorRow> Figures::IndicatorRows() const {
  std::vector<v1::IndicatorRow> rows;
  for (const std::string& key : report_.indicator_order()) {
    std::optional<v1::IndicatorRow> row = FindIndicatorRow(key);
    if (row.has_value()) rows.push_back(*std::move(row));
  }
  return rows;
}

}  // namespace daybook
