#include "tests/simulation/oracle_scores.h"

#include <algorithm>
#include <utility>

#include "core/base/check.h"

namespace daybook::testing {
namespace {

using Kind = OracleValue::Kind;
using Score = FigurePath::ScoreKind;
using Set = v1::IndicatorSet;

constexpr int64_t kBillion = 1'000'000'000;

Wide Billionths(const v1::Decimal& decimal) {
  Wide value = decimal.unscaled();
  for (uint32_t scale = decimal.scale(); scale < 9; ++scale) value *= 10;
  return value;
}

// Of a number of points.
int64_t HundredthsOf(const v1::Decimal& points) {
  return static_cast<int64_t>(
      Quotient(Billionths(points) * 100, Wide{kBillion}));
}

// Money is measured in 万元.
std::optional<Wide> Measured(const OracleValue& value) {
  if (value.kind == Kind::kFen) return Wide{value.fen} * 1000;
  if (value.kind == Kind::kNumber) return Billionths(value.number);
  return std::nullopt;
}

// A target or result as it stands on the day, with its unit.
struct Found {
  OracleValue value;
  std::string unit;
};

Found Resolve(const OracleView& view, const v1::MeasuredValue& value) {
  Found found;
  if (value.has_quantity()) {
    return {NumberValueOf(value.quantity().value()), value.quantity().unit()};
  }
  if (value.has_date()) {
    found.value.kind = Kind::kDay;
    found.value.day = DayOf(value.date());
  } else if (value.has_word()) {
    found.value = WordValueOf(value.word());
  } else if (value.has_figure()) {
    const auto path = FigurePath::Parse(value.figure());
    DAYBOOK_CHECK(path.ok());
    return {AnswerFigure(view, *path), UnitOfFigure(view, *path)};
  }
  return found;
}

// What is reached, with increments added to the latest state before them.
std::optional<v1::IndicatorResultRecorded> ResultOf(
    const OracleView& view, const std::string& indicator) {
  std::optional<v1::IndicatorResultRecorded> result;
  for (const v1::Entry* entry : view.living) {
    if (!entry->event().has_indicator_result_recorded()) continue;
    const v1::IndicatorResultRecorded& of =
        entry->event().indicator_result_recorded();
    if (of.indicator() != indicator) continue;
    if (of.mode() != v1::IndicatorResultRecorded::MODE_INCREMENT ||
        !result.has_value()) {
      result = of;
      continue;
    }
    const Wide sum = Billionths(result->value().quantity().value()) +
                     Billionths(of.value().quantity().value());
    v1::Decimal& number =
        *result->mutable_value()->mutable_quantity()->mutable_value();
    number.set_unscaled(static_cast<int64_t>(sum));
    number.set_scale(9);
  }
  return result;
}

// weight x part / whole, within 0 and the weight.
int64_t Share(int64_t weight, Wide part, Wide whole) {
  const auto points = static_cast<int64_t>(Quotient(part * weight, whole));
  return std::clamp<int64_t>(points, 0, weight);
}

int64_t NumberScore(const OracleRow& row, Wide target, Wide actual,
                    v1::ScoringPolicy::ReverseRule reverse) {
  const int64_t weight = *row.weight;
  if (row.op == Set::OPERATOR_AT_MOST || row.op == Set::OPERATOR_LESS_THAN) {
    if (actual <= target) return weight;
    if (target <= 0) return 0;
    return reverse == v1::ScoringPolicy::REVERSE_RULE_RATIO
               ? Share(weight, target, actual)
               : Share(weight, 2 * target - actual, target);
  }
  if (row.op == Set::OPERATOR_EQUAL && target == 0) {
    return actual <= 0 ? weight : 0;
  }
  if (actual >= target) return weight;
  return target <= 0 ? 0 : Share(weight, actual, target);
}

bool IsMet(Set::Operator op, absl::CivilDay target, absl::CivilDay actual) {
  switch (op) {
    case Set::OPERATOR_AT_LEAST:
      return actual >= target;
    case Set::OPERATOR_MORE_THAN:
      return actual > target;
    case Set::OPERATOR_AT_MOST:
      return actual <= target;
    case Set::OPERATOR_LESS_THAN:
      return actual < target;
    default:
      return actual == target;
  }
}

std::optional<int64_t> RuleScore(const OracleRow& row, bool same_unit,
                                 v1::ScoringPolicy::ReverseRule reverse) {
  if (!row.weight.has_value()) return std::nullopt;
  if (row.op == Set::OPERATOR_QUALITATIVE) {
    if (row.attainment.kind != Kind::kNumber) return std::nullopt;
    return Share(*row.weight, Billionths(row.attainment.number),
                 Wide{100} * kBillion);
  }
  if (row.target.kind == Kind::kDay && row.actual.kind == Kind::kDay) {
    return IsMet(row.op, row.target.day, row.actual.day) ? *row.weight : 0;
  }
  const std::optional<Wide> target = Measured(row.target);
  const std::optional<Wide> actual = Measured(row.actual);
  if (!target.has_value() || !actual.has_value() || !same_unit) return {};
  return NumberScore(row, *target, *actual, reverse);
}

const v1::IndicatorAssessed* Assessment(const OracleView& view,
                                        const std::string& row) {
  const v1::IndicatorAssessed* latest = nullptr;
  for (const v1::Entry* entry : view.living) {
    const v1::Event& event = entry->event();
    if (event.has_indicator_assessed() &&
        event.indicator_assessed().row() == row) {
      latest = &event.indicator_assessed();
    }
  }
  return latest;
}

void Assess(const OracleView& view, OracleRow& row) {
  const v1::IndicatorAssessed* of = Assessment(view, row.indicator);
  if (of == nullptr) return;
  row.declared_score = HundredthsOf(of->declared_score());
  row.deviation_reason = of->deviation_reason();
}

// The row of an indicator that is set on the day; `set` is the entry that
// counts.
OracleRow RowOf(const OracleView& view, const v1::Entry& set_entry,
                const std::optional<v1::ScoringPolicy>& policy) {
  const v1::IndicatorSet& set = set_entry.event().indicator_set();
  OracleRow row;
  row.indicator = set.indicator();
  row.level = set.level();
  row.op = set.operator_();
  if (set.has_weight()) row.weight = HundredthsOf(set.weight());
  bool at_year_end = set.assessable() == Set::ASSESSABLE_YEAR_END;
  if (policy.has_value() && set.assessable() == Set::ASSESSABLE_UNSPECIFIED) {
    for (const v1::PolicyLevel& level : policy->levels()) {
      if (level.id() == set.level()) at_year_end = level.assessed_at_year_end();
    }
  }
  row.assessable = !at_year_end || !view.interim();

  Found target = Resolve(view, set.target());
  bool after_set = false;
  for (const v1::Entry* entry : view.living) {
    if (entry == &set_entry) after_set = true;
    if (!after_set || !entry->event().has_indicator_revised()) continue;
    const v1::IndicatorRevised& of = entry->event().indicator_revised();
    if (of.indicator() != row.indicator) continue;
    row.initial_target = Resolve(view, set.target()).value;
    target = Resolve(view, of.target());
  }
  row.target = target.value;
  row.unit = target.unit;

  bool same_unit = true;
  const auto result = ResultOf(view, row.indicator);
  if (result.has_value()) {
    row.has_result = true;
    const Found actual = Resolve(view, result->value());
    row.actual = actual.value;
    same_unit = actual.unit == target.unit;
    if (result->has_attainment_percent()) {
      row.attainment = NumberValueOf(result->attainment_percent());
    }
  }
  if (policy.has_value() && row.has_result) {
    row.rule_score = RuleScore(row, same_unit, policy->reverse_rule());
  }
  Assess(view, row);
  return row;
}

OracleRow ExecutionRow(const OracleView& view,
                       const v1::ScoringPolicy& policy) {
  OracleRow row;
  row.indicator = "execution";
  row.weight = HundredthsOf(policy.execution().weight());
  const bool approved =
      policy.execution().base() == v1::ExecutionRule::BASE_APPROVED;
  const OracleValue executed =
      AnswerFigure(view, *FigurePath::Parse("all.executed"));
  const OracleValue base = AnswerFigure(
      view, *FigurePath::Parse(approved ? "all.approved" : "all.adjusted"));
  if (executed.kind == Kind::kFen && base.kind == Kind::kFen && base.fen > 0) {
    row.has_result = true;
    row.rule_score = Share(*row.weight, executed.fen, base.fen);
  }
  Assess(view, row);
  return row;
}

bool Scored(const OracleRow& row) {
  return row.weight.has_value() && row.op != Set::OPERATOR_NOT_APPLICABLE;
}

OracleValue NotReported() {
  OracleValue value;
  value.kind = Kind::kNotReported;
  return value;
}

}  // namespace

OracleValue OracleSheet::ScoreOf(const OracleRow& row, Score kind) const {
  const bool exists = policy.has_value() && Scored(row) && row.assessable;
  if (!exists || kind == Score::kReviewed) return {};
  if (kind == Score::kDeclared) {
    return row.declared_score.has_value() ? Hundredths(*row.declared_score)
                                          : OracleValue();
  }
  if (!row.has_result) return interim ? OracleValue() : NotReported();
  const std::optional<int64_t> points =
      kind == Score::kCounted && row.declared_score.has_value()
          ? row.declared_score
          : row.rule_score;
  return points.has_value() ? Hundredths(*points) : OracleValue();
}

OracleValue OracleSheet::Sum(const std::vector<const OracleRow*>& of,
                             Score kind) const {
  OracleValue sum;
  for (const OracleRow* row : of) {
    if (!Scored(*row)) continue;
    const OracleValue score = ScoreOf(*row, kind);
    if (score.kind == Kind::kNumber) {
      sum = Hundredths(sum.number.unscaled() + score.number.unscaled());
    } else if (kind == Score::kDeclared) {
      return {};
    } else if (!interim && kind != Score::kReviewed) {
      return NotReported();
    }
  }
  return sum;
}

OracleValue OracleSheet::Total(Score kind) const {
  if (kind == Score::kDeclared) {
    return declared_total.has_value() ? Hundredths(*declared_total)
                                      : OracleValue();
  }
  if (interim) return {};
  std::vector<const OracleRow*> all = {&execution};
  for (const OracleRow& row : rows) all.push_back(&row);
  return Sum(all, kind);
}

OracleValue OracleSheet::Grade(Score kind) const {
  if (interim) return {};
  const OracleValue total = Total(kind);
  if (total.kind != Kind::kNumber) return total;
  for (const v1::GradeBand& band : policy->grades()) {
    if (total.number.unscaled() >= HundredthsOf(band.score_min())) {
      return WordValueOf(band.label());
    }
  }
  return {};
}

OracleValue OracleSheet::Interim(const std::string& name) const {
  if (!interim) return {};
  int64_t earned = 0;
  int64_t assessable = 0;
  int64_t pending = 0;
  std::vector<const OracleRow*> all = {&execution};
  for (const OracleRow& row : rows) all.push_back(&row);
  for (const OracleRow* row : all) {
    if (!Scored(*row)) continue;
    // A result that no rule can score waits for a declared score.
    const OracleValue score = ScoreOf(*row, Score::kCounted);
    if (score.kind == Kind::kNumber) {
      earned += score.number.unscaled();
      assessable += *row->weight;
    } else {
      pending += *row->weight;
    }
  }
  return Hundredths(name == "earned"       ? earned
                    : name == "assessable" ? assessable
                                           : pending);
}

OracleValue OracleSheet::Answer(const FigurePath& path) const {
  if (!policy.has_value() || !path.lines.scope_project.empty()) return {};
  const Score kind = path.score_kind;
  if (path.is_indicator) {
    for (const OracleRow& row : rows) {
      if (row.indicator == path.name) return ScoreOf(row, kind);
    }
    return {};
  }
  if (path.name == "execution") return ScoreOf(execution, kind);
  if (path.name == "total") return Total(kind);
  if (path.name == "grade") return Grade(kind);
  if (path.name == "earned" || path.name == "assessable" ||
      path.name == "pending") {
    return kind == Score::kCounted ? Interim(path.name) : OracleValue();
  }
  std::vector<const OracleRow*> of;
  for (const OracleRow& row : rows) {
    if (path.name == "indicators" || path.name == row.level) of.push_back(&row);
  }
  return Sum(of, kind);
}

OracleSheet ScoreSheetOf(const OracleView& view) {
  OracleSheet sheet;
  sheet.interim = view.interim();
  for (const v1::Entry* entry : view.known) {
    if (entry->event().has_policy_adopted()) {
      sheet.policy = entry->event().policy_adopted().policy();
    }
  }
  std::vector<const v1::Entry*> sets;
  for (const v1::Entry* entry : view.living) {
    if (!entry->event().has_indicator_set()) continue;
    const auto same = [&](const v1::Entry* other) {
      return other->event().indicator_set().indicator() ==
             entry->event().indicator_set().indicator();
    };
    sets.erase(std::remove_if(sets.begin(), sets.end(), same), sets.end());
    sets.push_back(entry);
  }
  for (const v1::Entry* set : sets) {
    sheet.rows.push_back(RowOf(view, *set, sheet.policy));
  }
  if (!sheet.policy.has_value()) return sheet;
  sheet.execution = ExecutionRow(view, *sheet.policy);
  const v1::IndicatorAssessed* total = Assessment(view, "total");
  if (total != nullptr) {
    sheet.declared_total = HundredthsOf(total->declared_score());
  }
  return sheet;
}

std::string AnswerPath(const OracleView& view, const OracleSheet& sheet,
                       const std::string& path) {
  const absl::StatusOr<FigurePath> parsed = FigurePath::Parse(path);
  DAYBOOK_CHECK(parsed.ok());
  return parsed->family == FigurePath::Family::kScore
             ? sheet.Answer(*parsed).ToString()
             : AnswerFigure(view, *parsed).ToString();
}

}  // namespace daybook::testing
