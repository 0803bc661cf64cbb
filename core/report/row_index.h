// RowIndex: the buckets that each row of a report adds up.
//
// A row of money is a part of the lines: a fund, a nature, prefixes of codes.
// All rows that give the same parts are found by one pass over the buckets, the
// first time that one of them is asked for; so a list of all figures costs what
// it has rows, not rows times buckets.
//
// Thread safety: thread-compatible; reading fills it.

#ifndef DAYBOOK_CORE_REPORT_ROW_INDEX_H_
#define DAYBOOK_CORE_REPORT_ROW_INDEX_H_

#include <cstdint>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "core/budget/figure_path.h"
#include "core/budget/form.h"
#include "core/report/report_state.h"

namespace daybook {

class RowIndex {
 public:
  // The report must outlive it and not change.
  explicit RowIndex(const ReportState& report);

  // Numbers of the buckets that figures count, rising: their places in
  // ReportState::money(). Control facts, which another source than the book
  // source states, are not among them.
  const std::vector<uint32_t>& counted() const { return counted_; }

  // Those of them whose events the row sums, rising. Valid as long as the
  // index. `lines` names a fund; a measure that is no sum of events has none.
  absl::Span<const uint32_t> Find(const LineFilter& lines, Measure measure);

  // The same for a topic row, which sums events of `kind` in the opened funds;
  // only those of one project, unless `scope_project` is empty.
  absl::Span<const uint32_t> FindTopic(const TopicRow& topic, MoneyKind kind,
                                       const std::string& scope_project);

 private:
  // Which parts a row gives, and of codes how many digits.
  struct Shape {
    LineFilter::NatureRow nature = LineFilter::NatureRow::kAny;
    bool project = false;
    size_t function = 0;
    size_t economic = 0;
    bool source_row = false;
    bool unit = false;
    Measure measure = Measure::kApproved;

    template <typename H>
    friend H AbslHashValue(H hash, const Shape& shape) {
      return H::combine(std::move(hash), shape.nature, shape.project,
                        shape.function, shape.economic, shape.source_row,
                        shape.unit, shape.measure);
    }
    friend bool operator==(const Shape&, const Shape&) = default;
  };

  // The parts: fund, project, function, economic code, source row and unit;
  // views of the report's lines.
  using Parts = std::tuple<v1::Fund, absl::string_view, absl::string_view,
                           absl::string_view, v1::SourceRow, absl::string_view>;
  using Rows = absl::flat_hash_map<Parts, std::vector<uint32_t>>;

  Rows MakeRows(const Shape& shape) const;

  const ReportState& report_;
  std::vector<uint32_t> counted_;
  absl::flat_hash_map<Shape, Rows> rows_;
  // By topic row, kind and whether each project is on its own; then by project.
  absl::flat_hash_map<
      std::tuple<const TopicRow*, MoneyKind, bool>,
      absl::flat_hash_map<absl::string_view, std::vector<uint32_t>>>
      topics_;
};

}  // namespace daybook

#endif  // DAYBOOK_CORE_REPORT_ROW_INDEX_H_
