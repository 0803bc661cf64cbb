#include "services/report/figure_rows.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "absl/time/civil_time.h"
#include "core/base/status_macros.h"
#include "services/report/event_rows.h"

namespace daybook::services {
namespace {

DayOfYear DayOf(const PinnedPlace& place) {
  return static_cast<DayOfYear>(absl::GetYearDay(place.as_of));
}

// A leaf of either place.
struct JoinedLeaf {
  v1::Leaf answer;
  int sign = 1;
  std::set<uint32_t> buckets;
  // Of each statement: 1 where only the second place has it, -1 the first.
  std::map<Position, int> statements;
};

// A row of a leaf, before its entry is read.
struct LeafRow {
  Position position{0};
  size_t leaf = 0;
  // 1: it came on top; -1: it was taken away.
  int effect = 1;
  int64_t fen = 0;
  int32_t events = 0;
};

class Reader {
 public:
  Reader(const ReportHistory& history, const ExplainedPlace* before,
         const ExplainedPlace& after)
      : history_(history), before_(before), after_(after) {
    Join(after.explained, 1);
    if (before != nullptr) Join(before->explained, -1);
    for (size_t i = 0; i < leaves_.size(); ++i) {
      for (const uint32_t bucket : leaves_[i].buckets) {
        leaves_of_[bucket].push_back(i);
      }
      for (const auto& [position, effect] : leaves_[i].statements) {
        if (effect == 0) continue;
        statements_.push_back({position, i, effect, 0, effect});
      }
    }
    std::sort(statements_.begin(), statements_.end(), Precedes);
  }

  absl::StatusOr<FigureRowsPage> Read(Position from, size_t count) {
    RETURN_IF_ERROR(Carry(from));
    ASSIGN_OR_RETURN(const std::vector<LeafRow> rows, Merge(from, count));
    FigureRowsPage page;
    page.next = next_;
    EventRows entries(history_, after_.place);
    for (const LeafRow& row : rows) {
      ASSIGN_OR_RETURN(v1::EventRow event, entries.Row(row.position));
      event.set_leaf(static_cast<uint32_t>(row.leaf + 1));
      event.set_amount_fen(row.fen);
      event.set_events(row.events);
      if (before_ != nullptr) {
        event.set_side(row.effect > 0 ? v1::EventRow::SIDE_AFTER
                                      : v1::EventRow::SIDE_BEFORE);
      }
      page.events.push_back(std::move(event));
      v1::Leaf& leaf = leaves_[row.leaf].answer;
      leaf.set_fen_after(leaf.fen_after() + row.fen);
      leaf.set_events_after(leaf.events_after() + row.events);
    }
    for (JoinedLeaf& leaf : leaves_) {
      page.leaves.push_back(std::move(leaf.answer));
    }
    return page;
  }

 private:
  static bool Precedes(const LeafRow& a, const LeafRow& b) {
    return std::pair(a.position, a.leaf) < std::pair(b.position, b.leaf);
  }

  void Join(const Explained& explained, int effect) {
    for (const ExplainedLeaf& leaf : explained.leaves) {
      const auto known = std::find_if(leaves_.begin(), leaves_.end(),
                                      [&](const JoinedLeaf& l) {
                                        return l.answer.figure() == leaf.figure;
                                      });
      JoinedLeaf& joined =
          known == leaves_.end() ? leaves_.emplace_back() : *known;
      joined.answer.set_figure(leaf.figure);
      joined.sign = leaf.sign;
      joined.buckets.insert(leaf.buckets.begin(), leaf.buckets.end());
      for (const Position position : leaf.statements) {
        joined.statements[position] += effect;
      }
      joined.answer.set_total_fen(joined.answer.total_fen() +
                                  effect * leaf.fen);
      joined.answer.set_total_events(joined.answer.total_events() +
                                     effect * leaf.events);
    }
  }

  // The sums of all rows before `from`.
  absl::Status Carry(Position from) {
    if (from == Position(0)) return absl::OkStatus();
    RETURN_IF_ERROR(CarryPlace(after_.place, 1, from));
    if (before_ != nullptr) {
      RETURN_IF_ERROR(CarryPlace(before_->place, -1, from));
    }
    for (const LeafRow& row : statements_) {
      if (row.position >= from) break;
      v1::Leaf& leaf = leaves_[row.leaf].answer;
      leaf.set_events_before(leaf.events_before() + row.events);
    }
    for (JoinedLeaf& leaf : leaves_) {
      leaf.answer.set_fen_after(leaf.answer.fen_before());
      leaf.answer.set_events_after(leaf.answer.events_before());
    }
    return absl::OkStatus();
  }

