#include "services/report/figure_rows.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
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
  // Buckets that it has at the place; with the same day and size, one may have
  // those that the other has not, where a figure is made another way.
  std::set<uint32_t> after;
  std::set<uint32_t> before;
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

// By bucket: numbers of the leaves that have it.
using LeavesOf = std::map<uint32_t, std::vector<size_t>>;

std::vector<uint32_t> BucketsOf(const LeavesOf& leaves_of) {
  std::vector<uint32_t> buckets;
  buckets.reserve(leaves_of.size());
  for (const auto& [bucket, leaves] : leaves_of) buckets.push_back(bucket);
  return buckets;
}

// Rows of some buckets that one of the places has and the other has not, in
// position order.
class RowStream {
 public:
  // What is told apart by one range of rows: 1 where it is the second place
  // that has them, -1 the first.
  struct Segment {
    RowRange range;
    int effect = 1;
  };

  struct Row {
    MoneyRow row;
    int effect = 1;
    const std::vector<size_t>* leaves = nullptr;
  };

  // The segments follow each other.
  RowStream(const ReportHistory& history, const ResourceName& report,
            LeavesOf leaves_of, std::vector<Segment> segments)
      : history_(history),
        report_(report),
        leaves_of_(std::move(leaves_of)),
        segments_(std::move(segments)) {}

  // The next row; absent at the end.
  absl::StatusOr<std::optional<Row>> Next() {
    while (!leaves_of_.empty() && segment_ < segments_.size()) {
      if (!reader_.has_value()) {
        reader_.emplace(history_.Rows(report_, BucketsOf(leaves_of_),
                                      segments_[segment_].range));
      }
      ASSIGN_OR_RETURN(const std::optional<BucketRow> next, reader_->Next());
      if (next.has_value()) {
        return std::optional<Row>(Row{next->row, segments_[segment_].effect,
                                      &leaves_of_.at(next->bucket)});
      }
      reader_.reset();
      ++segment_;
    }
    return std::optional<Row>();
  }

 private:
  const ReportHistory& history_;
  const ResourceName& report_;
  LeavesOf leaves_of_;
  std::vector<Segment> segments_;
  size_t segment_ = 0;
  std::optional<LineageReader> reader_;
};

