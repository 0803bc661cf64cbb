#include "clients/cli/command_line.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "clients/cli/known_at.h"
#include "core/base/check.h"
#include "core/base/edit_distance.h"
#include "core/base/status_macros.h"
#include "core/budget/fiscal_date.h"

namespace daybook::cli {
namespace {

const Flag& ServerFlag() {
  static const auto* const flag =
      new Flag{"server", Flag::Kind::kText, "HOST:PORT",
               "the server; else DAYBOOK_SERVER, else 127.0.0.1:7400"};
  return *flag;
}

absl::Status CheckValue(const Flag& flag, const std::string& value) {
  switch (flag.kind) {
    case Flag::Kind::kText:
      if (!value.empty()) return absl::OkStatus();
      return absl::InvalidArgumentError(
          absl::StrCat("--", flag.name, " is empty"));
    case Flag::Kind::kChoice:
      if (std::find(flag.choices.begin(), flag.choices.end(), value) !=
          flag.choices.end()) {
        return absl::OkStatus();
      }
      return absl::InvalidArgumentError(
          absl::StrCat("--", flag.name, "=", value, ": use one of ",
                       absl::StrJoin(flag.choices, ", ")));
    case Flag::Kind::kDate: {
      const absl::Status status = ParseDay(value).status();
      return status.ok() ? status
                         : absl::InvalidArgumentError(absl::StrCat(
                               "--", flag.name, ": ", status.message()));
    }
    case Flag::Kind::kKnownAt: {
      const absl::Status status = ParseKnownAt(value).status();
      return status.ok() ? status
                         : absl::InvalidArgumentError(absl::StrCat(
                               "--", flag.name, ": ", status.message()));
    }
    case Flag::Kind::kNumber: {
      uint64_t number = 0;
      if (absl::SimpleAtoi(value, &number) && number >= flag.number_min &&
          number <= flag.number_max) {
        return absl::OkStatus();
      }
      return absl::InvalidArgumentError(
          absl::StrCat("--", flag.name, "=", value,
                       ": use a whole number from ", flag.number_min,
                       flag.number_max == std::numeric_limits<uint64_t>::max()
                           ? " on"
                           : absl::StrCat(" to ", flag.number_max)));
    }
    case Flag::Kind::kSwitch:
      break;
  }
  return absl::OkStatus();
}

std::string FlagUsage(const Flag& flag) {
  if (flag.kind == Flag::Kind::kSwitch) return absl::StrCat("--", flag.name);
  return absl::StrCat("--", flag.name, "=",
                      flag.kind == Flag::Kind::kChoice
                          ? absl::StrJoin(flag.choices, "|")
                          : flag.value);
}

}  // namespace

std::string Nearest(absl::string_view word,
                    const std::vector<std::string>& candidates) {
  std::string nearest;
  size_t distance_min = std::max<size_t>(2, word.size() / 3) + 1;
  for (const std::string& candidate : candidates) {
    const size_t distance = EditDistance(word, candidate);
    if (distance < distance_min) {
      distance_min = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

absl::Status CommandLine::Take(const Command& command, absl::string_view word) {
  if (!absl::StartsWith(word, "--")) {
    arguments_.emplace_back(word);
    return absl::OkStatus();
  }
  const absl::string_view body = word.substr(2);
  const size_t equals = body.find('=');
  const std::string name(body.substr(0, equals));
  std::vector<Flag> flags = command.flags;
  flags.push_back(ServerFlag());
  const auto flag = std::find_if(
      flags.begin(), flags.end(),
      [&](const Flag& candidate) { return candidate.name == name; });
  if (flag == flags.end()) {
    std::vector<std::string> names;
    for (const Flag& known : flags) names.push_back(known.name);
    const std::string nearest = Nearest(name, names);
    return absl::InvalidArgumentError(absl::StrCat(
        "daybook ", command.name, " has no flag --", name,
        nearest.empty() ? ""
                        : absl::StrCat("; did you mean --", nearest, "?")));
  }
  const bool is_switch = flag->kind == Flag::Kind::kSwitch;
  if (is_switch != (equals == absl::string_view::npos)) {
    return absl::InvalidArgumentError(absl::StrCat("write ", FlagUsage(*flag)));
  }
  const std::string value(is_switch ? "" : body.substr(equals + 1));
  RETURN_IF_ERROR(CheckValue(*flag, value));
  std::vector<std::string>& values = flags_[name];
  if (!values.empty() && !flag->repeated) {
    return absl::InvalidArgumentError(
        absl::StrCat("--", name, " stands twice"));
  }
  values.push_back(value);
  return absl::OkStatus();
}

absl::StatusOr<CommandLine> CommandLine::Parse(
    const Command& command, const std::vector<std::string>& words,
    const std::string& default_server) {
  CommandLine line;
  for (const std::string& word : words) {
    RETURN_IF_ERROR(line.Take(command, word));
  }
  if (line.arguments_.size() > command.arguments_count ||
      line.arguments_.size() + command.arguments_optional <
          command.arguments_count) {
    return absl::InvalidArgumentError(absl::StrCat(
        "daybook ", command.name, " takes ",
        command.arguments_count == 0 ? "no argument" : command.arguments,
        ", and got ", line.arguments_.size(),
        line.arguments_.size() == 1 ? " argument" : " arguments"));
  }
  for (const Flag& flag : command.flags) {
    if (flag.required && !line.Has(flag.name)) {
      return absl::InvalidArgumentError(
          absl::StrCat(FlagUsage(flag), " is missing: ", flag.help));
    }
  }
  line.server_ = line.Text("server", default_server);
  if (command.check != nullptr) RETURN_IF_ERROR(command.check(line));
  return line;
}

std::string CommandLine::Text(const std::string& flag,
                              const std::string& fallback) const {
  const auto found = flags_.find(flag);
  return found == flags_.end() ? fallback : found->second.front();
}

std::vector<std::string> CommandLine::Texts(const std::string& flag) const {
  const auto found = flags_.find(flag);
  return found == flags_.end() ? std::vector<std::string>() : found->second;
}

std::optional<uint64_t> CommandLine::Number(const std::string& flag) const {
  uint64_t number = 0;
  if (!Has(flag)) return std::nullopt;
  DAYBOOK_CHECK(absl::SimpleAtoi(Text(flag), &number));
  return number;
}

std::optional<absl::CivilDay> CommandLine::Date(const std::string& flag) const {
  if (!Has(flag)) return std::nullopt;
  return *ParseDay(Text(flag));
}

std::optional<v1::KnownAt> CommandLine::KnownAt(const std::string& flag) const {
  if (!Has(flag)) return std::nullopt;
  return *ParseKnownAt(Text(flag));
}

std::string UsageOf(const Command& command) {
  std::string usage = absl::StrCat("usage: daybook ", command.name);
  if (!command.arguments.empty()) {
    absl::StrAppend(&usage, " ", command.arguments);
  }
  for (const Flag& flag : command.flags) {
    if (flag.required) absl::StrAppend(&usage, " ", FlagUsage(flag));
  }
  absl::StrAppend(&usage, " [flags]\n\n", command.help, "\n\n");
  std::vector<Flag> flags = command.flags;
  flags.push_back(ServerFlag());
  size_t width = 0;
  for (const Flag& flag : flags)
    width = std::max(width, FlagUsage(flag).size());
  for (const Flag& flag : flags) {
    const std::string text = FlagUsage(flag);
    absl::StrAppend(&usage, "  ", text, std::string(width - text.size(), ' '),
                    "  ", flag.help, "\n");
  }
  return usage;
}

}  // namespace daybook::cli