  std::vector<uint32_t> Buckets() const {
    std::vector<uint32_t> buckets;
    buckets.reserve(leaves_of_.size());
    for (const auto& [bucket, leaves] : leaves_of_) buckets.push_back(bucket);
    return buckets;
  }

  absl::Status CarryPlace(const PinnedPlace& place, int effect, Position from) {
    const std::vector<uint32_t> buckets = Buckets();
    const LogSize size(std::min(place.size.value(), from.value()));
    ASSIGN_OR_RETURN(const std::vector<MoneyTimeline> timelines,
                     history_.Timelines(place.name, buckets, size));
    for (size_t i = 0; i < buckets.size(); ++i) {
      const MoneySum sum = timelines[i].At(DayOf(place));
      for (const size_t number : leaves_of_[buckets[i]]) {
        v1::Leaf& leaf = leaves_[number].answer;
        leaf.set_fen_before(leaf.fen_before() +
                            effect * leaves_[number].sign * sum.fen);
        leaf.set_events_before(leaf.events_before() + effect * sum.events);
      }
    }
    return absl::OkStatus();
  }

  // Rows of money that one of the places has and the other has not.
  struct Segment {
    RowRange range;
    // 1 where it is `after_` that has them.
    int effect = 1;
  };

  // By position, from `from` on.
  std::vector<Segment> Segments(Position from) const {
    const PinnedPlace& after = after_.place;
    if (before_ == nullptr) {
      return {{{from, NextPosition(after.size), 1, DayOf(after)}, 1}};
    }
    const PinnedPlace& before = before_->place;
    const auto [earlier, later] = std::minmax({DayOf(before), DayOf(after)});
    const auto [smaller, larger] = std::minmax({before.size, after.size});
    const int of_days = DayOf(after) > DayOf(before) ? 1 : -1;
    const int of_size = after.size > before.size ? 1 : -1;
    const DayOfYear last_day = DayOf(of_size > 0 ? after : before);
    std::vector<Segment> segments = {
        {{from, NextPosition(smaller), DayOfYear(earlier + 1), later}, of_days},
        {{std::max(from, NextPosition(smaller)), NextPosition(larger), 1,
          last_day},
         of_size}};
    return segments;
  }

  // Reads rows of money from `from` on until there are more than `count`; then
  // the answer is the first position that was not read whole.
  absl::StatusOr<std::optional<Position>> ReadMoney(
      Position from, size_t count, std::vector<LeafRow>& rows) {
    const std::vector<uint32_t> buckets = Buckets();
    for (const Segment& segment : Segments(from)) {
      LineageReader reader =
          history_.Rows(after_.place.name, buckets, segment.range);
      while (true) {
        ASSIGN_OR_RETURN(const std::optional<BucketRow> money, reader.Next());
        if (!money.has_value()) break;
        const Position position = money->row.position;
        if (rows.size() >= count && rows.back().position != position) {
          return std::optional<Position>(position);
        }
        AddRows(*money, segment.effect, rows);
      }
    }
    return std::optional<Position>();
  }

  absl::StatusOr<std::vector<LeafRow>> Merge(Position from, size_t count) {
    std::vector<LeafRow> rows;
    ASSIGN_OR_RETURN(next_, ReadMoney(from, count, rows));
    for (const LeafRow& statement : statements_) {
      if (statement.position < from) continue;
      if (next_.has_value() && statement.position >= *next_) break;
      rows.push_back(statement);
    }
    std::sort(rows.begin(), rows.end(), Precedes);
    // Statements may have pushed others to the next page.
    for (size_t end = count; end < rows.size(); ++end) {
      if (rows[end].position == rows[end - 1].position) continue;
      next_ = rows[end].position;
      rows.resize(end);
    }
    return rows;
  }

  void AddRows(const BucketRow& money, int effect, std::vector<LeafRow>& rows) {
    for (const size_t leaf : leaves_of_[money.bucket]) {
      rows.push_back({money.row.position, leaf, effect,
                      effect * leaves_[leaf].sign * money.row.delta.fen,
                      effect * money.row.delta.events});
    }
  }

  const ReportHistory& history_;
  const ExplainedPlace* const before_;
  const ExplainedPlace& after_;
  std::vector<JoinedLeaf> leaves_;
  // By bucket: places in leaves_.
  std::map<uint32_t, std::vector<size_t>> leaves_of_;
  std::vector<LeafRow> statements_;
  std::optional<Position> next_;
};

}  // namespace

absl::StatusOr<FigureRowsPage> ReadFigureRows(const ReportHistory& history,
                                              const ExplainedPlace* before,
                                              const ExplainedPlace& after,
                                              Position from, size_t count) {
  return Reader(history, before, after).Read(from, count);
}

}  // namespace daybook::services
