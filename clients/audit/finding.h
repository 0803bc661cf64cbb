// Findings: what a verification noticed, each with the place, the field and
// both values.
//
// They are bounded: the first `findings_max` are kept, all are counted.
//
// Thread safety: Findings may be used from any thread.

#ifndef DAYBOOK_CLIENTS_AUDIT_FINDING_H_
#define DAYBOOK_CLIENTS_AUDIT_FINDING_H_

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"

namespace daybook::audit {

// As many as are kept.
inline constexpr size_t findings_max = 1'000;

struct Finding {
  // The entry that it is about, where it is about one.
  std::optional<uint64_t> position = std::nullopt;

  // The file, report or source that it is about; empty where the position says
  // it all.
  std::string place = "";

  // What of it: "leaf hash", "recorded_time_us", "all.executed".
  std::string field = "";

  // What stands there, and what should.
  std::string found = "";
  std::string expected = "";

  friend auto operator<=>(const Finding&, const Finding&) = default;
};

// "position 17, tile/0/000, leaf hash: ab…, expected cd…".
std::string FindingText(const Finding& finding);

class Findings {
 public:
  void Add(Finding finding);

  // A file that is missing, or can not be what it should be.
  void AddFile(absl::string_view path, const absl::Status& problem);

  // How many there were.
  size_t count() const;

  // Those that are kept, by position, then place.
  std::vector<Finding> Sorted() const;

 private:
  mutable absl::Mutex mutex_;
  size_t count_ ABSL_GUARDED_BY(mutex_) = 0;
  std::vector<Finding> kept_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace daybook::audit

#endif  // DAYBOOK_CLIENTS_AUDIT_FINDING_H_
