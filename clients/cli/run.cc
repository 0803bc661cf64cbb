#include "clients/cli/run.h"

#include <algorithm>
#include <string>

#include "absl/strings/cord.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/types/optional.h"
#include "clients/cli/commands.h"
#include "clients/cpp/refusals.h"

namespace daybook::cli {
namespace {

constexpr const char* version_text = "daybook 0.1.0\n";

// Under which a status carries an exit code of its own.
constexpr const char* exit_code_url = "daybook/exit-code";

std::vector<Command> AllCommands() {
  std::vector<Command> all;
  for (std::vector<Command> (*group)() :
       {LedgerCommands, AppendCommands, SourceCommands, ImportCommands,
        TemplateCommands, ReportCommands, ExplainCommands, CompareCommands,
        HistoryCommands, AuditCommands, FindCommands, SampleCommands,
        VerifyCommands, ExportCommands, ProofCommands, VerifyReportCommands,
        WitnessCommands, AdminCommands}) {
    for (Command& command : group()) all.push_back(std::move(command));
  }
  return all;
}

std::string GeneralUsage(const std::vector<Command>& commands) {
  std::string usage =
      "usage: daybook COMMAND [arguments] [flags]\n"
      "\n"
      "Talks to a Daybook server: an event-sourced ledger for public budgets.\n"
      "\n";
  size_t width = 0;
  const auto synopsis = [](const Command& command) {
    return absl::StrCat(command.name, command.arguments.empty() ? "" : " ",
                        command.arguments);
  };
  for (const Command& command : commands) {
    width = std::max(width, synopsis(command).size());
  }
  for (const Command& command : commands) {
    const std::string text = synopsis(command);
    absl::StrAppend(&usage, "  ", text, std::string(width - text.size(), ' '),
                    "  ", command.help, "\n");
  }
  absl::StrAppend(&usage,
                  "\n"
                  "daybook COMMAND --help explains one command.\n"
                  "\n"
                  "Exit codes:\n"
                  "  0  done\n"
                  "  1  the request was refused, or failed\n"
                  "  2  the command line is wrong\n"
                  "  3  no server answers, or it can not serve now\n"
                  "  4  what was named does not exist\n"
                  "  5  stored bytes are damaged, or an answer does not add "
                  "up\n"
                  "  6  what was checked is not as the log has it\n"
                  "  7  it can not be told whether it is\n");
  return usage;
}

// How many of `words` name `command`; 0 when they do not.
size_t NameLength(const Command& command,
                  const std::vector<std::string>& words) {
  const std::vector<std::string> name = absl::StrSplit(command.name, ' ');
  if (words.size() < name.size() ||
      !std::equal(name.begin(), name.end(), words.begin())) {
    return 0;
  }
  return name.size();
}

// The commands whose name begins with the word `group`.
std::vector<Command> CommandsOf(const std::string& group,
                                const std::vector<Command>& commands) {
  std::vector<Command> found;
  for (const Command& command : commands) {
    if (absl::StartsWith(command.name, group + " ")) found.push_back(command);
  }
  return found;
}

int UnknownCommand(const std::vector<std::string>& words,
                   const std::vector<Command>& commands, Streams& streams) {
  std::string typed = words[0];
  if (words.size() > 1 && !absl::StartsWith(words[1], "-")) {
    absl::StrAppend(&typed, " ", words[1]);
  }
  std::vector<std::string> names;
  for (const Command& command : commands) names.push_back(command.name);
  std::string nearest = Nearest(typed, names);
  if (nearest.empty()) nearest = Nearest(words[0], names);
  streams.err << "daybook: there is no command '" << typed << "'"
              << (nearest.empty()
                      ? ""
                      : absl::StrCat("; did you mean '", nearest, "'?"))
              << "\ndaybook --help lists the commands\n";
  return kUsage;
}

int RunCommand(const Command& command, const std::vector<std::string>& words,
               const std::string& default_server, Streams& streams) {
  const absl::StatusOr<CommandLine> line =
      CommandLine::Parse(command, words, default_server);
  if (!line.ok()) {
    streams.err << "daybook: " << line.status().message() << "\ndaybook "
                << command.name << " --help explains the command\n";
    return kUsage;
  }
  const absl::Status status = command.run(*line, streams);
  streams.out.flush();
  if (status.ok() && !streams.out.good()) {
    streams.err << "daybook: standard output can not be written; what it took "
                   "is incomplete\n";
    return kRefused;
  }
  if (status.ok()) return kDone;
  streams.err << "daybook: "
              << client::CodeName(static_cast<int>(status.code())) << ": "
              << status.message() << "\n";
  return ExitCodeOf(status);
}

}  // namespace

absl::Status WithExitCode(absl::Status status, ExitCode code) {
  status.SetPayload(exit_code_url, absl::Cord(std::string(1, code)));
  return status;
}

ExitCode ExitCodeOf(const absl::Status& status) {
  const absl::optional<absl::Cord> chosen = status.GetPayload(exit_code_url);
  if (chosen.has_value()) return static_cast<ExitCode>((*chosen)[0]);
  switch (status.code()) {
    case absl::StatusCode::kOk:
      return kDone;
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kDeadlineExceeded:
    case absl::StatusCode::kResourceExhausted:
      return kUnavailable;
    case absl::StatusCode::kNotFound:
      return kNotFound;
    case absl::StatusCode::kDataLoss:
      return kDataLoss;
    default:
      return kRefused;
  }
}

int Run(const std::vector<std::string>& words,
        const std::string& default_server, Streams& streams) {
  const std::vector<Command> commands = AllCommands();
  if (words.empty()) {
    streams.err << GeneralUsage(commands);
    return kUsage;
  }
  if (words[0] == "--help" || words[0] == "help") {
    streams.out << GeneralUsage(commands);
    return kDone;
  }
  if (words[0] == "--version") {
    streams.out << version_text;
    return kDone;
  }
  for (const Command& command : commands) {
    const size_t length = NameLength(command, words);
    if (length == 0) continue;
    const std::vector<std::string> rest(
        words.begin() + static_cast<ptrdiff_t>(length), words.end());
    if (std::find(rest.begin(), rest.end(), "--help") != rest.end()) {
      streams.out << UsageOf(command);
      return kDone;
    }
    return RunCommand(command, rest, default_server, streams);
  }
  const std::vector<Command> group = CommandsOf(words[0], commands);
  if (!group.empty() && words.size() == 1) {
    streams.err << GeneralUsage(group);
    return kUsage;
  }
  if (!group.empty() && words[1] == "--help") {
    streams.out << GeneralUsage(group);
    return kDone;
  }
  return UnknownCommand(words, commands, streams);
}

}  // namespace daybook::cli
