// What a verification found, for people and for programs.
//
// Thread safety: pure functions.

#ifndef DAYBOOK_CLIENTS_CLI_VERIFY_TEXT_H_
#define DAYBOOK_CLIENTS_CLI_VERIFY_TEXT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "clients/audit/finding.h"

namespace daybook::cli {

struct VerifyReport {
  // "ledgers/430203", or the folder.
  std::string what;
  // Whether there was a checkpoint to verify; without one there is no more.
  bool has_checkpoint = false;
  std::string origin;
  uint64_t size = 0;
  std::string root;
  // Empty when nobody who is trusted signed it.
  std::string signer;
  uint64_t first_read = 0;
  uint64_t bytes = 0;
  uint64_t checkpoints = 0;
  uint64_t personal_checked = 0;
  bool has_server = false;
  uint64_t reports = 0;
  uint64_t figures = 0;
  uint64_t sources = 0;
  uint64_t scrubbed_bytes = 0;
  uint64_t seed = 0;
  // What was not checked, in sentences.
  std::vector<std::string> limits;
  std::vector<audit::Finding> findings;
  uint64_t findings_count = 0;
  // Why it could not be told; OK when all was looked at.
  absl::Status unknown;
};

// "clean", "findings" or "could not tell".
std::string VerdictOf(const VerifyReport& report);

std::string VerifyText(const VerifyReport& report);

// One object; docs/audit.md names its fields.
std::string VerifyJson(const VerifyReport& report);

}  // namespace daybook::cli

#endif  // DAYBOOK_CLIENTS_CLI_VERIFY_TEXT_H_