class Reader {
 public:
  Reader(const ReportHistory& history, const ExplainedPlace* before,
         const ExplainedPlace& after)
      : history_(history), before_(before), after_(after) {
    Join(after.explained, 1);
    if (before != nullptr) Join(before->explained, -1);
    for (size_t i = 0; i < leaves_.size(); ++i) {
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
    EventRows of_after(history_, after_.place);
    EventRows of_before(history_,
                        before_ == nullptr ? after_.place : before_->place);
    for (const LeafRow& row : rows) {
      ASSIGN_OR_RETURN(
          v1::EventRow event,
          (row.effect > 0 ? of_after : of_before).Row(row.position));
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
      (effect > 0 ? joined.after : joined.before)
          .insert(leaf.buckets.begin(), leaf.buckets.end());
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

  // The buckets of the leaves for which `has` is true.
  LeavesOf LeavesThat(
      absl::FunctionRef<bool(const JoinedLeaf& leaf, uint32_t bucket)> has)
      const {
    LeavesOf leaves_of;
    for (size_t i = 0; i < leaves_.size(); ++i) {
      const auto add = [&](const std::set<uint32_t>& buckets) {
        for (const uint32_t bucket : buckets) {
          if (!has(leaves_[i], bucket)) continue;
          std::vector<size_t>& leaves = leaves_of[bucket];
          if (leaves.empty() || leaves.back() != i) leaves.push_back(i);
        }
      };
      add(leaves_[i].after);
      add(leaves_[i].before);
    }
    return leaves_of;
  }

  absl::Status CarryPlace(const PinnedPlace& place, int effect, Position from) {
    const LeavesOf leaves_of =
        LeavesThat([effect](const JoinedLeaf& leaf, uint32_t bucket) {
          return (effect > 0 ? leaf.after : leaf.before).contains(bucket);
        });
    const std::vector<uint32_t> buckets = BucketsOf(leaves_of);
    const LogSize size(std::min(place.size.value(), from.value()));
    ASSIGN_OR_RETURN(const std::vector<MoneyTimeline> timelines,
                     history_.Timelines(place.name, buckets, size));
    for (size_t i = 0; i < buckets.size(); ++i) {
      const MoneySum sum = timelines[i].At(DayOf(place));
      for (const size_t number : leaves_of.at(buckets[i])) {
        v1::Leaf& leaf = leaves_[number].answer;
        leaf.set_fen_before(leaf.fen_before() +
                            effect * leaves_[number].sign * sum.fen);
        leaf.set_events_before(leaf.events_before() + effect * sum.events);
      }
    }
    return absl::OkStatus();
  }

  // All rows of a place from `from` on.
  static RowStream::Segment AllOf(const PinnedPlace& place, Position from,
                                  int effect) {
    return {{from, NextPosition(place.size), 1, DayOf(place)}, effect};
  }

  // What differs between two places for a bucket that counts at both: rows of
  // the days between, then rows that only the larger size has.
  std::vector<RowStream::Segment> Differences(Position from) const {
    const PinnedPlace& after = after_.place;
    const PinnedPlace& before = before_->place;
    const auto [earlier, later] = std::minmax({DayOf(before), DayOf(after)});
    const auto [smaller, larger] = std::minmax({before.size, after.size});
    const int of_days = DayOf(after) > DayOf(before) ? 1 : -1;
    const int of_size = after.size > before.size ? 1 : -1;
    const DayOfYear last_day = DayOf(of_size > 0 ? after : before);
    return {
        {{from, NextPosition(smaller), DayOfYear(earlier + 1), later}, of_days},
        {{std::max(from, NextPosition(smaller)), NextPosition(larger), 1,
          last_day},
         of_size}};
  }

  std::vector<RowStream> Streams(Position from) const {
    const ResourceName& report = after_.place.name;
    // Buckets of two reports have numbers of their own.
    const bool same_report =
        before_ == nullptr ||
        before_->place.name.ToString() == report.ToString();
    const auto both = [=](const JoinedLeaf& leaf, uint32_t bucket) {
      return same_report && leaf.after.contains(bucket) &&
             leaf.before.contains(bucket);
    };
    const auto only_after = [=](const JoinedLeaf& leaf, uint32_t bucket) {
      return leaf.after.contains(bucket) && !both(leaf, bucket);
    };
    const auto only_before = [=](const JoinedLeaf& leaf, uint32_t bucket) {
      return leaf.before.contains(bucket) && !both(leaf, bucket);
    };
    std::vector<RowStream> streams;
    streams.emplace_back(history_, report, LeavesThat(only_after),
                         std::vector{AllOf(after_.place, from, 1)});
    if (before_ == nullptr) return streams;
    streams.emplace_back(history_, before_->place.name, LeavesThat(only_before),
                         std::vector{AllOf(before_->place, from, -1)});
    streams.emplace_back(history_, report, LeavesThat(both), Differences(from));
    return streams;
  }

  // Reads rows of money from `from` on until there are more than `count`; then
  // the answer is the first position that was not read whole.
  absl::StatusOr<std::optional<Position>> ReadMoney(
      Position from, size_t count, std::vector<LeafRow>& rows) {
    std::vector<RowStream> streams = Streams(from);
    std::vector<std::optional<RowStream::Row>> heads;
    for (RowStream& stream : streams) {
      ASSIGN_OR_RETURN(heads.emplace_back(), stream.Next());
    }
    while (true) {
      size_t first = heads.size();
      for (size_t i = 0; i < heads.size(); ++i) {
        if (heads[i].has_value() &&
            (first == heads.size() ||
             heads[i]->row.position < heads[first]->row.position)) {
          first = i;
        }
      }
      if (first == heads.size()) return std::optional<Position>();
      const RowStream::Row& next = *heads[first];
      const Position position = next.row.position;
      if (rows.size() >= count && rows.back().position != position) {
        return std::optional<Position>(position);
      }
      for (const size_t leaf : *next.leaves) {
        rows.push_back({position, leaf, next.effect,
                        next.effect * leaves_[leaf].sign * next.row.delta.fen,
                        next.effect * next.row.delta.events});
      }
      ASSIGN_OR_RETURN(heads[first], streams[first].Next());
    }
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

  const ReportHistory& history_;
  const ExplainedPlace* const before_;
  const ExplainedPlace& after_;
  std::vector<JoinedLeaf> leaves_;
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
