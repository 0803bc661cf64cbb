// The score sheet of a report, worked out over an OracleView in exact integers:
// points are hundredths, measured values billionths.
//
// Thread safety: pure functions.

#ifndef DAYBOOK_TESTS_SIMULATION_ORACLE_SCORES_H_
#define DAYBOOK_TESTS_SIMULATION_ORACLE_SCORES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/budget/figure_path.h"
#include "daybook/v1/policy.pb.h"
#include "tests/simulation/oracle_figures.h"
#include "tests/simulation/oracle_view.h"

namespace daybook::testing {

struct OracleRow {
  std::string indicator;
  std::string level;
  v1::IndicatorSet::Operator op = v1::IndicatorSet::OPERATOR_UNSPECIFIED;
  bool assessable = true;
  bool has_result = false;
  OracleValue target;
  // Where the target was revised: the one before.
  std::optional<OracleValue> initial_target;
  OracleValue actual;
  OracleValue attainment;
  std::string unit;
  // In hundredths.
  std::optional<int64_t> weight;
  std::optional<int64_t> rule_score;
  std::optional<int64_t> declared_score;
  std::string deviation_reason;
};

struct OracleSheet {
  // None: there are rows and no scores.
  std::optional<v1::ScoringPolicy> policy;
  bool interim = false;
  OracleRow execution;
  std::vector<OracleRow> rows;
  std::optional<int64_t> declared_total;

  // The path is that of a score.
  OracleValue Answer(const FigurePath& path) const;
  OracleValue ScoreOf(const OracleRow& row, FigurePath::ScoreKind kind) const;

 private:
  OracleValue Sum(const std::vector<const OracleRow*>& of,
                  FigurePath::ScoreKind kind) const;
  OracleValue Total(FigurePath::ScoreKind kind) const;
  OracleValue Grade(FigurePath::ScoreKind kind) const;
  OracleValue Interim(const std::string& name) const;
};

OracleSheet ScoreSheetOf(const OracleView& view);

// The value of any path.
std::string AnswerPath(const OracleView& view, const OracleSheet& sheet,
                       const std::string& path);

}  // namespace daybook::testing

#endif  // DAYBOOK_TESTS_SIMULATION_ORACLE_SCORES_H_
