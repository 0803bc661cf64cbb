#include "core/report/row_index.h"

#include <algorithm>
#include <utility>

#include "core/base/check.h"
#include "core/report/money_formula.h"

namespace daybook {
namespace {

bool IsControlFact(const Bucket& bucket, const v1::ReportOpened& opened) {
  const bool is_flow = bucket.kind == MoneyKind::kExecuted ||
                       bucket.kind == MoneyKind::kAdvance ||
                       bucket.kind == MoneyKind::kPriorRefund;
  return is_flow && bucket.source != opened.book_source();
}

}  // namespace

RowIndex::RowIndex(const ReportState& report) : report_(report) {
  const std::vector<BucketState>& money = report.money();
  for (size_t i = 0; i < money.size(); ++i) {
    if (IsControlFact(money[i].bucket, report.opened())) continue;
    counted_.push_back(static_cast<uint32_t>(i));
  }
}

absl::Span<const uint32_t> RowIndex::Find(const LineFilter& lines,
                                          Measure measure) {
  DAYBOOK_CHECK(lines.fund.has_value());
  const std::string& project =
      lines.project.empty() ? lines.scope_project : lines.project;
  if (!lines.scope_project.empty() && project != lines.scope_project) {
    return {};
  }
  const Shape shape{lines.nature,
                    !project.empty(),
                    lines.function.size(),
                    lines.economic.size(),
                    lines.source_row != v1::SOURCE_ROW_UNSPECIFIED,
                    !lines.unit.empty(),
                    measure};
  auto rows = rows_.find(shape);
  if (rows == rows_.end()) rows = rows_.emplace(shape, MakeRows(shape)).first;
  const auto row =
      rows->second.find(Parts(*lines.fund, project, lines.function,
                              lines.economic, lines.source_row, lines.unit));
  if (row == rows->second.end()) return {};
  return row->second;
}

RowIndex::Rows RowIndex::MakeRows(const Shape& shape) const {
  LineFilter of_nature;
  of_nature.nature = shape.nature;
  Rows rows;
  for (const uint32_t number : counted_) {
    const Bucket& bucket = report_.money()[number].bucket;
    const v1::Line& line = bucket.line;
    if (!Counts(shape.measure, bucket.kind) || !of_nature.Matches(line)) {
      continue;
    }
    // A line that lacks a part is in no row that gives it.
    if ((shape.project && line.project().empty()) ||
        line.function_code().size() < shape.function ||
        line.economic_code().size() < shape.economic ||
        (shape.source_row && line.source_row() == v1::SOURCE_ROW_UNSPECIFIED) ||
        (shape.unit && line.unit().empty())) {
      continue;
    }
    const auto part = [](bool given, absl::string_view value) {
      return given ? value : absl::string_view();
    };
    const Parts parts(
        line.fund(), part(shape.project, line.project()),
        absl::string_view(line.function_code()).substr(0, shape.function),
        absl::string_view(line.economic_code()).substr(0, shape.economic),
        shape.source_row ? line.source_row() : v1::SOURCE_ROW_UNSPECIFIED,
        part(shape.unit, line.unit()));
    rows[parts].push_back(number);
  }
  return rows;
}

absl::Span<const uint32_t> RowIndex::FindTopic(
    const TopicRow& topic, MoneyKind kind, const std::string& scope_project) {
  const bool scoped = !scope_project.empty();
  const auto [place, added] = topics_.try_emplace({&topic, kind, scoped});
  auto& by_project = place->second;
  if (added) {
    const auto& funds = report_.opened().funds();
    for (const uint32_t number : counted_) {
      const Bucket& bucket = report_.money()[number].bucket;
      if (bucket.kind != kind ||
          std::find(funds.begin(), funds.end(), bucket.line.fund()) ==
              funds.end() ||
          !topic.Matches(bucket.line, bucket.procurement)) {
        continue;
      }
      by_project[scoped ? absl::string_view(bucket.line.project())
                        : absl::string_view()]
          .push_back(number);
    }
  }
  const auto row = by_project.find(scope_project);
  if (row == by_project.end()) return {};
  return row->second;
}

}  // namespace daybook
