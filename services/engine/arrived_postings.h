// ArrivedPostings: what is committed about a report while its state is being
// loaded, put aside for the end of the loading.
//
// Thread safety: thread-compatible.

#ifndef DAYBOOK_SERVICES_ENGINE_ARRIVED_POSTINGS_H_
#define DAYBOOK_SERVICES_ENGINE_ARRIVED_POSTINGS_H_

#include <cstddef>
#include <vector>

#include "core/base/strong_int.h"
#include "core/report/posting.h"

namespace daybook::services {

class ArrivedPostings {
 public:
  static constexpr size_t count_max = 4'096;

  // `size` is that of the ledger after the commit.
  void Add(const std::vector<const Posting*>& added, LogSize size) {
    missed_ = missed_ || postings_.size() + added.size() > count_max;
    if (missed_) return;
    for (const Posting* posting : added) postings_.push_back(*posting);
    size_ = size;
  }

  // Whether some were too many to be kept: once so, what is here has a gap, and
  // the state must be loaded again.
  bool missed() const { return missed_; }

  // In the order of commits.
  const std::vector<Posting>& postings() const { return postings_; }

  // That of the ledger after the last of them; 0 without any.
  LogSize size() const { return size_; }

 private:
  std::vector<Posting> postings_;
  LogSize size_{0};
  bool missed_ = false;
};

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_ENGINE_ARRIVED_POSTINGS_H_
