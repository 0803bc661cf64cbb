// The commands of daybookd that serve nothing: keygen, adopt and recover.
//
// Thread safety: may be called from any thread.

#ifndef DAYBOOK_SERVICES_SERVER_KEY_COMMANDS_H_
#define DAYBOOK_SERVICES_SERVER_KEY_COMMANDS_H_

#include <filesystem>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace daybook::services {

struct KeyCommand {
  enum class Kind { kKeygen, kAdopt, kRecover };

  Kind kind = Kind::kKeygen;
  std::filesystem::path key_dir;
  // "430203".
  std::string ledger_id;

  // Of keygen.
  bool next = false;
  std::string origin;

  // Of adopt, the file with the checkpoint; of recover, the export.
  std::filesystem::path from;
  // Of recover.
  std::filesystem::path data_dir;
};

// Whether the arguments after the program's name begin with one of them.
bool IsKeyCommand(const std::vector<std::string>& arguments);

// Errors: INVALID_ARGUMENT naming what is wrong and what is allowed.
absl::StatusOr<KeyCommand> ParseKeyCommand(
    const std::vector<std::string>& arguments);

// Does it, and answers what to print.
//
// Errors: as Keygen, Adopt and Recover; those of opening the directories.
absl::StatusOr<std::string> RunKeyCommand(const KeyCommand& command);

// What --help prints.
absl::string_view KeyCommandUsage();

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_SERVER_KEY_COMMANDS_H_
