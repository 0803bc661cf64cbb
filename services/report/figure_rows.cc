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
         const ExplainedPlace& after, size_t passed_max)
      : history_(history),
        before_(before),
        after_(after),
        passed_max_(passed_max) {
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

  // 1, -1, or 0 for a row that both places have, or neither.
  int EffectOf(const MoneyRow& row) const {
    const auto within = [&](const PinnedPlace& place) {
      return row.position < NextPosition(place.size) && row.day <= DayOf(place);
    };
    return (within(after_.place) ? 1 : 0) -
           (before_ != nullptr && within(before_->place) ? 1 : 0);
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

  absl::Status CarryPlace(const PinnedPlace& place, int effect, Position from) {
    std::vector<uint32_t> buckets;
    for (const auto& [bucket, leaves] : leaves_of_) buckets.push_back(bucket);
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

  // Where the first row of money may be: with the same day, the two places
  // have the same rows up to the smaller size.
  Position FirstOfMoney(Position from) const {
    if (before_ == nullptr || before_->place.as_of != after_.place.as_of) {
      return from;
    }
    return std::max(from, Position(std::min(before_->place.size.value(),
                                            after_.place.size.value())));
  }

  absl::StatusOr<std::vector<LeafRow>> Merge(Position from, size_t count) {
    std::vector<uint32_t> buckets;
    for (const auto& [bucket, leaves] : leaves_of_) buckets.push_back(bucket);
    const LogSize limit =
        before_ == nullptr ? after_.place.size
                           : std::max(after_.place.size, before_->place.size);
    LineageReader reader = history_.Rows(after_.place.name, std::move(buckets),
                                         FirstOfMoney(from), limit);
    auto statement = std::find_if(
        statements_.begin(), statements_.end(),
        [from](const LeafRow& row) { return row.position >= from; });
    std::vector<LeafRow> rows;
    size_t passed = 0;
    ASSIGN_OR_RETURN(std::optional<BucketRow> money, reader.Next());
    while (money.has_value() || statement != statements_.end()) {
      const bool is_statement =
          statement != statements_.end() &&
          (!money.has_value() || statement->position <= money->row.position);
      const Position position =
          is_statement ? statement->position : money->row.position;
      const bool full = rows.size() >= count || passed >= passed_max_;
      if (full && (rows.empty() || rows.back().position != position)) {
        next_ = position;
        break;
      }
      if (is_statement) {
        rows.push_back(*statement++);
        continue;
      }
      const int effect = EffectOf(money->row);
      if (effect == 0) ++passed;
      if (effect != 0) AddRows(*money, effect, rows);
      ASSIGN_OR_RETURN(money, reader.Next());
    }
    std::stable_sort(rows.begin(), rows.end(), Precedes);
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
  const size_t passed_max_;
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
                                              Position from,
                                              const PageLimits& limits) {
  return Reader(history, before, after, limits.passed_max)
      .Read(from, limits.events);
}

}  // namespace daybook::services
