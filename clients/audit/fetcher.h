// Fetcher: where an auditor reads a log from, and the only way in which he sees
// it: files of the C2SP tlog-tiles layout, by path.
//
// "checkpoint", "tile/0/x001/234.p/5", "tile/entries/000" are those of the
// layout; an export has more beside them (docs/formats/export.md). A server and
// a folder look alike, and nothing that they give is trusted.
//
// Thread safety: Read may be called from any thread.

#ifndef DAYBOOK_CLIENTS_AUDIT_FETCHER_H_
#define DAYBOOK_CLIENTS_AUDIT_FETCHER_H_

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"

namespace daybook::audit {

// The longest file: a full bundle of the longest entries.
inline constexpr size_t fetched_bytes_max = size_t{17} << 20;

class Fetcher {
 public:
  virtual ~Fetcher() = default;

  // The bytes of a file.
  //
  // Errors:
  //   NOT_FOUND  there is no such file; the message names it.
  //   DATA_LOSS  it is there and can not be what it should: unreadable, or
  //              longer than `fetched_bytes_max`. Report it.
  //   UNAVAILABLE and others  it can not be told now; stop, and try again.
  virtual absl::StatusOr<std::string> Read(const std::string& path) = 0;

  // How many reads at once are worth while.
  virtual size_t reads_at_once() const = 0;
};

}  // namespace daybook::audit

#endif  // DAYBOOK_CLIENTS_AUDIT_FETCHER_H_
