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
  struct Step {
    // All that is dated on or before `day`.
    MoneySum sum;
    DayOfYear day = 0;
  };

  // Admission keeps the sum of absolute amounts of a report below 2^62, so that
  // nothing overflows in any order.
  void Add(DayOfYear day, MoneySum delta) {
    auto step =
        std::lower_bound(steps_.begin(), steps_.end(), day,
                         [](const Step& a, DayOfYear b) { return a.day < b; });
    if (step == steps_.end() || step->day != day) {
      const MoneySum before =
          step == steps_.begin() ? MoneySum() : std::prev(step)->sum;
      step = steps_.insert(step, {before, day});
    }
    for (; step != steps_.end(); ++step) {
      step->sum.fen += delta.fen;
      step->sum.events += delta.events;
    }
  }

  // What is dated on or before `day`.
  MoneySum At(DayOfYear day) const {
    const auto after =
        std::upper_bound(steps_.begin(), steps_.end(), day,
                         [](DayOfYear a, const Step& b) { return a < b.day; });
    return after == steps_.begin() ? MoneySum() : std::prev(after)->sum;
  }

  // By day, each once.
  const std::vector<Step>& steps() const { return steps_; }

 private:
  std::vector<Step> steps_;
};

}  // namespace daybook

#endif  // DAYBOOK_CORE_REPORT_MONEY_TIMELINE_H_
