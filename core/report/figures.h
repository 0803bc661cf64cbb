// Figures: the value of a figure's path in a report, as of a day.
//
// Blank, 0, 无, —— and 未报 are five different answers. A money row with events
// is their sum; without events it is what was stated, else 0 where the row is
// one that an opened fund always has, else blank. `all` adds up the opened
// funds, where blank and 无 add nothing.
//
// Thread safety: thread-compatible, since reading remembers sums; the states
// may be read by others meanwhile.

#ifndef DAYBOOK_CORE_REPORT_FIGURES_H_
#define DAYBOOK_CORE_REPORT_FIGURES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/types/span.h"
#include "core/budget/figure_path.h"
#include "core/budget/form.h"
#include "core/report/department_state.h"
#include "core/report/money_formula.h"
#include "core/report/report_state.h"
#include "core/report/row_index.h"
#include "core/scoring/score_sheet.h"
#include "daybook/v1/report_service.pb.h"

namespace daybook {

class Figures {
 public:
  // All three must outlive it. `as_of` is within the report's fiscal year.
  Figures(const ReportState& report, const DepartmentState& department,
          absl::CivilDay as_of);

  // Value of any path; blank for one that nothing is known about.
  v1::FigureValue Value(const FigurePath& path) const;

  // The indicators that are set on the day, in the order they were first set,
  // with their targets and results resolved.
  std::vector<v1::IndicatorRow> IndicatorRows() const;

  // One of them; absent when it is not set on the day.
  std::optional<v1::IndicatorRow> FindIndicatorRow(
      const std::string& key) const;

  // The score sheet; null without a policy.
  const ScoreSheet* sheet() const {
    return sheet_.has_value() ? &*sheet_ : nullptr;
  }

  // Unit that a path is printed in: 万元, %, 分, 人, an activity's own; empty
  // for grades and words.
  std::string Unit(const FigurePath& path) const;

  const ReportState& report() const { return report_; }
  const DepartmentState& department() const { return department_; }
  // Null when the report names a form that this program does not have.
  const Form* form() const { return form_; }
  absl::CivilDay as_of() const { return as_of_; }
  // Before 31 December.
  bool interim() const { return interim_; }

  // On the day, of a bucket by its place in ReportState::money(); nothing for a
  // control fact.
  MoneySum SumOf(uint32_t bucket) const { return sums_[bucket]; }
  MoneySum SumOf(absl::Span<const uint32_t> buckets) const;

  // The buckets whose events a row of money sums; none where it is made from
  // other figures. `lines` names a fund.
  absl::Span<const uint32_t> BucketsOf(const LineFilter& lines,
                                       Measure measure) const {
    return rows_.Find(lines, measure);
  }

  // The buckets whose events a topic row sums; absent where it sums none.
  std::optional<absl::Span<const uint32_t>> BucketsOfTopic(
      const FigurePath& path) const;

  // A value and whether an event stands behind it.
  struct Money {
    v1::FigureValue value;
    bool has_events = false;
  };
  Money MoneyValue(const LineFilter& lines, Measure measure) const;

  // What is stated for exactly this path; absent without a statement.
  std::optional<v1::FigureValue> Stated(const std::string& path) const;

  // An indicator as it stands on the day: the target revised, with the events
  // that say so.
  struct Indicator {
    const v1::IndicatorSet* set = nullptr;
    // The target that counts.
    const v1::MeasuredValue* target = nullptr;
    Position set_position{0};
    // Of the revision that counts; absent when the initial target does.
    std::optional<Position> revised_position;
  };

  // Absent when it is not set on the day.
  std::optional<Indicator> FindIndicator(const std::string& key) const;

  // The results that make the result on the day: the latest cumulative one and
  // the increments that count with it.
  std::vector<StatedTimeline<v1::IndicatorResultRecorded>::Held> ResultParts(
      const std::string& indicator) const;

  // The assessment of a row that holds, with its place.
  StatedTimeline<v1::IndicatorAssessed>::Held Assessment(
      const std::string& row) const;

  // Events that came into a closed period, dated by the day.
  int64_t LateAdjustments() const;

 private:
  Money Recorded(const LineFilter& lines, Measure measure) const;
  Money Add(const LineFilter& lines, Measure measure,
            const MoneyFormula& formula) const;
  Money Rate(const LineFilter& lines, Measure measure,
             const MoneyFormula& formula) const;
  v1::FigureValue TopicValue(const FigurePath& path) const;
  v1::FigureValue HeadcountValue(absl::string_view name) const;
  v1::FigureValue ActivityValue(const FigurePath& path) const;
  bool IsZeroWithoutEvents(const LineFilter& lines, Measure measure) const;
  bool IsOpened(v1::Fund fund) const;

  // The target or result as a value, a figure path resolved.
  v1::FigureValue Resolve(const v1::MeasuredValue& value) const;
  // The result on the day, increments added.
  std::optional<v1::IndicatorResultRecorded> Result(
      const std::string& indicator) const;
  ScoreRow RowOf(const Indicator& indicator) const;
  std::optional<Decimal> RuleScore(
      const Indicator& indicator,
      const v1::IndicatorResultRecorded& result) const;
  ScoreRow ExecutionRow() const;
  bool IsAssessable(const v1::IndicatorSet& indicator) const;
  void MakeSheet();

  const ReportState& report_;
  const DepartmentState& department_;
  const absl::CivilDay as_of_;
  const bool interim_;
  const Form* const form_;
  // By bucket.
  std::vector<MoneySum> sums_;
  mutable RowIndex rows_;
  std::optional<ScoreSheet> sheet_;
};

}  // namespace daybook

#endif  // DAYBOOK_CORE_REPORT_FIGURES_H_
