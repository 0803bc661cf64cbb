#include <fstream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "clients/cli/commands.h"
#include "clients/cli/csv.h"
#include "clients/cli/json.h"
#include "clients/cli/table.h"
#include "clients/cpp/client.h"
#include "core/base/status_macros.h"

namespace daybook::cli {
namespace {

// A signed note has at most 16 KiB here.
absl::StatusOr<std::string> ReadCheckpointFile(const std::string& path) {
  constexpr size_t bytes_max = size_t{16} << 10;
  std::ifstream file(path, std::ios::binary);
  std::string note(bytes_max + 1, '\0');
  file.read(note.data(), static_cast<std::streamsize>(note.size()));
  note.resize(static_cast<size_t>(file.gcount()));
  if (file.bad() || note.empty()) {
    return absl::NotFoundError(
        absl::StrCat("--continues: ", path, " can not be read"));
  }
  if (note.size() > bytes_max) {
    return absl::InvalidArgumentError(absl::StrCat(
        "--continues: ", path, " has more than 16 KiB; it is no checkpoint"));
  }
  return note;
}

absl::Status Create(const CommandLine& line, Streams& streams) {
  v1::CreateLedgerRequest request;
  request.set_ledger_id(
      std::string(absl::StripPrefix(line.argument(0), "ledgers/")));
  request.set_origin(line.Text("origin"));
  if (line.Has("continues")) {
    ASSIGN_OR_RETURN(*request.mutable_continues()->mutable_checkpoint(),
                     ReadCheckpointFile(line.Text("continues")));
    request.mutable_continues()->set_loss(line.Text("loss"));
  }
  ASSIGN_OR_RETURN(const v1::Ledger ledger,
                   client::Client(line.server()).CreateLedger(request));
  streams.out << "created " << ledger.name() << ", origin " << ledger.origin()
              << "\n";
  if (!ledger.verifier_key().empty()) {
    streams.out << "signed by " << ledger.verifier_key() << "\n";
  }
  return absl::OkStatus();
}

absl::Status CheckCreate(const CommandLine& line) {
  if (line.Has("continues") == line.Has("loss")) return absl::OkStatus();
  return absl::InvalidArgumentError(
      "--continues and --loss go together: the last known checkpoint, and what "
      "was lost");
}

// "yes", or why not.
std::string SignedText(const v1::Ledger& ledger) {
  if (!ledger.problem().empty()) return "";
  return ledger.unsigned_reason().empty()
             ? "yes"
             : absl::StrCat("no: ", ledger.unsigned_reason());
}

// Damage is worse than what passes; so is what an older server does not tell.
absl::StatusCode WorseOf(absl::StatusCode code, const v1::Ledger& ledger) {
  const auto other = static_cast<absl::StatusCode>(ledger.problem_code());
  if (other == absl::StatusCode::kOk) return absl::StatusCode::kDataLoss;
  return code == absl::StatusCode::kOk || other == absl::StatusCode::kDataLoss
             ? other
             : code;
}

absl::Status List(const CommandLine& line, Streams& streams) {
  ASSIGN_OR_RETURN(const std::vector<v1::Ledger> ledgers,
                   client::Client(line.server()).ListLedgers());
  const std::string format = line.Text("format", "text");
  if (format == "json") {
    for (const v1::Ledger& ledger : ledgers) {
      streams.out << ToJsonLine(ledger) << "\n";
    }
    return absl::OkStatus();
  }
  Table table(
      {{"ledger"}, {"origin"}, {"size", Table::Align::kRight}, {"signed"}});
  if (format == "csv") {
    streams.out << CsvRow(
        {"ledger", "origin", "size", "verifier_key", "unsigned_reason"});
  }
  std::vector<std::string> unreadable;
  absl::StatusCode code = absl::StatusCode::kOk;
  for (const v1::Ledger& ledger : ledgers) {
    const bool readable = ledger.problem().empty();
    if (!readable) {
      unreadable.push_back(absl::StrCat(ledger.name(), ": ", ledger.problem()));
      code = WorseOf(code, ledger);
    }
    const std::string size = readable ? absl::StrCat(ledger.size()) : "";
    if (format == "csv") {
      streams.out << CsvRow({ledger.name(), ledger.origin(), size,
                             ledger.verifier_key(), ledger.unsigned_reason()});
    } else {
      table.AddRow({ledger.name(), ledger.origin(), size, SignedText(ledger)});
    }
  }
  if (format == "text") streams.out << table.ToString();
  if (unreadable.empty()) return absl::OkStatus();
  return absl::Status(code, absl::StrCat("can not be opened: ",
                                         absl::StrJoin(unreadable, "; ")));
}

}  // namespace

std::vector<Command> LedgerCommands() {
  return {
      {"ledger create",
       "LEDGER",
       "Creates a ledger, such as 430203, with its genesis entry.",
       {{"origin", Flag::Kind::kText, "NAME",
         "name of its log in checkpoints; that of its key unless given. It can "
         "never be changed"},
        {"continues", Flag::Kind::kText, "CHECKPOINT_FILE",
         "it goes on where entries of an earlier log were lost, whose last "
         "known "
         "checkpoint this is"},
        {"loss", Flag::Kind::kText, "TEXT",
         "with --continues: what was lost, and how"}},
       1,
       Create,
       0,
       CheckCreate},
      {"ledger list",
       "",
       "Lists the ledgers of the server.",
       {{"format",
         Flag::Kind::kChoice,
         "",
         "how to print",
         {"text", "json", "csv"}}},
       0,
       List},
  };
}

}  // namespace daybook::cli
