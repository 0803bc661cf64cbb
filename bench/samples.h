// Samples: how long one operation took, many times.
//
// Thread safety: thread-compatible.

#ifndef DAYBOOK_BENCH_SAMPLES_H_
#define DAYBOOK_BENCH_SAMPLES_H_

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <vector>

namespace daybook {

class Samples {
 public:
  void Time(const std::function<void()>& operation) {
    const auto begin = std::chrono::steady_clock::now();
    operation();
    samples_.push_back(std::chrono::duration_cast<std::chrono::nanoseconds>(
                           std::chrono::steady_clock::now() - begin)
                           .count());
  }

  void Forget() { samples_.clear(); }

  // In microseconds.
  double Percentile(size_t percent) {
    std::sort(samples_.begin(), samples_.end());
    const size_t last = samples_.size() - 1;
    return static_cast<double>(samples_[last * percent / 100]) / 1'000;
  }

  // A row of p50, p90 and p99.
  void Print(const char* name) {
    std::printf("%-36s  %9.1f  %9.1f  %9.1f\n", name, Percentile(50),
                Percentile(90), Percentile(99));
  }

 private:
  std::vector<int64_t> samples_;
};

// The heads of the columns of Print.
inline void PrintSamplesTitle(int rounds) {
  std::printf("%6d rounds, microseconds %18s%6s  %9s  %9s\n\n", rounds, "",
              "p50", "p90", "p99");
}

}  // namespace daybook

#endif  // DAYBOOK_BENCH_SAMPLES_H_
