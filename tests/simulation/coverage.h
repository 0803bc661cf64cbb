// Coverage: what the histories of a run held, so that a test can not go on
// passing once something is drawn no more.
//
// Thread safety: thread-compatible.

#ifndef DAYBOOK_TESTS_SIMULATION_COVERAGE_H_
#define DAYBOOK_TESTS_SIMULATION_COVERAGE_H_

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/simulation/oracle_view.h"

namespace daybook::testing {

// Name of the payload that is set, such as `advance_paid`.
std::string PayloadName(const v1::Event& event);

class Coverage {
 public:
  // `entry` was recorded after `before`.
  void Accept(const Entries& before, const v1::Entry& entry);
  // An event was refused because of these rules.
  void Refuse(const std::set<std::string>& rules);

  // What never occurred: payloads, kinds of correction, broken rules.
  std::vector<std::string> Missing() const;
  uint64_t accepted() const { return accepted_; }
  uint64_t refused() const { return refused_; }

 private:
  void Count(const std::string& what) { ++counts_[what]; }
  void CountCorrection(const Entries& before, const v1::Entry& entry);

  uint64_t accepted_ = 0;
  uint64_t refused_ = 0;
  std::map<std::string, uint64_t> counts_;
};

}  // namespace daybook::testing

#endif  // DAYBOOK_TESTS_SIMULATION_COVERAGE_H_
