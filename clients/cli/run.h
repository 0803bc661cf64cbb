// Run: the command line, but for `main`.
//
// Thread safety: one call at a time.

#ifndef DAYBOOK_CLIENTS_CLI_RUN_H_
#define DAYBOOK_CLIENTS_CLI_RUN_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "clients/cli/command_line.h"

namespace daybook::cli {

// What the process answers to its caller; docs/cli.md lists them.
enum ExitCode {
  kDone = 0,
  // The request was refused or failed, or a file or standard output can not be
  // read or written.
  kRefused = 1,
  // The command line is wrong; nothing was asked of a server.
  kUsage = 2,
  // No server answers, or it can not serve now; retrying may help.
  kUnavailable = 3,
  // What was named does not exist.
  kNotFound = 4,
  // Stored bytes are damaged, or an answer does not add up.
  kDataLoss = 5,
  // What was checked is not as the log has it.
  kContradicted = 6,
  // It can not be told whether it is.
  kCannotTell = 7,
};

// A status that ends the process with this code, whatever its own is.
absl::Status WithExitCode(absl::Status status, ExitCode code);

ExitCode ExitCodeOf(const absl::Status& status);

// Runs `words` (without the program's name) and answers the exit code.
int Run(const std::vector<std::string>& words,
        const std::string& default_server, Streams& streams);

}  // namespace daybook::cli

#endif  // DAYBOOK_CLIENTS_CLI_RUN_H_
