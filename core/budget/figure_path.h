// FigurePath: the name of one figure of a report.
//
//   general.project[rehabilitation].executed
//   all.basic.operating.econ[30201].approved
//   three_public.reception.executed        (a topic row of the form)
//   score.rule.total, score.indicator[output.quantity.employment]
//   activity[startups_supported]
//
// One spelling for each path, parts in this order: fund, nature, project,
// function, econ, source, unit, measure. Whatever else parses is another
// figure. A leading `project[KEY].` is the scope of a single project's form.
//
// Thread safety: a value type.

#ifndef DAYBOOK_CORE_BUDGET_FIGURE_PATH_H_
#define DAYBOOK_CORE_BUDGET_FIGURE_PATH_H_

#include <cstddef>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "daybook/v1/values.pb.h"

namespace daybook {

inline constexpr size_t figure_path_bytes_max = 256;

enum class Measure {
  kApproved,
  kAdjustment,
  kAdjusted,
  kRecovered,
  kAvailable,
  kExecuted,
  kBalance,
  kExecutionRate,
  kExecutionRateApproved,
  kPriorExecuted,
  kIncome,
  kOpeningCarryover,
  kClosingCarryover,
  // Carry-over of last year that was allocated for use.
  kAllocatedCarryover,
  // Advances that are neither cleared nor handed back.
  kAdvances,
  // Payments of earlier years that came back.
  kPriorRefunded,
};

// "approved", and so on.
absl::string_view MeasureName(Measure measure);
std::optional<Measure> ParseMeasure(absl::string_view name);

// Which lines a money figure counts. Absent parts admit every line; function
// and economic codes are prefixes.
struct LineFilter {
  enum class NatureRow { kAny, kBasic, kPersonnel, kOperating, kProject };

  // Absent: all opened funds.
  std::optional<v1::Fund> fund;
  NatureRow nature = NatureRow::kAny;
  std::string project;
  std::string function;
  std::string economic;
  v1::SourceRow source_row = v1::SOURCE_ROW_UNSPECIFIED;
  std::string unit;
  // The leading `project[KEY].`
  std::string scope_project;

  // Whether the line counts, its fund included.
  bool Matches(const v1::Line& line) const;

  // True when no part below the project is given: a row that is 0 without
  // events in an opened fund.
  bool IsPlainRow() const;
};

struct FigurePath {
  enum class Family { kMoney, kTopic, kScore, kActivity };
  enum class ScoreKind { kCounted, kRule, kDeclared, kReviewed };

  Family family = Family::kMoney;

  // Money.
  LineFilter lines;
  Measure measure = Measure::kApproved;

  // Topic: "three_public.reception.executed".
  // Activity: its id.
  // Score: "execution", a level, "indicators", "total", "grade", "earned" ...;
  // an indicator's id when `is_indicator`.
  std::string name;
  ScoreKind score_kind = ScoreKind::kCounted;
  bool is_indicator = false;

  // Errors: INVALID_ARGUMENT naming what is wrong and what may stand there.
  static absl::StatusOr<FigurePath> Parse(absl::string_view path);

  std::string ToString() const;
};

// "row" of a money figure without its measure: "general.project[other]".
std::string LineFilterToString(const LineFilter& lines);

// Whether `key` is 1 to 64 of [a-z0-9_].
bool IsKey(absl::string_view key);

// Whether `key` is keys joined by dots, at most 128 bytes.
bool IsDottedKey(absl::string_view key);

}  // namespace daybook

#endif  // DAYBOOK_CORE_BUDGET_FIGURE_PATH_H_
