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

  // What holds on `as_of`; null when nothing does.
  const T* At(absl::CivilDay as_of) const {
    const std::vector<const T*> all = UpTo(as_of);
    return all.empty() ? nullptr : all.back();
  }

  // All statements dated on or before `as_of` and not withdrawn by then, in
  // order of (effective date, position).
  std::vector<const T*> UpTo(absl::CivilDay as_of) const {
    std::vector<const T*> result;
    for (const auto& [key, statement] : statements_) {
      if (key.first > as_of) break;
      if (!statement.absent_from.has_value() ||
          *statement.absent_from > as_of) {
        result.push_back(&statement.value);
      }
    }
    return result;
  }

 private:
  struct Statement {
    T value;
    std::optional<absl::CivilDay> absent_from;
  };

  std::map<StatedPlace, Statement> statements_;
};

}  // namespace daybook

#endif  // DAYBOOK_CORE_REPORT_STATED_TIMELINE_H_
