// What a user typed, checked against what a command takes.
//
// Thread safety: value types and pure functions.

#ifndef DAYBOOK_CLIENTS_CLI_COMMAND_LINE_H_
#define DAYBOOK_CLIENTS_CLI_COMMAND_LINE_H_

#include <cstddef>
#include <cstdint>
#include <istream>
#include <limits>
#include <map>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "daybook/v1/values.pb.h"

namespace daybook::cli {

// One --name=value, or --name.
struct Flag {
  enum class Kind { kText, kChoice, kDate, kKnownAt, kNumber, kSwitch };

  std::string name;
  Kind kind = Kind::kText;
  // How the value is written in usages: "DATE".
  std::string value = "";
  std::string help = "";
  // Of kChoice.
  std::vector<std::string> choices = {};
  // The command does not run without it.
  bool required = false;
  // Of kNumber.
  uint64_t number_min = 0;
  uint64_t number_max = std::numeric_limits<uint64_t>::max();
  // May stand several times.
  bool repeated = false;
};

// Where a command reads and writes. Data goes to `out`, all else to `err`.
struct Streams {
  std::istream& in;
  std::ostream& out;
  std::ostream& err;
  // Whether `err` is a terminal that may show progress.
  bool progress = false;
};

class CommandLine;

struct Command {
  // "report show".
  std::string name;
  // "REPORT".
  std::string arguments;
  // One line.
  std::string help;
  std::vector<Flag> flags;
  size_t arguments_count = 0;
  absl::Status (*run)(const CommandLine& line, Streams& streams) = nullptr;
  // How many of the arguments may be left out at the end.
  size_t arguments_optional = 0;
  // Whether what was typed goes together.
  absl::Status (*check)(const CommandLine& line) = nullptr;
};

class CommandLine {
 public:
  // Reads what follows the command's name. `default_server` holds where nobody
  // gives --server.
  //
  // Errors: INVALID_ARGUMENT saying what is wrong and what may stand there.
  static absl::StatusOr<CommandLine> Parse(
      const Command& command, const std::vector<std::string>& words,
      const std::string& default_server);

  // Empty when it was left out.
  std::string argument(size_t i) const {
    return i < arguments_.size() ? arguments_[i] : "";
  }
  const std::string& server() const { return server_; }

  bool Has(const std::string& flag) const { return flags_.contains(flag); }
  // Empty, or `fallback`, when the flag is not given.
  std::string Text(const std::string& flag,
                   const std::string& fallback = "") const;
  // All values of a repeated flag.
  std::vector<std::string> Texts(const std::string& flag) const;
  std::optional<uint64_t> Number(const std::string& flag) const;
  std::optional<absl::CivilDay> Date(const std::string& flag) const;
  std::optional<v1::KnownAt> KnownAt(const std::string& flag) const;

 private:
  absl::Status Take(const Command& command, absl::string_view word);

  std::vector<std::string> arguments_;
  std::map<std::string, std::vector<std::string>> flags_;
  std::string server_;
};

// "usage: daybook report show REPORT [--as-of=DATE] ..." and what it means.
std::string UsageOf(const Command& command);

// The one of `candidates` that `word` is most likely meant to be; empty when
// none is near.
std::string Nearest(absl::string_view word,
                    const std::vector<std::string>& candidates);

}  // namespace daybook::cli

#endif  // DAYBOOK_CLIENTS_CLI_COMMAND_LINE_H_
