#include "core/scoring/score_sheet.h"

#include <algorithm>
#include <utility>

#include "core/base/check.h"
#include "core/scoring/rules.h"

namespace daybook {
namespace {

using Kind = ScoreSheet::Kind;

Decimal Add(Decimal a, Decimal b) {
  const absl::StatusOr<Decimal> sum = a.Plus(b);
  // A sheet has fewer rows than would be needed to overflow: each is at most
  // 1,000.
  DAYBOOK_CHECK(sum.ok());
  return *sum;
}

bool IsScored(const ScoreRow& row) {
  return !row.not_applicable && row.weight.has_value();
}

// The score of a row that has a result.
std::optional<Decimal> ScoreOf(const ScoreRow& row, Kind kind) {
  switch (kind) {
    case Kind::kRule:
      return row.rule_score;
    case Kind::kDeclared:
      return row.declared_score;
    case Kind::kCounted:
      return row.declared_score.has_value() ? row.declared_score
                                            : row.rule_score;
    case Kind::kReviewed:
      break;
  }
  return std::nullopt;
}

}  // namespace

v1::FigureValue EmptyValue(v1::Emptiness empty) {
  v1::FigureValue value;
  value.set_empty(empty);
  return value;
}

v1::FigureValue NumberValue(Decimal number) {
  v1::FigureValue value;
  *value.mutable_number() = ToProto(number);
  return value;
}

v1::FigureValue NumberOrBlank(std::optional<Decimal> number) {
  return number.has_value() ? NumberValue(*number)
                            : EmptyValue(v1::EMPTINESS_BLANK);
}

ScoreSheet::ScoreSheet(const v1::ScoringPolicy& policy, bool interim,
                       ScoreRow execution, std::vector<ScoreRow> rows,
                       std::optional<Decimal> declared_total)
    : policy_(policy),
      interim_(interim),
      execution_(std::move(execution)),
      rows_(std::move(rows)),
      declared_total_(declared_total) {}

v1::FigureValue ScoreSheet::RowValue(const ScoreRow& row, Kind kind) const {
  if (!IsScored(row) || !row.assessable) {
    return EmptyValue(v1::EMPTINESS_BLANK);
  }
  const bool needs_result = kind == Kind::kCounted || kind == Kind::kRule;
  if (needs_result && !row.has_result) {
    return EmptyValue(interim_ ? v1::EMPTINESS_BLANK
                               : v1::EMPTINESS_NOT_REPORTED);
  }
  return NumberOrBlank(ScoreOf(row, kind));
}

v1::FigureValue ScoreSheet::Sum(const std::vector<const ScoreRow*>& rows,
                                Kind kind) const {
  Decimal sum(0, score_scale);
  bool any = false;
  for (const ScoreRow* row : rows) {
    if (!IsScored(*row)) continue;
    const v1::FigureValue value = RowValue(*row, kind);
    if (value.has_number()) {
      any = true;
      sum = Add(sum, ToDecimal(value.number()));
    } else if (kind == Kind::kDeclared || kind == Kind::kReviewed) {
      return EmptyValue(v1::EMPTINESS_BLANK);
    } else if (!interim_) {
      return EmptyValue(v1::EMPTINESS_NOT_REPORTED);
    }
  }
  return any ? NumberValue(sum) : EmptyValue(v1::EMPTINESS_BLANK);
}

std::vector<const ScoreRow*> ScoreSheet::RowsOf(absl::string_view level) const {
  std::vector<const ScoreRow*> result;
  for (const ScoreRow& row : rows_) {
    if (row.level == level) result.push_back(&row);
  }
  return result;
}

v1::FigureValue ScoreSheet::Total(Kind kind) const {
  if (kind == Kind::kDeclared) return NumberOrBlank(declared_total_);
  if (interim_) return EmptyValue(v1::EMPTINESS_BLANK);
  std::vector<const ScoreRow*> all = {&execution_};
  for (const ScoreRow& row : rows_) all.push_back(&row);
  return Sum(all, kind);
}

v1::FigureValue ScoreSheet::Grade(Kind kind) const {
  if (interim_) return EmptyValue(v1::EMPTINESS_BLANK);
  const v1::FigureValue total = Total(kind);
  if (!total.has_number()) return total;
  v1::FigureValue grade;
  const absl::string_view label = GradeOf(policy_, ToDecimal(total.number()));
  grade.set_word(label.data(), label.size());
  return grade;
}

v1::FigureValue ScoreSheet::Interim(absl::string_view name) const {
  if (!interim_) return EmptyValue(v1::EMPTINESS_BLANK);
  Decimal earned(0, score_scale);
  Decimal assessable(0, score_scale);
  Decimal pending(0, score_scale);
  std::vector<const ScoreRow*> all = {&execution_};
  for (const ScoreRow& row : rows_) all.push_back(&row);
  for (const ScoreRow* row : all) {
    if (!IsScored(*row)) continue;
    const v1::FigureValue score = RowValue(*row, Kind::kCounted);
    if (score.has_number()) {
      earned = Add(earned, ToDecimal(score.number()));
      assessable = Add(assessable, *row->weight);
    } else {
      pending = Add(pending, *row->weight);
    }
  }
  if (name == "earned") return NumberValue(earned);
  return NumberValue(name == "assessable" ? assessable : pending);
}

v1::FigureValue ScoreSheet::Value(const FigurePath& path) const {
  const Kind kind = path.score_kind;
  if (path.is_indicator) {
    const auto row = std::find_if(
        rows_.begin(), rows_.end(),
        [&](const ScoreRow& r) { return r.indicator == path.name; });
    return row == rows_.end() ? EmptyValue(v1::EMPTINESS_BLANK)
                              : RowValue(*row, kind);
  }
  if (path.name == "execution") return RowValue(execution_, kind);
  if (path.name == "total") return Total(kind);
  if (path.name == "grade") return Grade(kind);
  if (kind == Kind::kCounted &&
      (path.name == "earned" || path.name == "assessable" ||
       path.name == "pending")) {
    return Interim(path.name);
  }
  if (path.name == "indicators") {
    std::vector<const ScoreRow*> all;
    for (const ScoreRow& row : rows_) all.push_back(&row);
    return Sum(all, kind);
  }
  return Sum(RowsOf(path.name), kind);
}

}  // namespace daybook
