// Explain: a figure's formula over other figures, down to what events say.
//
// The leaves name the buckets and statements whose events they are; whoever
// keeps the lineage turns them into rows.
//
// Thread safety: readers of figures; safe beside other readers.

#ifndef DAYBOOK_CORE_REPORT_EXPLAIN_H_
#define DAYBOOK_CORE_REPORT_EXPLAIN_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "core/base/strong_int.h"
#include "core/budget/figure_path.h"
#include "core/report/figures.h"
#include "daybook/v1/report_history.pb.h"

namespace daybook {

// Events that make a figure without others between.
struct ExplainedLeaf {
  // Its path.
  std::string figure;
  // -1 where the figure shows the opposite of what its events add up to.
  int sign = 1;
  // Numbers of the buckets, rising: their places in ReportState::money().
  std::vector<uint32_t> buckets;
  // Positions of the statements, rising.
  std::vector<Position> statements;
  // What they add up to on the day, with the sign; statements count as events.
  int64_t fen = 0;
  int64_t events = 0;
};

struct Explained {
  v1::Explanation tree;
  // Each once; Explanation.leaf counts them from 1.
  std::vector<ExplainedLeaf> leaves;
};

Explained Explain(const Figures& figures, const FigurePath& path);

// Gives the figures of the tree that the report's form prints the form's
// labels.
void UseFormLabels(const Figures& figures, v1::Explanation& tree);

}  // namespace daybook

#endif  // DAYBOOK_CORE_REPORT_EXPLAIN_H_
