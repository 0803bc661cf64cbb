// StatedTimeline: what was stated about one thing, by effective date.
//
// Statements do not add up: the latest by (effective date, position) among
// those dated on or before a day holds on that day. A reversed statement is
// absent from the reversal's day on.
//
// Thread safety: thread-compatible.

#ifndef DAYBOOK_CORE_REPORT_STATED_TIMELINE_H_
#define DAYBOOK_CORE_REPORT_STATED_TIMELINE_H_

#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "absl/time/civil_time.h"
#include "core/base/check.h"
#include "core/base/strong_int.h"

namespace daybook {

// Where a statement stands: its effective date, and its entry.
using StatedPlace = std::pair<absl::CivilDay, Position>;

template <typename T>
class StatedTimeline {
 public:
  void State(StatedPlace place, T value) {
    statements_.insert_or_assign(place,
                                 Statement{std::move(value), std::nullopt});
  }

  // The statement at `place` is absent from `from` on. False when there is
  // none.
  [[nodiscard]] bool Withdraw(StatedPlace place, absl::CivilDay from) {
    const auto statement = statements_.find(place);
    if (statement == statements_.end()) return false;
    statement->second.absent_from = from;
    return true;
  }

  // A statement that holds, and where it stands.
  struct Held {
    StatedPlace place{absl::CivilDay(), Position(0)};
    const T* value = nullptr;
  };

  // What holds on `as_of`; null when nothing does.
  const T* At(absl::CivilDay as_of) const { return HeldAt(as_of).value; }

  // The same with its place.
  Held HeldAt(absl::CivilDay as_of) const {
    auto statement = statements_.lower_bound({as_of + 1, Position(0)});
    while (statement != statements_.begin()) {
      --statement;
      if (statement->second.StandsOn(as_of)) {
        return {statement->first, &statement->second.value};
      }
    }
    return {};
  }

  // All statements dated on or before `as_of` and not withdrawn by then, in
  // order of (effective date, position).
  std::vector<Held> UpTo(absl::CivilDay as_of) const {
    std::vector<Held> result;
    for (const auto& [place, statement] : statements_) {
      if (place.first > as_of) break;
      if (statement.StandsOn(as_of))
        result.push_back({place, &statement.value});
    }
    return result;
  }

  // Calls `visit` with each day on which something begins or ends to stand.
  template <typename Visit>
  void VisitDays(Visit visit) const {
    for (const auto& [place, statement] : statements_) {
      visit(place.first);
      if (statement.absent_from.has_value()) visit(*statement.absent_from);
    }
  }

 private:
  struct Statement {
    bool StandsOn(absl::CivilDay day) const {
      return !absent_from.has_value() || *absent_from > day;
    }

    T value;
    std::optional<absl::CivilDay> absent_from;
  };

  std::map<StatedPlace, Statement> statements_;
};

}  // namespace daybook

#endif  // DAYBOOK_CORE_REPORT_STATED_TIMELINE_H_
