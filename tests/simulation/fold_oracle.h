// FoldOracle: the figures of one report, worked out the slow way.
//
// It keeps nothing but the list of entries and goes through all of them for
// every question, straight from the folding rules of the design. It shares with
// core/report the messages and the parsing of figure paths, and nothing else:
// where the two differ, one of them has misread a rule.
//
// It knows money figures, rates, topic rows, headcount, activities, results and
// reversals; no scores.
//
// Thread safety: thread-compatible.

#ifndef DAYBOOK_TESTS_SIMULATION_FOLD_ORACLE_H_
#define DAYBOOK_TESTS_SIMULATION_FOLD_ORACLE_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/civil_time.h"
#include "core/budget/figure_path.h"
#include "daybook/v1/entry.pb.h"

namespace daybook::testing {

class FoldOracle {
 public:
  explicit FoldOracle(std::vector<v1::Entry> entries)
      : entries_(std::move(entries)) {}

  // "blank", "none", "not applicable", "1234 fen" or a number such as "62.50".
  std::string Answer(const std::string& path, absl::CivilDay day) const;

  // The result of an indicator in thousandths; absent without one.
  std::optional<int64_t> ResultInThousandths(const std::string& indicator,
                                             absl::CivilDay day) const;

 private:
  // What a row is before it is printed.
  struct Cell {
    enum Kind { kBlank, kNone, kNotApplicable, kAmount };
    Kind kind = kBlank;
    int64_t fen = 0;
    // An event is behind it.
    bool recorded = false;
  };

  using Visit = std::function<void(const v1::Entry&)>;

  // Calls `visit` for each event dated on or before `day` and not reversed by
  // then, in order of (effective date, position).
  void VisitLiving(absl::CivilDay day, const Visit& visit) const;
  bool IsReversed(const v1::Entry& entry, absl::CivilDay day) const;

  // What the report is opened with.
  v1::ReportOpened Opened() const;
  bool IsOpened(v1::Fund fund) const;
  bool HasProject(const std::string& key) const;

  Cell Row(LineFilter lines, Measure measure, absl::CivilDay day) const;
  Cell RowOfAll(const LineFilter& lines, Measure measure,
                absl::CivilDay day) const;
  Cell Statement(const std::string& path, absl::CivilDay day) const;
  // A row that an opened fund has without events.
  bool IsZeroRow(const LineFilter& lines, Measure measure) const;
  std::string Rate(const LineFilter& lines, Measure measure,
                   absl::CivilDay day) const;
  std::string Money(const FigurePath& path, absl::CivilDay day) const;
  std::string Topic(const FigurePath& path, absl::CivilDay day) const;
  std::optional<int64_t> People(const std::string& number,
                                absl::CivilDay day) const;
  std::string Headcount(const std::string& name, absl::CivilDay day) const;
  std::string Activity(const FigurePath& path, absl::CivilDay day) const;

  const std::vector<v1::Entry> entries_;
};

}  // namespace daybook::testing

#endif  // DAYBOOK_TESTS_SIMULATION_FOLD_ORACLE_H_
