// The figures of a report but its scores, worked out over an OracleView: money
// rows, rates, topic rows, headcount, activities, and what is stated.
//
// Thread safety: pure functions.

#ifndef DAYBOOK_TESTS_SIMULATION_ORACLE_FIGURES_H_
#define DAYBOOK_TESTS_SIMULATION_ORACLE_FIGURES_H_

#include <cstdint>
#include <map>
#include <string>

#include "core/budget/figure_path.h"
#include "tests/simulation/oracle_view.h"

namespace daybook::testing {

struct OracleValue {
  enum class Kind {
    kBlank,
    kNone,
    kNotApplicable,
    kNotReported,
    kFen,
    kNumber,
    kWord,
    kDay
  };

  Kind kind = Kind::kBlank;
  int64_t fen = 0;
  // Of a number.
  v1::Decimal number;
  // Of a word.
  std::string word;
  absl::CivilDay day;

  // "blank", "none", "not applicable", "not reported", "1234 fen", "62.50",
  // "word: 优" or "day: 2024-06-30".
  std::string ToString() const;
};

OracleValue FenValue(int64_t fen);
OracleValue NumberValueOf(const v1::Decimal& number);
OracleValue Hundredths(int64_t hundredths);
OracleValue WordValueOf(const std::string& word);

// numerator / denominator, half away from zero; the denominator is positive.
Wide Quotient(Wide numerator, Wide denominator);

// The path is that of no score.
OracleValue AnswerFigure(const OracleView& view, const FigurePath& path);

// Unit that the figure is printed in; empty where it has none.
std::string UnitOfFigure(const OracleView& view, const FigurePath& path);

// The text of each section.
std::map<std::string, std::string> AnswerSections(const OracleView& view);

}  // namespace daybook::testing

#endif  // DAYBOOK_TESTS_SIMULATION_ORACLE_FIGURES_H_
