// ScoreSheet: the scores of a report's rows and what they add up to.
//
// Every row has up to three scores: by rule, declared by the department, and
// the one that counts (declared where there is one, else by rule). Rows are
// rounded to two decimals before anything is summed.
//
// Before 31 December the sheet is interim: rows that can be assessed have
// scores, and totals do not exist. From then on a total exists when every row
// has a result or is not applicable; else it is 未报, never a smaller number.
//
// Thread safety: immutable once made.

#ifndef DAYBOOK_CORE_SCORING_SCORE_SHEET_H_
#define DAYBOOK_CORE_SCORING_SCORE_SHEET_H_

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "core/base/decimal.h"
#include "core/budget/figure_path.h"
#include "daybook/v1/policy.pb.h"
#include "daybook/v1/report_service.pb.h"

namespace daybook {

// One row, as far as scoring goes.
struct ScoreRow {
  std::string indicator;
  std::string level;
  // 无: no score, and missed by no total.
  bool not_applicable = false;
  // Whether it can be assessed on the day.
  bool assessable = true;
  bool has_result = false;
  // Absent: attainment, no score.
  std::optional<Decimal> weight;
  // Absent without a result, or where result and target can not be compared.
  std::optional<Decimal> rule_score;
  std::optional<Decimal> declared_score;
};

class ScoreSheet {
 public:
  using Kind = FigurePath::ScoreKind;

  // `execution` is the row 预算执行; its level is not used. `declared_total` is
  // compared, never used.
  ScoreSheet(const v1::ScoringPolicy& policy, bool interim, ScoreRow execution,
             std::vector<ScoreRow> rows, std::optional<Decimal> declared_total);

  // The value of a score path: execution, indicators, total, grade, earned,
  // assessable, pending, a level's id, or an indicator's. Blank for whatever
  // does not exist.
  v1::FigureValue Value(const FigurePath& path) const;

  // Score of one row.
  v1::FigureValue RowValue(const ScoreRow& row, Kind kind) const;

  const ScoreRow& execution() const { return execution_; }
  const std::vector<ScoreRow>& rows() const { return rows_; }

 private:
  v1::FigureValue Sum(const std::vector<const ScoreRow*>& rows,
                      Kind kind) const;
  v1::FigureValue Total(Kind kind) const;
  v1::FigureValue Grade(Kind kind) const;
  // earned, assessable, pending.
  v1::FigureValue Interim(absl::string_view name) const;
  std::vector<const ScoreRow*> RowsOf(absl::string_view level) const;

  const v1::ScoringPolicy& policy_;
  const bool interim_;
  const ScoreRow execution_;
  const std::vector<ScoreRow> rows_;
  const std::optional<Decimal> declared_total_;
};

// Values in a message.
v1::FigureValue EmptyValue(v1::Emptiness empty);
v1::FigureValue NumberValue(Decimal number);
v1::FigureValue NumberOrBlank(std::optional<Decimal> number);

}  // namespace daybook

#endif  // DAYBOOK_CORE_SCORING_SCORE_SHEET_H_
