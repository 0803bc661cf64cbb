// What the auditor's commands take and show alike.
//
// Thread safety: pure functions, but for ProgressLine, which is
// thread-compatible.

#ifndef DAYBOOK_CLIENTS_CLI_AUDIT_PARTS_H_
#define DAYBOOK_CLIENTS_CLI_AUDIT_PARTS_H_

#include <cstdint>
#include <optional>
#include <ostream>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "clients/audit/progress.h"
#include "clients/cli/command_line.h"
#include "core/checkpoint/verifier_key.h"

namespace daybook::cli {

// --vkey.
Flag VerifierKeyFlag(bool required);

// The key that --vkey is, or that the file holds which it names.
//
// Errors: INVALID_ARGUMENT when it is neither.
absl::StatusOr<checkpoint::VerifierKey> ReadVerifierKey(
    const std::string& key_or_file);

// "ledgers/430203", also of "430203".
std::string LedgerName(const std::string& argument);

// Errors: FAILED_PRECONDITION when it can not be read; NOT_FOUND when it is not
// there.
absl::StatusOr<std::string> ReadWholeFile(const std::string& path);

// Written beside it, synced and renamed, so that it is there whole or not at
// all.
//
// Errors: FAILED_PRECONDITION when it can not be written.
absl::Status WriteWholeFile(const std::string& path, absl::string_view bytes);

// One line on a terminal that says how far a work is, how fast it goes and how
// long it will take; nothing elsewhere.
class ProgressLine {
 public:
  explicit ProgressLine(Streams& streams) : streams_(streams) {}
  ~ProgressLine() { Clear(); }

  // What to tell; valid as long as this is.
  audit::Progress progress();

  // Takes the line away, before something else is printed.
  void Clear();

 private:
  void Tell(const char* what, uint64_t done, uint64_t total);

  Streams& streams_;
  std::string what_;
  absl::Time begun_;
  absl::Time shown_;
  uint64_t done_before_ = 0;
  size_t width_ = 0;
};

}  // namespace daybook::cli

#endif  // DAYBOOK_CLIENTS_CLI_AUDIT_PARTS_H_
