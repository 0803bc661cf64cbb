#include "services/server/key_commands.h"

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "core/base/status_macros.h"
#include "core/checkpoint/note.h"
#include "services/engine/real_clock.h"
#include "services/publisher/durable_file.h"
#include "services/publisher/key_directory.h"
#include "services/publisher/keygen.h"
#include "services/publisher/recover.h"
#include "storage/data_directory.h"

namespace daybook::services {
namespace {

constexpr char usage[] =
    "usage: daybookd keygen --key_dir=DIR [--next] [--origin=NAME] LEDGER\n"
    "       daybookd adopt --key_dir=DIR LEDGER CHECKPOINT_FILE\n"
    "       daybookd recover --data_dir=DIR --key_dir=DIR LEDGER EXPORT_DIR\n"
    "\n"
    "keygen makes the key that signs the checkpoints of a ledger, such as\n"
    "430203, and prints the key that checks them, which is no secret. Make it\n"
    "before the ledger is created, or have the ledger name it afterwards "
    "with:\n"
    "daybook admin rotate-key. A server may be running.\n"
    "\n"
    "  --next         the key that is to follow the ledger's\n"
    "  --origin=NAME  name of the ledger's log; that of its key, or\n"
    "                 daybook.local/ledgers/LEDGER unless given\n"
    "\n"
    "adopt keeps the last known checkpoint of a ledger, where what was signed\n"
    "last is lost. Nothing is signed without it.\n"
    "\n"
    "recover appends to a ledger that was restored from a backup the entries\n"
    "that it lacks, from a folder that daybook audit export has written.\n"
    "\n"
    "adopt and recover need the server to be stopped.\n";

constexpr std::array<absl::string_view, 3> names = {"keygen", "adopt",
                                                    "recover"};

absl::Status Wrong(absl::string_view what) {
  return absl::InvalidArgumentError(
      absl::StrCat(what, "; daybookd keygen --help explains"));
}

// The value of --name=value; false when `argument` is another flag.
bool TakeValue(absl::string_view argument, absl::string_view name,
               std::string& value) {
  if (!absl::ConsumePrefix(&argument, absl::StrCat("--", name, "="))) {
    return false;
  }
  value = std::string(argument);
  return true;
}

absl::Status TakeFlag(const std::string& argument, KeyCommand& command) {
  using Kind = KeyCommand::Kind;
  std::string value;
  if (TakeValue(argument, "key_dir", value)) {
    command.key_dir = value;
  } else if (command.kind == Kind::kKeygen && argument == "--next") {
    command.next = true;
  } else if (command.kind == Kind::kKeygen &&
             TakeValue(argument, "origin", value)) {
    command.origin = value;
  } else if (command.kind == Kind::kRecover &&
             TakeValue(argument, "data_dir", value)) {
    command.data_dir = value;
  } else {
    return Wrong(absl::StrCat("unknown argument '", argument, "'"));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> RunKeygen(const KeyCommand& command) {
  KeygenRequest request;
  request.key_dir = command.key_dir;
  request.ledger_id = command.ledger_id;
  request.role = command.next ? KeyRole::kNext : KeyRole::kCurrent;
  request.origin = command.origin;
  ASSIGN_OR_RETURN(const checkpoint::VerifierKey key, Keygen(request));
  return absl::StrCat(key.ToString(), "\n");
}

absl::StatusOr<std::string> RunAdopt(const KeyCommand& command) {
  ASSIGN_OR_RETURN(
      const std::unique_ptr<KeyDirectory> keys,
      KeyDirectory::Open(command.key_dir, KeyDirectory::Use::kSigning));
  ASSIGN_OR_RETURN(const std::string note,
                   ReadSmallFile(command.from, checkpoint::note_bytes_max));
  ASSIGN_OR_RETURN(const checkpoint::Checkpoint adopted,
                   Adopt(*keys, command.ledger_id, note));
  return absl::StrCat("of ", adopted.origin, ", size ",
                      adopted.head.size.value(),
                      " is what was signed last from now on\n");
}

absl::StatusOr<std::string> RunRecover(const KeyCommand& command) {
  RETURN_IF_ERROR(CheckApart(command.key_dir, command.data_dir));
  ASSIGN_OR_RETURN(
      const std::unique_ptr<KeyDirectory> keys,
      KeyDirectory::Open(command.key_dir, KeyDirectory::Use::kSigning));
  ASSIGN_OR_RETURN(const std::unique_ptr<storage::DataDirectory> data,
                   storage::DataDirectory::Open(command.data_dir));
  const RealClock clock;
  ASSIGN_OR_RETURN(
      const Recovery recovery,
      Recover(*data, *keys, command.ledger_id, command.from, clock));
  std::string text = absl::StrCat(
      "recovered ", recovery.after.value() - recovery.before.value(),
      " entries of ledgers/", command.ledger_id, ", which has ",
      recovery.after.value(), " now\n");
  if (recovery.last_signed > recovery.after) {
    absl::StrAppend(&text, "size ", recovery.last_signed.value(),
                    " was signed: entries are still missing; recover them from "
                    "a later export\n");
  }
  return text;
}

}  // namespace

absl::string_view KeyCommandUsage() { return usage; }

bool IsKeyCommand(const std::vector<std::string>& arguments) {
  return !arguments.empty() &&
         std::find(names.begin(), names.end(), arguments[0]) != names.end();
}

absl::StatusOr<KeyCommand> ParseKeyCommand(
    const std::vector<std::string>& arguments) {
  using Kind = KeyCommand::Kind;
  KeyCommand command;
  command.kind = arguments[0] == "keygen"  ? Kind::kKeygen
                 : arguments[0] == "adopt" ? Kind::kAdopt
                                           : Kind::kRecover;
  std::vector<std::string> words;
  for (size_t i = 1; i < arguments.size(); ++i) {
    if (absl::StartsWith(arguments[i], "--")) {
      RETURN_IF_ERROR(TakeFlag(arguments[i], command));
    } else {
      words.push_back(arguments[i]);
    }
  }
  if (command.key_dir.empty()) {
    return Wrong("--key_dir=DIR is required: the folder with the keys");
  }
  if (command.kind == Kind::kRecover && command.data_dir.empty()) {
    return Wrong("--data_dir=DIR is required: the folder with the ledgers");
  }
  if (words.size() != (command.kind == Kind::kKeygen ? 1 : 2)) {
    return Wrong(command.kind == Kind::kKeygen
                     ? "give one LEDGER, such as 430203"
                     : "give a LEDGER, such as 430203, and what to read");
  }
  command.ledger_id = std::string(absl::StripPrefix(words[0], "ledgers/"));
  if (words.size() > 1) command.from = words[1];
  return command;
}

absl::StatusOr<std::string> RunKeyCommand(const KeyCommand& command) {
  switch (command.kind) {
    case KeyCommand::Kind::kKeygen:
      return RunKeygen(command);
    case KeyCommand::Kind::kAdopt:
      return RunAdopt(command);
    case KeyCommand::Kind::kRecover:
      break;
  }
  return RunRecover(command);
}

}  // namespace daybook::services
