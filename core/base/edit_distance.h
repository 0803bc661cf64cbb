// EditDistance: how far one word is from another, for suggesting the one meant.
//
// Thread safety: a pure function.

#ifndef DAYBOOK_CORE_BASE_EDIT_DISTANCE_H_
#define DAYBOOK_CORE_BASE_EDIT_DISTANCE_H_

#include <algorithm>
#include <cstddef>
#include <vector>

#include "absl/strings/string_view.h"

namespace daybook {

// How many single-byte edits lead from one to the other.
inline size_t EditDistance(absl::string_view a, absl::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t changed = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({changed, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row[b.size()];
}

}  // namespace daybook

#endif  // DAYBOOK_CORE_BASE_EDIT_DISTANCE_H_
