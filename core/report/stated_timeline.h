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

template <typename T>
class StatedTimeline {
 public:
  void State(absl::CivilDay day, Position position, T value) {
    statements_.insert_or_assign({day, position},
                                 Statement{std::move(value), std::nullopt});
  }

  // The statement recorded at (`day`, `position`) is absent from `from` on.
  void Withdraw(absl::CivilDay day, Position position, absl::CivilDay from) {
    const auto statement = statements_.find({day, position});
    DAYBOOK_CHECK(statement != statements_.end());
    statement->second.absent_from = from;
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

  std::map<std::pair<absl::CivilDay, Position>, Statement> statements_;
};

}  // namespace daybook

#endif  // DAYBOOK_CORE_REPORT_STATED_TIMELINE_H_
