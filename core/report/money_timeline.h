// MoneyTimeline: the sum of one bucket on every day of its year.
//
// Kept as one step for each day on which something changed, at most 366, each
// with the sum of all days up to it. So an answer costs one binary search,
// however many events there were, and an event that arrives late for its date
// costs at most 366 additions.
//
// Thread safety: thread-compatible.

#ifndef DAYBOOK_CORE_REPORT_MONEY_TIMELINE_H_
#define DAYBOOK_CORE_REPORT_MONEY_TIMELINE_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace daybook {

// 1 for 1 January to 366.
using DayOfYear = uint16_t;

// An amount, and how many events make it. No events and a sum of 0 are two
// different things.
struct MoneySum {
  int64_t fen = 0;
  // Recorded minus reversed.
  int32_t events = 0;

  friend bool operator==(const MoneySum&, const MoneySum&) = default;
};

class MoneyTimeline {
 public:
  // All that is dated on or before `day`. In 16 bytes, since there are many.
  struct Step {
    int64_t fen = 0;
    int32_t events = 0;
    DayOfYear day = 0;
  };

  // Admission keeps the sum of absolute amounts of a report below 2^62, so that
  // nothing overflows in any order.
  void Add(DayOfYear day, MoneySum delta) {
    auto step =
        std::lower_bound(steps_.begin(), steps_.end(), day,
                         [](const Step& a, DayOfYear b) { return a.day < b; });
    if (step == steps_.end() || step->day != day) {
      Step before = step == steps_.begin() ? Step() : *std::prev(step);
      before.day = day;
      step = steps_.insert(step, before);
    }
    for (; step != steps_.end(); ++step) {
      step->fen += delta.fen;
      step->events += delta.events;
    }
  }

  // The same for a day behind all that were added.
  void Append(DayOfYear day, MoneySum delta) {
    Step step = steps_.empty() ? Step() : steps_.back();
    step.day = day;
    step.fen += delta.fen;
    step.events += delta.events;
    steps_.push_back(step);
  }

  // What is dated on or before `day`.
  MoneySum At(DayOfYear day) const {
    const auto after =
        std::upper_bound(steps_.begin(), steps_.end(), day,
                         [](DayOfYear a, const Step& b) { return a < b.day; });
    if (after == steps_.begin()) return MoneySum();
    return {std::prev(after)->fen, std::prev(after)->events};
  }

  // Room for so many steps, and no more.
  void Reserve(size_t steps) { steps_.reserve(steps); }

  // By day, each once.
  const std::vector<Step>& steps() const { return steps_; }

 private:
  std::vector<Step> steps_;
};

}  // namespace daybook

#endif  // DAYBOOK_CORE_REPORT_MONEY_TIMELINE_H_
